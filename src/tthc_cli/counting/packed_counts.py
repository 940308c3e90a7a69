"""Count verdicts by run of equal rows: eight counts at a time, each in one byte of a 64-bit word.

A verdict depends on a few truths about a dossier (received in the period, finished, ...), so every indicator is asked
once for every combination of the truths it looks at, and not for every dossier: the truths of a dossier are packed
into a number, and a table tells what its verdicts add to a word. Dossiers are stored by unit and procedure, so that
the rows of a group follow one another, and the words of a run are summed in one pass (np.add.reduceat). A byte holds
up to 255, so longer runs are summed in pieces.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from tthc_cli.counting.combinations import Combinations, Truth, judged, truth_of, truths_of
from tthc_cli.counting.measures import Measures
from tthc_cli.facts.columns import sums
from tthc_cli.facts.dossiers import DossierFacts
from tthc_cli.facts.yes_no import DossierIndicator
from tthc_cli.verdicts import Mask

Words = npt.NDArray[np.uint64]
Starts = npt.NDArray[np.intp]
LANES = 8
LONGEST_RUN = 255
MOST_TRUTHS = 16
"""Truths packed into one 16-bit number; a table has as many places as they have combinations."""


@dataclass(frozen=True)
class _Piece:
    """Some reasons of one indicator, next to one another in one word."""

    indicator: DossierIndicator
    first_reason: int
    reasons: int
    lane: int = 0
    """Place of the first one in its word."""


@dataclass(frozen=True)
class _Family:
    """Indicators that look at much the same truths."""

    indicators: tuple[DossierIndicator, ...]
    words: tuple[tuple[_Piece, ...], ...]


@dataclass(frozen=True)
class Plan:
    """How verdicts are laid out in words; reason 0 (outside) is not counted."""

    families: tuple[_Family, ...]
    columns: npt.NDArray[np.intp]
    """Column of the counts (`Measures.layout`) that each used lane belongs to."""
    lanes: npt.NDArray[np.intp]
    """The used lanes."""

    @property
    def width(self) -> int:
        """Lanes in all."""
        return LANES * sum(len(f.words) for f in self.families)


def _families(measures: Measures) -> Iterator[tuple[DossierIndicator, ...]]:
    """Every indicator in the family to which it adds fewest truths; those that look at most come first."""
    found: list[tuple[list[DossierIndicator], set[Truth]]] = []
    for indicator in sorted(measures.judges, key=lambda judge: -len(truths_of(judge))):
        truths = set(truths_of(indicator))
        fitting = [f for f in found if len(f[1] | truths) <= MOST_TRUTHS]
        best = min(fitting, key=lambda f: len(truths - f[1]), default=None)
        if best is None:
            found.append(([indicator], truths))
        else:
            best[0].append(indicator)
            best[1].update(truths)
    return (tuple(indicators) for indicators, _ in found)


def _words(indicators: Sequence[DossierIndicator]) -> tuple[tuple[_Piece, ...], ...]:
    pieces = []
    for indicator in indicators:
        last = len(indicator.reasons) - 1
        pieces += [_Piece(indicator, i, min(LANES, last - i + 1)) for i in range(1, last + 1, LANES)]
    words: list[list[_Piece]] = []
    for piece in sorted(pieces, key=lambda p: -p.reasons):
        used = [sum(p.reasons for p in word) for word in words]
        number = next((w for w, n in enumerate(used) if n + piece.reasons <= LANES), len(words))
        if number == len(words):
            words.append([])
            used.append(0)
        words[number].append(_Piece(piece.indicator, piece.first_reason, piece.reasons, used[number]))
    return tuple(tuple(word) for word in words)


@lru_cache(maxsize=8)
def plan(measures: Measures) -> Plan:
    """The layout for all judges."""
    families = tuple(_Family(indicators, _words(indicators)) for indicators in _families(measures))
    columns: list[int] = []
    lanes: list[int] = []
    for number, word in enumerate(word for family in families for word in family.words):
        for piece in word:
            first = measures.layout[piece.indicator.id].start + piece.first_reason
            columns += range(first, first + piece.reasons)
            lanes += range(number * LANES + piece.lane, number * LANES + piece.lane + piece.reasons)
    return Plan(families, np.array(columns), np.array(lanes))


@lru_cache(maxsize=8)
def _tables(measures: Measures, told: frozenset[str] | None) -> tuple[tuple[tuple[Truth, ...], tuple[Words, ...]], ...]:
    """Of each family: its truths, and for each of its words what the verdicts add to it, by packed truths."""
    out = []
    for family in plan(measures).families:
        truths = tuple(dict.fromkeys(t for i in family.indicators for t in truths_of(i, told)))
        every = Combinations(truths, told)
        verdicts = {i.id: judged(i, every) for i in family.indicators}
        assert set(every.asked) <= set(truths), "an indicator asks for a truth only where another holds"
        tables = []
        for word in family.words:
            table = np.zeros(every.n, np.uint64)
            for piece in word:
                for number in range(piece.reasons):
                    added = verdicts[piece.indicator.id] == piece.first_reason + number
                    table[added] += np.uint64(1 << LANES * (piece.lane + number))
            tables.append(table)
        out.append((truths, tuple(tables)))
    return tuple(out)


def packed(masks: Sequence[Mask]) -> Starts:
    """The n-th mask as the n-th bit of one number a row. Shape (n,)."""
    assert all(mask.dtype == np.bool_ for mask in masks), "a truth is no yes/no fact"
    total = np.zeros(len(masks[0]), np.uint16)
    for first in range(0, len(masks), 8):
        byte = np.zeros(len(total), np.uint8)
        for mask in masks[first : first + 8][::-1]:
            byte += byte  # to shift takes numpy ten times as long
            byte |= mask.view(np.uint8)
        total += byte * np.uint16(1 << first)
    return total.astype(np.intp)


def sum_runs(facts: DossierFacts, starts: Starts, measures: Measures) -> npt.NDArray[np.uint8]:
    """Counts of the verdicts on each run of rows, in lanes. starts: first row of each run, none longer than
    LONGEST_RUN. Shape (runs, lanes)."""
    out = np.empty((len(starts), plan(measures).width // LANES), np.dtype("<u8"))
    number = 0
    for truths, tables in _tables(measures, facts.context.told_alike):
        code = packed([truth_of(facts, truth) for truth in truths])
        for table in tables:
            out[:, number] = sums(table.take(code, mode="clip"), starts)
            number += 1
    return out.view(np.uint8)
