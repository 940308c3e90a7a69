"""A workspace: the folder that holds `tthc.toml` and everything made from the exports.

Without a `tthc.toml` the current folder serves, with defaults. Folders below it: `warehouse/` (stored tables),
`scores/`, `reports/`, which the settings may put elsewhere, and `logs/`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date, time
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from tthc_cli import messages
from tthc_cli.errors import InputError, LockedError
from tthc_cli.machine import hand_written
from tthc_cli.messages import Lang
from tthc_cli.settings.faults import SettingsError, SettingsFault, alias_faults, syntax_fault, value_faults
from tthc_cli.settings.public import PublishSettings, Strict, web_address
from tthc_cli.storage.location import Location, location_of, write_atomic
from tthc_cli.storage.lock import LOCK, lock
from tthc_cli.storage.strays import sweep, sweep_below, sweep_temporary

SETTINGS_FILE = "tthc.toml"


class ProvinceSettings(Strict):
    """Which province this is."""

    code: str = ""
    name: str = ""


class ScoringSettings(Strict):
    """Which rules are used when a command does not say."""

    reading: Literal["law", "portal"] = "law"
    evaluations: tuple[Literal["qd766", "nine-criteria"], ...] = ("qd766",)
    """Which evaluations `tthc score` and `tthc run` make."""
    window: Literal["calendar", "nd09"] = "calendar"
    grade_from: Annotated[Decimal, Field(ge=0, le=100)] = Decimal(50)
    """The share of the points, of 100, that must have been assessed for a grade."""
    unit_coverage: Annotated[Decimal, Field(ge=0, le=100)] = Decimal(90)
    """The share of the dossiers, of 100, that must belong to a known unit for grades and ranks."""
    rulebook_folder: str = "rulebooks"
    """Folder of the province's own rulebooks, relative to the workspace."""


def _office_hours(value: tuple[str, ...]) -> tuple[str, ...]:
    spans = []
    for span in value:
        start, _, end = span.partition("-")
        try:
            spans.append((time.fromisoformat(start.strip()), time.fromisoformat(end.strip()), span))
        except ValueError:
            raise _refused("office_hours_form", span=span) from None
        if spans[-1][0] >= spans[-1][1]:
            raise _refused("office_hours_order", span=span)
    for one, following in pairwise(sorted(spans)):
        if one[1] > following[0]:
            raise _refused("office_hours_overlap", span=following[2])
    if not spans:
        raise _refused("office_hours_none")
    return value


def _refused(code: str, **fields: object) -> PydanticCustomError:
    """A fault of a value; `code` names the template `settings.fault.<code>`."""
    return PydanticCustomError(code, code, fields)


class CalendarSettings(Strict):
    """What the province adds to the national calendar."""

    office_hours: Annotated[tuple[str, ...], AfterValidator(_office_hours)] = ("07:00-11:30", "13:30-17:00")
    days_off: tuple[date, ...] = ()
    """More days off (a province-wide day off, a swap announced later)."""
    working_days: tuple[date, ...] = ()
    """More days worked (a Saturday worked for a bridge day off)."""
    half_days: tuple[date, ...] = ()
    """Days of which only the morning is worked."""

    @model_validator(mode="after")
    def _either(self) -> CalendarSettings:
        for day in sorted(set(self.days_off) & {*self.working_days, *self.half_days}):
            raise _refused("off_and_worked", day=day.isoformat())
        return self


def _location(value: str) -> str:
    if not value.strip():
        raise _refused("no_location")
    try:
        own = location_of(value, Path()) != Path()
    except ValueError as error:
        raise _refused("location_form", detail=str(error)) from None
    if not own:
        raise _refused("own_folder")
    return value


def _endpoint(value: str) -> str:
    if "@" in value:
        raise _refused("key_in_address")
    return value


class StorageSettings(Strict):
    """Where stored tables, scores and reports lie: folders, relative to the workspace, or URLs."""

    warehouse: Annotated[str, AfterValidator(_location)] = "warehouse"
    scores: Annotated[str, AfterValidator(_location)] = "scores"
    reports: Annotated[str, AfterValidator(_location)] = "reports"
    endpoint: Annotated[str, AfterValidator(_endpoint)] = ""
    """Address of an S3-compatible server; "" = AWS, or as the environment says."""


class PersonalSettings(Strict):
    """What happens to names, identity numbers, phones and addresses."""

    keep_for_letters: bool = False


class OfficialsSettings(Strict):
    """What is kept of the officials who act in dossiers."""

    keep: Literal["no", "code"] = "no"
    """"code": their typed codes, else keyed hashes of their names; the names never."""
    names: str = ""
    """CSV file of the operator's own that tells who they are, relative to the workspace; read when something is
    printed."""


class LogSettings(Strict):
    """How runs are written down in `logs/`."""

    language: Lang = "vi"
    size_mb: Annotated[Decimal, Field(gt=0, le=1000)] = Decimal(5)
    """A file of the log that would grow beyond this is put aside."""
    keep: Annotated[int, Field(ge=0, le=1000)] = 5
    """Files put aside that are kept."""

    @property
    def most(self) -> int:
        """Bytes of one file."""
        return int(self.size_mb * 1_000_000)


def _address(value: str) -> str:
    if value and (value.count("@") != 1 or any(c.isspace() or c in ",;<>" for c in value)):
        raise ValueError(f"{value}: không phải địa chỉ thư / is no mail address")
    return value


def _server(value: str) -> str:
    host, _, port = value.rpartition(":")
    if value and (not host or "@" in value or "/" in value or not port.isdigit() or not 0 < int(port) < 65536):
        raise ValueError("ghi MÁY_CHỦ:CỔNG, không có tài khoản / write HOST:PORT, without an account")
    return value


class NotifySettings(Strict):
    """Whom `tthc run --notify` tells, and by which servers. No secrets: these are in the environment or a file."""

    mail_to: tuple[Annotated[str, AfterValidator(_address)], ...] = ()
    mail_from: Annotated[str, AfterValidator(_address)] = ""
    smtp: Annotated[str, AfterValidator(_server)] = ""
    security: Literal["starttls", "tls", "none"] = "starttls"
    secret_file: str = ""
    """TOML file that its owner alone may read: `user`, `password`, `ping`; relative to the workspace."""
    ping: Annotated[str, AfterValidator(web_address)] = ""
    when: Literal["always", "trouble"] = "always"
    """Mail after every run, or only after one that did not end with 0. The ping is sent always."""


class LettersSettings(Strict):
    """Apology letters."""

    apology_lead: Literal["calendar", "working"] = "calendar"
    """The letter goes out a day before the due day: a calendar day, or a working day."""
    template: str = ""
    """A Word file with named fields, relative to the workspace; "" = the form's own."""
    extension_days: Annotated[int, Field(ge=0, le=365)] = 0
    """Working days that the proposed new date gives; 0 = half of the time that the dossier had."""


class LetterheadSettings(Strict):
    """Who issues the papers and signs them."""

    superior: str = ""
    agency: str = ""
    place: str = ""
    signer_title: str = ""
    signer_name: str = ""


class Settings(Strict):
    """The whole of `tthc.toml`."""

    province: ProvinceSettings = ProvinceSettings()
    scoring: ScoringSettings = ScoringSettings()
    calendar: CalendarSettings = CalendarSettings()
    storage: StorageSettings = StorageSettings()
    personal: PersonalSettings = PersonalSettings()
    letters: LettersSettings = LettersSettings()
    officials: OfficialsSettings = OfficialsSettings()
    letterhead: LetterheadSettings = LetterheadSettings()
    publish: PublishSettings = PublishSettings()
    log: LogSettings = LogSettings()
    notify: NotifySettings = NotifySettings()
    senders: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Name of a sender -> patterns of the paths of its files, below the workspace."""
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
    def settings_file(self) -> Path | None:
        """The `tthc.toml`, where there is one."""
        path = self.root / SETTINGS_FILE
        return path if path.is_file() else None

    @property
    def log_file(self) -> Path:
        return self.root / "logs" / "tthc.log"

    @property
    def issues(self) -> Path:
        """The lists of issues by sender."""
        return self.root / "issues"

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

    @property
    def made(self) -> bool:
        """Whether the folder is a workspace already: with settings, or with what an earlier run left."""
        own = [self.root / SETTINGS_FILE, self.log_file.parent]
        own += [place for place in (self.warehouse, self.scores) if isinstance(place, Path)]
        return any(place.exists() for place in own)

    @contextmanager
    def lock(
        self, command: str = "", wait: float = 0, waiting: Callable[[LockedError], None] | None = None
    ) -> Iterator[None]:
        """Hold the workspace for writing. Raises LockedError when another run, which is named, holds it still after
        `wait` seconds; `waiting` is told once whom for. A failure leaves a folder that is no workspace as it was."""
        with lock(self.root, command, wait, waiting):
            found = self.made
            try:
                yield
            finally:
                if not found:
                    self._leave_nothing_empty()

    def _leave_nothing_empty(self) -> None:
        """Take away the traces of a run, which still holds it, in a folder that was no workspace and is none now."""
        if isinstance(self.warehouse, Path):
            with suppress(OSError):
                self.warehouse.rmdir()
        if not self.made:
            (self.root / LOCK).unlink(missing_ok=True)


def settings_text(path: Path) -> str:
    """The text of a `tthc.toml`. Raises SettingsError where it is none."""
    try:
        return hand_written(path)
    except UnicodeDecodeError:
        raise SettingsError(str(path), (SettingsFault(1, "", "not_utf8"),)) from None


def load_settings(path: Path) -> Settings:
    """Read `tthc.toml`. Raises SettingsError that tells every fault with its line."""
    return settings_of(settings_text(path), str(path))


def settings_of(text: str, path: str) -> Settings:
    """The settings that a text holds. Raises SettingsError."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(path, (syntax_fault(text, error),)) from None
    faults = list(alias_faults(text, raw.get("aliases")))
    try:
        settings = Settings.model_validate(raw)
    except ValidationError as error:
        faults += value_faults(text, error.errors(), Settings)
    else:
        if not faults:
            return settings
    raise SettingsError(path, tuple(sorted(faults, key=lambda fault: fault.line))) from None


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
