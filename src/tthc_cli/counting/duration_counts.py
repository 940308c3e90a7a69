"""How many dossiers took how long: counts by tenth of the procedure's own unit of time, which add up like all counts.

Median and percentiles of 2.2 need the whole distribution, not its sum. Most lengths are short and lie close together,
so that a running sum holds them in pages of 32 tenths, made where something is counted; the few long ones are held
one by one.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tthc_cli.facts.columns import by_index, lengthen, numbered
from tthc_cli.facts.dossiers import DossierFacts

Ints = npt.NDArray[np.int64]
Small = npt.NDArray[np.int32]
Numbers = npt.NDArray[np.integer[Any]]
TENTHS = 10
_PAGE = 32
_PAGES = 64
"""Lengths under 32 × 64 tenths (204 units) have a place in a page."""


def in_tenths(facts: DossierFacts, counted: npt.NDArray[np.intp], seconds: Ints) -> Small:
    """Seconds of some dossiers in tenths of their procedure's unit, half a tenth rounded up. Shape of counted."""
    units = facts.context.unit_seconds
    lengths = units[0] if (units == units[0]).all() else by_index(units, facts.procedure[counted])
    tenths = np.maximum(seconds[counted], 0) * TENTHS
    tenths += lengths // 2
    tenths //= lengths
    return tenths.astype(np.int32)


@dataclass(frozen=True)
class Lengths:
    """Dossiers by group and length. All arrays have shape (n,); groups ascend, and lengths within a group."""

    group: Numbers
    """Whatever it is that the dossiers are counted by: a number of a piece, a pair, a row."""
    tenths: Numbers
    dossiers: Numbers

    def __len__(self) -> int:
        return len(self.group)

    @classmethod
    def counted(cls, group: Numbers, tenths: Numbers) -> Lengths:
        """From one pair of values a dossier."""
        if not len(group):
            return NO_LENGTHS
        bits = int(tenths.max()).bit_length()
        small = int(group.max()).bit_length() + bits <= 32
        keys: Numbers = group.astype(np.uint32 if small else np.int64)
        keys <<= bits
        keys |= tenths.astype(keys.dtype)
        keys.sort()
        starts = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
        dossiers = np.diff(starts, append=len(keys)).astype(np.int32)
        keys = keys[starts]
        return cls((keys >> bits).astype(np.int32), (keys & (1 << bits) - 1).astype(np.int32), dossiers)

    @classmethod
    def joined(cls, parts: list[Lengths]) -> Lengths:
        """One after the other; the groups of a part come after those of the part before."""
        if not parts:
            return NO_LENGTHS
        return cls(*(np.concatenate([getattr(p, name) for p in parts]) for name in ("group", "tenths", "dossiers")))

    def moved(self, by: int) -> Lengths:
        """The same, with group numbers that begin at `by`."""
        return Lengths(self.group + by, self.tenths, self.dossiers)

    def percentile(self, share: float) -> npt.NDArray[np.float64]:
        """Of each group that occurs, the smallest length that at least `share` of its dossiers do not exceed (nearest
        rank), in units. Shape (groups,)."""
        starts = np.flatnonzero(np.concatenate(([True], self.group[1:] != self.group[:-1])))
        reached = np.cumsum(self.dossiers, dtype=np.int64)
        before = reached[starts] - self.dossiers[starts]
        wanted = np.ceil(share * np.add.reduceat(self.dossiers, starts, dtype=np.int64))
        found: npt.NDArray[np.float64] = self.tenths[np.searchsorted(reached, before + wanted)] / TENTHS
        return found


NO_LENGTHS = Lengths(*(np.zeros(0, np.int32) for _ in range(3)))


class LengthTally:
    """A running sum of lengths by row; the same whatever the order of what is added."""

    def __init__(self) -> None:
        self._place = np.full((0, _PAGES), -1, np.int32)
        """By row and page: where the page lies; -1 while nothing is counted in it."""
        self._pages = np.zeros((0, _PAGE), np.int32)
        self._used = 0
        self._long: Counter[tuple[int, int]] = Counter()

    def add(self, row: Numbers, tenths: Numbers, dossiers: Numbers) -> None:
        """Add dossiers. All have shape (n,)."""
        if not len(row):
            return
        lengthen(self._place, int(row.max()) + 1, -1)
        page = tenths // _PAGE
        if page.max() >= _PAGES:
            far = np.flatnonzero(page >= _PAGES)
            for key_row, key_tenths, count in zip(row[far], tenths[far], dossiers[far], strict=True):
                self._long[int(key_row), int(key_tenths)] += int(count)
            near = page < _PAGES
            row, tenths, dossiers, page = row[near], tenths[near], dossiers[near], page[near]
        where = row.astype(np.intp) * _PAGES + page
        place, self._used = numbered(self._place.reshape(-1), where, self._used)
        lengthen(self._pages, self._used)
        at = place.astype(np.intp) * _PAGE + tenths % _PAGE
        np.add.at(self._pages.reshape(-1), at, dossiers.astype(self._pages.dtype))

    def of(self, rows: Numbers) -> Lengths:
        """What was added to some rows, ascending; `group` numbers the rows asked for."""
        inside = rows < len(self._place)
        asked = np.flatnonzero(inside)
        group, page = np.nonzero(self._place[rows[asked]] >= 0)
        counts = self._pages[self._place[rows[asked[group]], page]]
        at = np.flatnonzero(counts.reshape(-1) != 0)
        own = at // _PAGE
        found = Lengths(asked[group[own]], page[own] * _PAGE + at % _PAGE, counts.reshape(-1)[at])
        if not self._long:
            return found
        number = {int(row): i for i, row in enumerate(rows)}
        long = sorted((number[row], tenths, count) for (row, tenths), count in self._long.items() if row in number)
        if not long:
            return found
        found = Lengths.joined([found, Lengths(*(np.array(column, np.int64) for column in zip(*long, strict=True)))])
        order = np.argsort(found.group, kind="stable")
        return Lengths(found.group[order], found.tenths[order], found.dossiers[order])
