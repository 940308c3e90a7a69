"""Marks that somebody gave: whom, by which criterion, from which source, and which source stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from fractions import Fraction
from operator import add
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from tthc_cli.periods import Period
    from tthc_cli.results.scorecard import RulebookInfo

Hashes = npt.NDArray[np.uint64]
Kind = Literal["unit", "division", "official", "dossier"]
Source = Literal["appraised", "finding", "slip", "self"]
STANDING: tuple[Source, ...] = ("appraised", "finding", "slip")
"""Sources of a mark, the first that has one stands; what is derived comes after them. A mark that a unit gives itself
never stands: it is shown beside."""
_ORDER: tuple[Source, ...] = (*STANDING, "self")
CRITERIA = tuple(f"c{i}" for i in range(1, 12))
"""The nine criteria, and those of convenience (c10) and of the whole (c11) that provinces ask for besides."""
MARKS = (0, 1, 2)
Checks = Mapping[str, tuple[str, int]]
"""Code of a check of an inspection -> (criterion, mark) that a finding of it gives; rulebooks say so."""


def checks_of(rulebook: RulebookInfo) -> Checks:
    """What findings of a rulebook's checks give."""
    return {check.id.upper(): (check.component, int(check.mark)) for check in rulebook.checks}


class Window(NamedTuple):
    """The first and the last moment of a period, or the last that is known of it."""

    start: datetime
    until: datetime

    @classmethod
    def of(cls, period: Period, known: datetime | None = None) -> Window:
        """known: the last moment that is known, where that is before the end."""
        last = period.end - timedelta(seconds=1)
        return cls(period.start, last if known is None else min(last, known))


class Subject(NamedTuple):
    """Whom a mark is about."""

    kind: Kind
    id: str
    """The code of a unit or official as stored, MaHoSo."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What one source says of a subject by one criterion."""

    source: Source
    counts: tuple[int, int, int] = (0, 0, 0)
    """How many marks of 0, 1 and 2 it gives; none where the mark was typed."""
    typed: Fraction | None = None
    """The mark as typed, of 2."""
    reason: str = ""
    """Why points were taken off, as typed."""
    told_by: tuple[str, ...] = ()
    """Codes of the findings; of a typed mark what it stands on (Nguon), and a note (GhiChu)."""
    overrides: bool = False
    """Typed to stand before every other source (GhiDe)."""

    @property
    def value(self) -> Fraction:
        """The mark, of 2; of several the mean."""
        if self.typed is not None:
            return self.typed
        return Fraction(self.counts[1] + 2 * self.counts[2], sum(self.counts))

    @property
    def number(self) -> int:
        """How many marks it is the mean of."""
        return 1 if self.typed is not None or self.source == "finding" else sum(self.counts)

    def with_other(self, other: Mark) -> Mark:
        """The same source speaking twice of one subject: slips add up, of findings the lowest mark stands, what was
        typed first stands."""
        if self.source == "slip":
            return replace(self, counts=tuple(map(add, self.counts, other.counts)))
        if self.source == "finding" and self.value == other.value:
            return replace(self, told_by=tuple(sorted({*self.told_by, *other.told_by})))
        return min(self, other, key=lambda mark: mark.value) if self.source == "finding" else self


@dataclass(frozen=True, slots=True)
class Known:
    """Every source that says something of a subject by one criterion."""

    marks: tuple[Mark, ...]

    def of(self, source: Source) -> Mark | None:
        return next((mark for mark in self.marks if mark.source == source), None)

    @property
    def standing(self) -> Mark | None:
        """The mark of the first source in STANDING; None where only the unit itself has said something."""
        return next((mark for source in STANDING if (mark := self.of(source)) is not None), None)

    @property
    def unexplained(self) -> bool:
        """Appraised otherwise than the unit marked itself, without a reason."""
        own, appraised = self.of("self"), self.of("appraised")
        return own is not None and appraised is not None and own.value != appraised.value and not appraised.reason

    def with_other(self, other: Known) -> Known:
        """What two names of one subject tell; the first stands before the other."""
        marks = {mark.source: mark for mark in self.marks}
        for mark in other.marks:
            marks[mark.source] = marks[mark.source].with_other(mark) if mark.source in marks else mark
        return Known(tuple(sorted(marks.values(), key=lambda mark: _ORDER.index(mark.source))))


def gathered(told: Iterable[tuple[Subject, str, Mark]]) -> dict[tuple[Subject, str], Known]:
    """(subject, criterion) -> what is known, in an order that no order of the parts changes."""
    found: dict[tuple[Subject, str], list[Mark]] = {}
    for subject, criterion, mark in told:
        found.setdefault((subject, criterion), []).append(mark)
    return {
        key: Known(tuple(sorted(found[key], key=lambda mark: _ORDER.index(mark.source))))
        for key in sorted(found, key=lambda key: (*key[0], int(key[1][1:])))
    }
