"""What a statutory form says: who reports what to whom, its columns, its checks. Nothing here counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tthc_cli.messages import Lang

SOURCES = ("ordinal", "label", "count", "sum", "typed", "step", "text")
"""Typed: a figure that a person fills in; text: words or a signature."""
STATES = ("early", "on_time", "late", "open_within", "open_past")
CAUSES = ("cause_regulation", "cause_official", "cause_facility", "cause_other", "cause_unknown")
"""Why an open dossier is past due, as the office typed it (table `late_causes`)."""
INTAKE = ("intake_in_time", "intake_late", "intake_refused")
"""Filed online and not taken in at the end of the window, in time or not; refused in the window."""
COUNTS: dict[str, tuple[str, ...]] = {
    "dossiers": (
        "online", "online_full", "online_partial", "online_other", "direct", "post", "carried", "abroad", *STATES,
        "late_lettered", "late_unlettered", "past_lettered", "past_unlettered", "paid_online", "paid_directly",
        "withdrawn", "stopped", "waiting", *INTAKE, *CAUSES,
    ),
    "petitions": (
        "new", "carried", "conduct", "rules", "unclassified", "handled_new", "handled_carried", "handled_conduct",
        "handled_rules", "handled_unclassified", "open_conduct", "open_rules", "open_unclassified", "published",
    ),
    "procedures": ("province", "district", "commune"),
    "steps": (),
}  # fmt: skip
"""What a column may count, by the subject of the form."""
TOLD_APART = frozenset({"withdrawn", "stopped", "waiting"})
"""Counts for which a form has a parameter, and whose number is told below it."""
STEPS = {
    "status": "word", "received": "moment", "handed_over": "moment", "due": "moment", "result": "word",
}  # fmt: skip
"""What a column may tell of a step, and the kind of column that makes it."""
ROWS_OF: dict[str, tuple[str, ...]] = {
    "dossiers": ("level_field", "level_procedure", "procedure", "unit", "branch"),
    "petitions": ("unit", "branch"),
    "procedures": ("unit",),
    "steps": ("step",),
}  # fmt: skip
"""The rows that a form of a subject may have."""
ROWS = tuple(dict.fromkeys(rows for of in ROWS_OF.values() for rows in of))
SCOPES = ("own", "below")
WINDOWS = ("calendar", "nd09")
PERIODS = ("week", "days", "month", "quarter", "half", "year")
EVIDENCE = ("found", "memory")
LEAVING = ("processed", "on_time", "excluded")
"""How what was withdrawn or stopped counts: by its own dates, as handled on time, or in no column."""
WAITING = ("open", "on_time", "excluded")
"""How what waits counts: as open, as handled on time, or in no column."""


@dataclass(frozen=True, slots=True)
class LayoutColumn:
    """One numbered column: `heads` from the widest heading down to its own."""

    number: int
    heads_vi: tuple[str, ...]
    heads_en: tuple[str, ...]
    source: str
    counts: tuple[str, ...] = ()
    """Of a count: what it counts, one of COUNTS each."""
    columns: tuple[int, ...] = ()
    """Of a sum: the numbers of the columns that it adds up."""
    of_step: str = ""
    """Of a step: which of STEPS it tells."""

    def heads(self, lang: Lang) -> tuple[str, ...]:
        return self.heads_vi if lang == "vi" else self.heads_en


@dataclass(frozen=True, slots=True)
class LayoutCheck:
    """A column that must equal the sum of others, or what another held at the end of the period before."""

    column: int
    equals: tuple[int, ...] = ()
    previous: int = 0


@dataclass(frozen=True, slots=True)
class Dated:
    """What holds from a day on."""

    valid_from: date
    vi: str
    en: str


@dataclass(frozen=True, slots=True)
class LayoutPart:
    """A further table of a form, of the rows that count in something."""

    title_vi: str
    title_en: str
    rows: str
    only: str
    """What its rows must count in."""
    columns: tuple[LayoutColumn, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """One form."""

    code: str
    circular: str
    cite: str
    evidence: str
    title_vi: str
    title_en: str
    valid_from: date
    valid_to: date | None
    window: str
    rows: str
    scope: str
    filled_by_vi: str
    filled_by_en: str
    subject: str
    """Whose counts it is made of, one of COUNTS."""
    periods: tuple[str, ...]
    """The kinds of periods that it is made for; () = all."""
    withdrawn: str
    stopped: str
    waiting: str
    due_evidence: str
    addressees: tuple[Dated, ...]
    columns: tuple[LayoutColumn, ...]
    checks: tuple[LayoutCheck, ...]
    due: tuple[tuple[str, int], ...]
    """Level -> the day of the last month of the period on which it is due."""
    parts: tuple[LayoutPart, ...] = ()
    file: str = ""

    def title(self, lang: Lang) -> str:
        return self.title_vi if lang == "vi" else self.title_en

    def in_force(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def addressee(self, day: date) -> Dated | None:
        """To whom it goes on a day; None where the form does not say."""
        known = [one for one in self.addressees if one.valid_from <= day]
        return max(known, key=lambda one: one.valid_from) if known else None

    def leaves(self, number: int) -> tuple[str, ...]:
        """What a column counts, itself or through the columns that it adds up; () where people type it in."""
        column = self.columns[number - 1]
        return (*column.counts, *(name for one in column.columns for name in self.leaves(one)))

    @property
    def needs(self) -> frozenset[str]:
        """Everything that its columns count."""
        parts = [column for part in self.parts for column in part.columns]
        named = {name for column in (*self.columns, *parts) for name in column.counts}
        return frozenset(named | {part.only for part in self.parts})
