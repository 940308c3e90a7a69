"""Marks that somebody gave: whom, by which criterion, from which source, and which source stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, NamedTuple

Kind = Literal["unit", "division", "official", "dossier"]
Source = Literal["appraised", "finding", "slip", "self"]
STANDING: tuple[Source, ...] = ("appraised", "finding", "slip")
"""Sources of a mark, the first that has one stands; what is derived comes after them. A mark that a unit gives itself
never stands: it is shown beside."""
CRITERIA = tuple(f"c{i}" for i in range(1, 12))
"""The nine criteria, and those of convenience (c10) and of the whole (c11) that provinces ask for besides."""
MARKS = (0, 1, 2)
Checks = Mapping[str, tuple[str, int]]
"""Code of a check of an inspection -> (criterion, mark) that a finding of it gives; rulebooks say so."""


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
    """Codes of the findings."""

    @property
    def value(self) -> Fraction:
        """The mark, of 2; of several the mean."""
        if self.typed is not None:
            return self.typed
        return Fraction(self.counts[1] + 2 * self.counts[2], sum(self.counts))


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


def gathered(told: Iterable[tuple[Subject, str, Mark]]) -> dict[tuple[Subject, str], Known]:
    """(subject, criterion) -> what is known, in an order that no order of the parts changes."""
    order: tuple[Source, ...] = (*STANDING, "self")
    found: dict[tuple[Subject, str], list[Mark]] = {}
    for subject, criterion, mark in told:
        found.setdefault((subject, criterion), []).append(mark)
    return {
        key: Known(tuple(sorted(found[key], key=lambda mark: order.index(mark.source))))
        for key in sorted(found, key=lambda key: (*key[0], int(key[1][1:])))
    }
