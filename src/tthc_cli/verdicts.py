"""Verdicts: what an indicator says of each counted subject.

An indicator judges every subject (dossier, procedure, petition, decision) and gives it one reason. The reason alone
tells whether the subject is in the denominator and in the numerator, so that a score (verdicts summed), an explanation
(verdicts listed) and a test (verdicts in a table of cases) cannot disagree.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt

Mask = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.uint8]

F = TypeVar("F")


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a subject counts as it does. The sentence is `reasons.<indicator>.<key>` in the catalogue."""

    key: str
    in_denominator: bool
    in_numerator: bool
    unknown: bool = False
    """No source tells whether it belongs in the numerator; it stays in the denominator, unless its file lacks the
    column."""


OUTSIDE = Reason("outside", False, False)
"""Not counted by this indicator in this period. Always reason 0."""


def yes(key: str) -> Reason:
    return Reason(key, True, True)


def no(key: str) -> Reason:
    return Reason(key, True, False)


def unknown(key: str) -> Reason:
    return Reason(key, True, False, unknown=True)


def untold(key: str) -> Reason:
    """Its file lacks the column that tells; it is left out, and counted so that the share that is told can be said."""
    return Reason(key, False, False, unknown=True)


def left_out(key: str) -> Reason:
    """Within reach of the indicator, but not counted, for a reason worth showing."""
    return Reason(key, False, False)


@dataclass(frozen=True)
class Judge(Generic[F]):
    """One indicator over one kind of facts: `judge(facts)` gives the index of a reason for each subject, shape (n,)."""

    id: str
    reasons: tuple[Reason, ...]
    """The first is OUTSIDE."""
    judge: Callable[[F], Codes]

    def index(self, key: str) -> int:
        return next(i for i, r in enumerate(self.reasons) if r.key == key)

    @property
    def counted(self) -> Mask:
        """By reason: whether it is in the denominator."""
        return np.array([r.in_denominator for r in self.reasons])

    @property
    def achieved(self) -> Mask:
        """By reason: whether it is in the numerator."""
        return np.array([r.in_numerator for r in self.reasons])


def first_match(n: int, *cases: tuple[Mask, int]) -> Codes:
    """The code of the first case whose mask holds, else 0 (outside). Shape (n,)."""
    out = np.zeros(n, np.uint8)
    for mask, code in reversed(cases):
        # out = code where mask: bit by bit, because a choice by mask is ten times slower.
        change = out ^ np.uint8(code)
        change &= np.negative(mask.view(np.uint8))
        out ^= change
    return out
