"""Verdicts: what an indicator says of each counted subject.

An indicator judges every subject (dossier, procedure, petition, decision) and gives it one reason. The reason alone
tells whether the subject is in the denominator and in the numerator, so that a score (verdicts summed), an explanation
(verdicts listed) and a test (verdicts in a table of cases) cannot disagree.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, Literal, NamedTuple, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

Mask = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Mend:
    """Whether what lost points can still be put right, and by whom. Where one reason holds both what can and what
    cannot be put right, the less hopeful stands, so that nothing is promised that cannot be had."""

    kind: Literal["never", "data", "work"]
    """What happened stays; sent again with what was missing or wrong, as long as data can be sent; by work to come,
    while the period runs."""
    by: Literal["", "unit", "system", "catalogue", "office"] = ""
    """The unit that handles; who keeps the one-stop-shop system; who keeps the catalogue of procedures; the office that
    announces procedures."""

    def when(self, running: bool) -> Mend:
        """Work to come is no use once the period is over.

        >>> BY_WORK.when(running=False).kind
        'never'
        """
        return NEVER if self.kind == "work" and not running else self


NEVER = Mend("never")
BY_SYSTEM = Mend("data", "system")
BY_UNIT = Mend("data", "unit")
BY_CATALOGUE = Mend("data", "catalogue")
BY_OFFICE = Mend("data", "office")
BY_WORK = Mend("work", "unit")
BY_OFFICE_WORK = Mend("work", "office")


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a subject counts as it does. The sentence is `reasons.<indicator>.<key>` in the catalogue."""

    key: str
    counted: bool
    """It is in the denominator."""
    earned: int = 0
    """What it adds to the numerator: a whole number, 0 or 1."""
    unknown: bool = False
    """No source tells whether it belongs in the numerator; it stays in the denominator, unless its file lacks the
    column."""
    mend: Mend = NEVER

    @property
    def in_denominator(self) -> bool:
        return self.counted

    @property
    def in_numerator(self) -> bool:
        return self.earned > 0

    @property
    def lost(self) -> bool:
        """Counted, and earns nothing."""
        return self.counted and not self.earned

    def where(self, mask: Mask) -> Case:
        """The case of the subjects of which a mask holds."""
        return Case(self, mask)

    def otherwise(self) -> Case:
        """The case of all that no case before it holds of."""
        return Case(self, None)


class Case(NamedTuple):
    """A reason and the subjects that it is the reason of, if no case before it is."""

    reason: Reason
    mask: Mask | None
    """None: all of them."""


OUTSIDE = Reason("outside", counted=False)
"""Not counted by this indicator in this period. Always reason 0."""


def yes(key: str) -> Reason:
    return Reason(key, counted=True, earned=1)


def no(key: str, mend: Mend = NEVER) -> Reason:
    return Reason(key, counted=True, mend=mend)


def unknown(key: str, mend: Mend = NEVER) -> Reason:
    return Reason(key, counted=True, unknown=True, mend=mend)


def untold(key: str, mend: Mend = NEVER) -> Reason:
    """Its file lacks the column that tells; it is left out, and counted so that the share that is told can be said."""
    return Reason(key, counted=False, unknown=True, mend=mend)


def left_out(key: str) -> Reason:
    """Within reach of the indicator, but not counted, for a reason worth showing."""
    return Reason(key, counted=False)


class Subjects(Protocol):
    """Facts about subjects, as many as `shape` says."""

    @property
    def shape(self) -> tuple[int, ...]: ...


F = TypeVar("F", bound=Subjects)


@dataclass(frozen=True)
class Judge(Generic[F]):
    """One indicator over one kind of facts.

    Raises ValueError when its reasons do not begin with OUTSIDE or are not distinct.
    """

    id: str
    reasons: tuple[Reason, ...]
    """The first is OUTSIDE."""
    cases: Callable[[F], Sequence[Case]]
    """In order of precedence: the first that holds of a subject gives its reason; where none does, it is outside."""

    def __post_init__(self) -> None:
        if self.reasons[:1] != (OUTSIDE,) or len({r.key for r in self.reasons}) < len(self.reasons):
            raise ValueError(f"{self.id}: reasons begin with OUTSIDE, and no two have one key")

    def judge(self, facts: F) -> Codes:
        """The place of a reason in `reasons` for each subject; the shape is that of the facts.

        Raises TypeError for a case whose reason the indicator does not declare.
        """
        return first_match(facts.shape, [(mask, self._code(reason)) for reason, mask in self.cases(facts)])

    def _code(self, reason: Reason) -> int:
        code = self._codes.get(reason)
        if code is None:
            raise TypeError(f"{self.id}: a case gives the reason {reason.key}, which is not among its reasons")
        return code

    @cached_property
    def _codes(self) -> dict[Reason, int]:
        return {reason: code for code, reason in enumerate(self.reasons)}

    def index(self, key: str) -> int:
        return next(i for i, r in enumerate(self.reasons) if r.key == key)

    def among(self, codes: Codes, *reasons: Reason) -> Mask:
        """Whether each verdict is one of some reasons. Shape of codes."""
        return np.array([reason in reasons for reason in self.reasons]).take(codes, mode="clip")

    @cached_property
    def most(self) -> int:
        """The most that a subject can earn: 1, of marks 2."""
        return max(1, *(reason.earned for reason in self.reasons))

    def loses(self, reason: Reason) -> bool:
        """Whether a reason is counted and earns less than the most."""
        return reason.counted and reason.earned < self.most

    def lost(self, codes: Codes) -> Mask:
        """Whether each verdict is counted and earns less than the most. Shape of codes."""
        return self.among(codes, *filter(self.loses, self.reasons))

    @property
    def counted(self) -> Mask:
        """By reason: whether it is in the denominator."""
        return np.array([r.counted for r in self.reasons])


def first_match(shape: tuple[int, ...], cases: Sequence[tuple[Mask | None, int]]) -> Codes:
    """The code of the first case that holds, else 0 (outside). A mask may be of any shape that broadcasts to `shape`;
    None holds everywhere."""
    out = np.zeros(shape, np.uint8)
    for mask, code in reversed(cases):
        if mask is None:
            out.fill(code)
            continue
        # out = code where mask: bit by bit, because a choice by mask is ten times slower.
        change = out ^ np.uint8(code)
        change &= np.negative(mask.view(np.uint8))
        out ^= change
    return out
