"""The compliance cost of procedures, before and after they are simplified, as it is handed to whatever writes it.

Amounts are exact; whoever shows one rounds it once, half-up (Thông tư 02/2017/TT-VPCP, Điều 27).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

from tthc_cli.results.notes import note_text
from tthc_cli.results.rounding import half_up

if TYPE_CHECKING:
    from tthc_cli.messages import Lang

SCHEMA = 1
Origin = Literal["typed", "data", "parameter", "blank"]
"""Where a figure comes from: typed in its row; counted from dossiers; a dated parameter; blank, which means none."""


@dataclass(frozen=True, slots=True)
class Figure:
    value: Fraction
    origin: Origin


@dataclass(frozen=True, slots=True)
class Task:
    """One task of those who go through a procedure: one row of the table."""

    number: str
    group: int | None
    """1 to 6, as the dictionary has them."""
    name: str
    channel: int | None
    """The channel whose applicants do it; None = all."""
    hours: Fraction
    income: Figure
    """An hour's."""
    services: Fraction
    fee: Figure
    times: Figure
    """A year."""
    subjects: Figure
    """A year."""
    ground: str

    @property
    def cost(self) -> Fraction:
        """Of doing it once, in đồng."""
        return self.hours * self.income.value + self.services + self.fee.value

    @property
    def yearly(self) -> Fraction:
        return self.cost * self.times.value * self.subjects.value


@dataclass(frozen=True, slots=True)
class Priced:
    """One procedure."""

    code: str
    name: str
    field: str
    before: tuple[Task, ...]
    after: tuple[Task, ...]
    """() where no simplification is proposed."""

    @property
    def year_before(self) -> Fraction:
        return yearly(self.before)

    @property
    def year_after(self) -> Fraction | None:
        return yearly(self.after) if self.after else None

    @property
    def saving(self) -> Fraction | None:
        """A year's; None without a proposal."""
        return None if self.year_after is None else self.year_before - self.year_after

    @property
    def share(self) -> Decimal | None:
        """The saving in percent, to two decimals half-up: of a year; of one performance where nobody goes through it in
        a year, before or after."""
        if self.year_after is None:
            return None
        if self.year_before or self.year_after:
            return share_of(self.year_before, self.year_after)
        return share_of(once(self.before), once(self.after))


@dataclass(frozen=True, slots=True)
class CostPaper:
    """The cost of one procedure, or of all that were reviewed."""

    as_of: str
    """ISO; up to when the data are seen."""
    since: str
    """ISO day: dossiers received from then on are the year's volume."""
    reporter: str
    procedures: tuple[Priced, ...]
    """By field, then code."""
    cites: tuple[str, ...]
    notes: tuple[str, ...] = ()
    """As `results.notes.note` writes them."""

    def note_lines(self, lang: Lang) -> list[str]:
        return [note_text(one, lang) for one in self.notes]

    @property
    def fields(self) -> list[tuple[str, tuple[Priced, ...]]]:
        """The procedures of each field."""
        names = list(dict.fromkeys(one.field for one in self.procedures))
        return [(name, tuple(one for one in self.procedures if one.field == name)) for name in names]


def yearly(tasks: Iterable[Task]) -> Fraction:
    return sum((task.yearly for task in tasks), Fraction(0))


def once(tasks: Iterable[Task]) -> Fraction:
    """Of all tasks done once."""
    return sum((task.cost for task in tasks), Fraction(0))


def share_of(before: Fraction, after: Fraction) -> Decimal | None:
    """What is saved, in percent of what it was; None of nothing."""
    return half_up((before - after) * 100 / before) if before else None


def totals(procedures: Iterable[Priced]) -> tuple[Fraction, Fraction]:
    """A year's cost of some procedures, before and after; of one without a proposal, after is as before."""
    found = list(procedures)
    before = sum((one.year_before for one in found), Fraction(0))
    after = sum((one.year_before if one.year_after is None else one.year_after for one in found), Fraction(0))
    return before, after


def dong(value: Fraction | None) -> int | None:
    """Whole đồng, half-up."""
    return None if value is None else int(half_up(value, 0))


def public_json(paper: CostPaper, lang: Lang) -> dict[str, Any]:
    """The documented object of `tthc form cost` (docs/review.md)."""

    def figure(one: Figure) -> dict[str, Any]:
        return {"value": float(one.value), "origin": one.origin}

    def rows(tasks: tuple[Task, ...]) -> list[dict[str, Any]]:
        return [
            {
                "number": t.number, "group": t.group, "task": t.name, "channel": t.channel, "hours": float(t.hours),
                "income": figure(t.income), "services": float(t.services), "fee": figure(t.fee),
                "times": figure(t.times), "subjects": figure(t.subjects), "cost": dong(t.cost),
                "yearly": dong(t.yearly), "ground": t.ground,
            }
            for t in tasks
        ]  # fmt: skip

    def summed(before: Fraction, after: Fraction | None) -> dict[str, Any]:
        share = None if after is None else share_of(before, after)
        return {
            "before": dong(before), "after": dong(after), "saving": None if after is None else dong(before - after),
            "saving_percent": None if share is None else float(share),
        }  # fmt: skip

    return {
        "schema": SCHEMA,
        "form": "cost",
        "as_of": paper.as_of,
        "since": paper.since,
        "reporter": paper.reporter,
        "procedures": [
            {
                "code": one.code, "name": one.name, "field": one.field, "before": rows(one.before),
                "after": rows(one.after), "once_before": dong(once(one.before)),
                "once_after": dong(once(one.after)) if one.after else None,
                "year": {
                    **summed(one.year_before, one.year_after),
                    "saving_percent": None if one.share is None else float(one.share),
                },
            }
            for one in paper.procedures
        ],
        "fields": [{"field": name, **summed(*totals(those))} for name, those in paper.fields],
        "total": summed(*totals(paper.procedures)),
        "cites": list(paper.cites),
        "notes": paper.note_lines(lang),
    }  # fmt: skip
