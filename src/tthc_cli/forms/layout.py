"""What a statutory form says: who reports what to whom, its columns, its checks. Nothing here counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tthc_cli.messages import Lang

SOURCES = ("ordinal", "label", "count", "sum", "typed")
COUNTS = (
    "online", "direct", "post", "carried", "early", "on_time", "late", "open_within", "open_past", "withdrawn",
)  # fmt: skip
"""What a column may count."""
ROWS = ("level_field", "unit")
SCOPES = ("own", "below")
WINDOWS = ("calendar", "nd09")
EVIDENCE = ("found", "memory")
WITHDRAWN = ("processed", "excluded")


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
    withdrawn: str
    addressees: tuple[Dated, ...]
    columns: tuple[LayoutColumn, ...]
    checks: tuple[LayoutCheck, ...]
    due: tuple[tuple[str, int], ...]
    """Level -> the day of the last month of the period on which it is due."""
    file: str = ""

    def title(self, lang: Lang) -> str:
        return self.title_vi if lang == "vi" else self.title_en

    def in_force(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def addressee(self, day: date) -> Dated | None:
        """To whom it goes on a day; None where the form does not say."""
        known = [one for one in self.addressees if one.valid_from <= day]
        return max(known, key=lambda one: one.valid_from) if known else None
