"""What checks are asked with, and what they answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import islice, pairwise
from statistics import median
from typing import TYPE_CHECKING, Any, Literal

from tthc_cli.errors import InputError, TthcError, in_words
from tthc_cli.messages import Lang, say
from tthc_cli.storage.run_log import latest_first

if TYPE_CHECKING:
    from tthc_cli.storage.warehouse import Warehouse
    from tthc_cli.workspace import Workspace

State = Literal["ok", "note", "bad"]
"""As it should be; to be known; somebody must do something."""
RUNS_LOOKED_AT = 50


class Size(int):
    """A number of bytes, told as people tell it."""


@dataclass(frozen=True, slots=True)
class InTwo:
    """Words of data in both languages."""

    vi: str
    en: str

    def said(self, lang: Lang) -> str:
        return self.vi if lang == "vi" else self.en

    def __str__(self) -> str:
        return self.en


@dataclass(frozen=True, slots=True)
class Finding:
    """One answer of a check: `key` names the sentence `health.<key>`, `fields` fill it."""

    state: State
    key: str
    fields: dict[str, object] = field(default_factory=dict)

    def said(self, lang: Lang) -> str:
        return say(f"health.{self.key}", lang, **{name: _shown(value, lang) for name, value in self.fields.items()})

    def plain(self) -> dict[str, Any]:
        """The fields as JSON has them."""
        return {name: _bare(value) for name, value in self.fields.items()}


@dataclass(frozen=True, slots=True)
class Health:
    """What every check answered, in the order of the registry."""

    found: dict[str, tuple[Finding, ...]]

    @property
    def is_well(self) -> bool:
        return not any(one.state == "bad" for findings in self.found.values() for one in findings)


@dataclass(frozen=True)
class Situation:
    """What a check may ask about; everything that costs a look is looked at once."""

    workspace: Workspace
    now: datetime
    """Vietnam's time."""
    ahead: int = 7 * 3600
    """Seconds by which the machine's own zone is ahead of UTC."""

    @cached_property
    def warehouse(self) -> Warehouse | None:
        """The warehouse; None when nothing was taken in. Raises InputError when it is damaged."""
        from tthc_cli.storage.warehouse import open_warehouse

        try:
            return open_warehouse(self.workspace.warehouse)
        except InputError as error:
            if error.code == "no_warehouse":
                return None
            raise

    @cached_property
    def runs(self) -> tuple[dict[str, Any], ...]:
        """Records of the last runs, the latest first."""
        settings = self.workspace.settings.log
        return tuple(islice(latest_first(self.workspace.log_file.parent, settings.keep), RUNS_LOOKED_AT))

    @cached_property
    def intakes(self) -> tuple[dict[str, Any], ...]:
        """Those of them that took files in."""
        return tuple(run for run in self.runs if run["command"] in ("run", "ingest"))

    @cached_property
    def senders(self) -> dict[str, str]:
        """Id of a source -> its sender."""
        from tthc_cli.ingest.senders import senders_of

        return {} if self.warehouse is None else senders_of(self.warehouse, self.workspace.settings.senders)


def _shown(value: object, lang: Lang) -> object:
    from tthc_cli.render.formats import day, fixed, plain

    if isinstance(value, TthcError):
        return value.message(lang)
    if isinstance(value, Finding | InTwo):
        return value.said(lang)
    if isinstance(value, datetime | date):
        return day(value.isoformat(), lang)
    if isinstance(value, timedelta):
        return span(value, lang)
    if isinstance(value, Size):
        from decimal import Decimal

        unit, size = ("GB", 10**9) if value >= 10**9 else ("MB", 10**6)
        return f"{fixed(Decimal(int(value)) / size, lang, 1)} {unit}"
    return plain(value, lang) if isinstance(value, int) else in_words(value, lang)


def span(value: timedelta, lang: Lang) -> str:
    """A span of time in its largest whole unit.

    >>> span(timedelta(hours=47), "en"), span(timedelta(minutes=3), "vi")
    ('47 hours', '3 phút')
    """
    seconds = max(0, int(value.total_seconds()))
    for unit, size, least in (("days", 86_400, 2), ("hours", 3600, 2), ("minutes", 60, 2)):
        if seconds >= size * least:
            return say(f"health.{unit}", lang, count=seconds // size)
    return say("health.seconds", lang, count=seconds)


def _bare(value: object) -> Any:
    if isinstance(value, TthcError):
        return value.message("en")
    if isinstance(value, Finding):
        return value.key
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return int(value.total_seconds())
    return value if isinstance(value, int | float | str | bool) or value is None else str(value)


def median_gap(moments: Iterable[datetime]) -> timedelta:
    """The median of the times between moments, in whatever order they come."""
    gaps = [(after - before).total_seconds() for before, after in pairwise(sorted(moments))]
    return timedelta(seconds=median(gaps))


def bad(key: str, /, **fields: object) -> Finding:
    return Finding("bad", key, fields)


def note(key: str, /, **fields: object) -> Finding:
    return Finding("note", key, fields)


def ok(key: str, /, **fields: object) -> Finding:
    return Finding("ok", key, fields)


Answers = Iterator[Finding]
