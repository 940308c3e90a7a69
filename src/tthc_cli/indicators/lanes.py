"""Count verdicts by run of equal rows: eight counts at a time, each in one byte of a 64-bit word.

Dossiers are stored by unit and procedure, so that the rows of a group follow one another. Every verdict adds 1 in its
own byte of a word, and the words of a run are summed in one pass (np.add.reduceat). A byte holds up to 255, so longer
runs are summed in pieces.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from tthc_cli.indicators.columns import by_index
from tthc_cli.indicators.registry import DOSSIER_INDICATORS, layout
from tthc_cli.indicators.verdicts import Codes

Words = npt.NDArray[np.uint64]
Starts = npt.NDArray[np.intp]

LANES = 8
LONGEST_RUN = 255
_CODE_BITS = 4


@dataclass(frozen=True)
class _Piece:
    """Some reasons of one indicator, next to one another in one word."""

    indicator: int
    first_reason: int
    reasons: int


@dataclass(frozen=True)
class _Lookup:
    """What the verdicts of one or two indicators add to a word."""

    indicators: tuple[int, ...]
    table: Words
    """By verdict, or by first verdict + 16 × second verdict."""


@dataclass(frozen=True)
class Plan:
    """How verdicts are laid out in words."""

    words: tuple[tuple[_Lookup, ...], ...]
    columns: npt.NDArray[np.intp]
    """Column of the counts (`registry.layout`) that each used lane belongs to."""
    lanes: npt.NDArray[np.intp]
    """The used lanes."""

    @property
    def width(self) -> int:
        """Lanes in all."""
        return LANES * len(self.words)


def _pieces() -> list[_Piece]:
    found = []
    for number, indicator in enumerate(DOSSIER_INDICATORS):
        last = len(indicator.reasons) - 1
        found += [_Piece(number, i, min(LANES, last - i + 1)) for i in range(1, last + 1, LANES)]
    return sorted(found, key=lambda p: -p.reasons)


def _lookup(pieces: Sequence[tuple[_Piece, int]]) -> _Lookup:
    """pieces: one or two, with the first lane of each."""
    table = np.zeros(1 << _CODE_BITS * len(pieces), np.uint64)
    codes = np.arange(len(table))
    for place, (piece, lane) in enumerate(pieces):
        code = codes >> _CODE_BITS * place & (1 << _CODE_BITS) - 1
        for reason in range(piece.reasons):
            table[code == piece.first_reason + reason] += np.uint64(1 << 8 * (lane + reason))
    return _Lookup(tuple(p.indicator for p, _ in pieces), table)


@cache
def plan() -> Plan:
    """The layout for all dossier indicators; reason 0 (outside) is not counted."""
    words: list[list[tuple[_Piece, int]]] = []
    used: list[int] = []
    columns, lanes = [], []
    for piece in _pieces():
        word = next((w for w, n in enumerate(used) if n + piece.reasons <= LANES), len(used))
        if word == len(used):
            words.append([])
            used.append(0)
        words[word].append((piece, used[word]))
        start = layout()[DOSSIER_INDICATORS[piece.indicator].id].start
        for reason in range(piece.reasons):
            columns.append(start + piece.first_reason + reason)
            lanes.append(word * LANES + used[word] + reason)
        used[word] += piece.reasons
    lookups = tuple(tuple(_lookup(pieces[i : i + 2]) for i in range(0, len(pieces), 2)) for pieces in words)
    return Plan(lookups, np.array(columns), np.array(lanes))


def _word(lookups: Sequence[_Lookup], verdicts: Sequence[Codes]) -> Words:
    total: Words | None = None
    for lookup in lookups:
        code = verdicts[lookup.indicators[0]]
        if len(lookup.indicators) > 1:
            code = code + (verdicts[lookup.indicators[1]] << np.uint8(_CODE_BITS))
        found: Words = by_index(lookup.table, code)
        total = found if total is None else np.add(total, found, out=total)
    assert total is not None
    return total


def sum_runs(verdicts: Sequence[Codes], starts: Starts) -> npt.NDArray[np.uint8]:
    """Counts of each run, in lanes. verdicts: one array of shape (n,) an indicator; starts: first row of each run,
    none longer than LONGEST_RUN. Shape (runs, lanes)."""
    words = plan().words
    out = np.empty((len(starts), len(words)), np.dtype("<u8"))
    for number, lookups in enumerate(words):
        out[:, number] = np.add.reduceat(_word(lookups, verdicts), starts)
    return out.view(np.uint8)
