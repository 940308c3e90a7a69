"""A workspace: the folder that holds `tthc.toml` and everything made from the exports.

Without a `tthc.toml` the current folder serves, with defaults. Folders below it: `warehouse/` (stored tables),
`scores/`, `reports/`, which the settings may put elsewhere, and `logs/`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, time
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from tthc_cli import messages
from tthc_cli.errors import InputError, LockedError
from tthc_cli.messages import Lang
from tthc_cli.storage.location import Location, location_of, write_atomic
from tthc_cli.storage.strays import sweep, sweep_below, sweep_temporary

SETTINGS_FILE = "tthc.toml"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ProvinceSettings(_Strict):
    """Which province this is."""

    code: str = ""
    name: str = ""


class ScoringSettings(_Strict):
    """Which rules are used when a command does not say."""

    reading: Literal["law", "portal"] = "law"
    window: Literal["calendar", "nd09"] = "calendar"
    grade_from: Annotated[Decimal, Field(ge=0, le=100)] = Decimal(50)
    """The share of the points, of 100, that must have been assessed for a grade."""
    rulebook_folder: str = "rulebooks"
    """Folder of the province's own rulebooks, relative to the workspace."""


def _office_hours(value: tuple[str, ...]) -> tuple[str, ...]:
    for span in value:
        start, _, end = span.partition("-")
        if not time.fromisoformat(start) < time.fromisoformat(end):
            raise ValueError(f"{span}: giờ bắt đầu phải trước giờ kết thúc / the start must be before the end")
    return value


class CalendarSettings(_Strict):
    """What the province adds to the national calendar."""

    office_hours: Annotated[tuple[str, ...], AfterValidator(_office_hours)] = ("07:00-11:30", "13:30-17:00")
    days_off: tuple[date, ...] = ()
    """More days off (a province-wide day off, a swap announced later)."""
    working_days: tuple[date, ...] = ()
    """More days worked (a Saturday worked for a bridge day off)."""
    half_days: tuple[date, ...] = ()
    """Days of which only the morning is worked."""


def _location(value: str) -> str:
    if not value.strip():
        raise ValueError("để trống / empty")
    if location_of(value, Path()) == Path():
        raise ValueError("ghi một thư mục riêng / name a folder of its own")
    return value


def _endpoint(value: str) -> str:
    if "@" in value:
        raise ValueError("không ghi khóa hay mật khẩu trong địa chỉ / no keys or passwords in an address")
    return value


class StorageSettings(_Strict):
    """Where stored tables, scores and reports lie: folders, relative to the workspace, or URLs."""

    warehouse: Annotated[str, AfterValidator(_location)] = "warehouse"
    scores: Annotated[str, AfterValidator(_location)] = "scores"
    reports: Annotated[str, AfterValidator(_location)] = "reports"
    endpoint: Annotated[str, AfterValidator(_endpoint)] = ""
    """Address of an S3-compatible server; "" = AWS, or as the environment says."""


class PersonalSettings(_Strict):
    """What happens to names, identity numbers, phones and addresses."""

    keep_for_letters: bool = False


class LettersSettings(_Strict):
    """Apology letters."""

    apology_lead: Literal["calendar", "working"] = "calendar"
    """The letter goes out a day before the due day: a calendar day, or a working day."""
    template: str = ""
    """A Word file with named fields, relative to the workspace; "" = the form's own."""
    extension_days: Annotated[int, Field(ge=0, le=365)] = 0
    """Working days that the proposed new date gives; 0 = half of the time that the dossier had."""


class LetterheadSettings(_Strict):
    """Who issues the papers and signs them."""

    superior: str = ""
    agency: str = ""
    place: str = ""
    signer_title: str = ""
    signer_name: str = ""


class Settings(_Strict):
    """The whole of `tthc.toml`."""

    province: ProvinceSettings = ProvinceSettings()
    scoring: ScoringSettings = ScoringSettings()
    calendar: CalendarSettings = CalendarSettings()
    storage: StorageSettings = StorageSettings()
    personal: PersonalSettings = PersonalSettings()
    letters: LettersSettings = LettersSettings()
    letterhead: LetterheadSettings = LetterheadSettings()
    aliases: dict[str, dict[str, tuple[str, ...]]] = Field(default_factory=dict)
    """Table -> canonical column -> headings of this province, besides those of the data dictionary."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """Where files lie, and the settings."""

    root: Path
    settings: Settings
    lang: Lang = "vi"
    """Of the lists of issues."""

    def served_by(self, endpoint: str) -> Workspace:
        """The same workspace with an S3-compatible server at `endpoint`, where its settings name none."""
        if self.settings.storage.endpoint or not endpoint:
            return self
        storage = self.settings.storage.model_copy(update={"endpoint": endpoint})
        return replace(self, settings=self.settings.model_copy(update={"storage": storage}))

    def location(self, text: str, root: Path | None = None) -> Location:
        """The location that a path (relative to `root`, else to the workspace) or a URL means."""
        return location_of(text, self.root if root is None else root, self.settings.storage.endpoint)

    @property
    def warehouse(self) -> Location:
        return self.location(self.settings.storage.warehouse)

    @property
    def work(self) -> Path:
        """For files in the making: where the stored ones lie, if that is in the workspace, so that they are only
        renamed."""
        warehouse = self.warehouse
        if isinstance(warehouse, Path) and warehouse.is_relative_to(self.root) and ".." not in warehouse.parts:
            return warehouse / ".work"
        return self.root / ".work"

    @property
    def scores(self) -> Location:
        return self.location(self.settings.storage.scores)

    @property
    def counts(self) -> Path:
        """For counts kept from one scoring to the next: beside the scores, or on this machine when they are not."""
        return (self.scores if isinstance(self.scores, Path) else self.root) / ".counts"

    @property
    def reports(self) -> Location:
        return self.location(self.settings.storage.reports)

    @property
    def log_file(self) -> Path:
        return self.root / "logs" / "tthc.log"

    @property
    def rulebooks(self) -> Path:
        return self.root / self.settings.scoring.rulebook_folder

    def sweep(self) -> None:
        """Delete what a run that died left half written: in the workspace, where scores and reports lie, and among the
        temporary folders; what another run is writing stays. What may hold personal data `ingest` overwrites first."""
        sweep(self.root)
        for folder in (self.warehouse, self.scores, self.reports):
            if isinstance(folder, Path):
                sweep_below(folder)
        if isinstance(self.scores, Path):
            sweep_below(self.counts)
        sweep_temporary()

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the workspace for writing. Raises LockedError at once when another run holds it."""
        from filelock import FileLock, Timeout

        self.root.mkdir(parents=True, exist_ok=True)
        held = FileLock(self.root / ".tthc.lock", timeout=0)
        try:
            held.acquire()
        except Timeout:
            raise LockedError("locked", path=str(self.root)) from None
        except OSError as error:
            raise InputError("cannot_write", path=str(self.root), detail=error) from None
        try:
            yield
        finally:
            held.release()


def load_settings(path: Path) -> Settings:
    """Read `tthc.toml`. Raises InputError that names the line or the key at fault."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError("settings_syntax", path=str(path), detail=str(error)) from None
    try:
        return Settings.model_validate(raw)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise InputError("settings_value", path=str(path), key=key, detail=first["msg"]) from None


def find_workspace(start: Path, explicit: Path | None = None) -> Workspace:
    """The workspace at `explicit`, else the nearest folder upwards from `start` with a `tthc.toml`, else `start`."""
    if explicit is not None:
        if not explicit.is_dir():
            raise InputError("no_workspace", path=str(explicit))
        settings_file = explicit / SETTINGS_FILE
        return Workspace(explicit, load_settings(settings_file) if settings_file.exists() else Settings())
    for folder in (start, *start.parents):
        if (folder / SETTINGS_FILE).is_file():
            return Workspace(folder, load_settings(folder / SETTINGS_FILE))
    return Workspace(start, Settings())


def create_workspace(folder: Path, lang: Lang) -> Path:
    """Make a workspace: `tthc.toml` with comments in the reader's language, and its folders. Returns the folder.

    Raises InputError when there is one already.
    """
    settings_file = folder / SETTINGS_FILE
    if settings_file.exists():
        raise InputError("workspace_exists", path=str(folder))
    template = Path(messages.__file__).parent / "workspace" / f"{lang}.toml"
    for name in ("exports", "rulebooks", "reports", "logs"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    write_atomic(settings_file, template.read_bytes())
    return folder
