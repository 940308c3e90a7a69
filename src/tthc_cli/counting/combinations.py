"""Ask a judge of dossiers once for every combination of the truths that it looks at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from tthc_cli.facts.yes_no import TRUTHS, DossierIndicator, YesNoFacts
from tthc_cli.verdicts import Mask


class Asked(NamedTuple):
    """A truth that a method of `YesNoFacts` tells, and what it was asked."""

    method: str
    about: tuple[str | int, ...]


Truth = str | Asked | tuple[str, ...]
"""Name of a truth of `YesNoFacts`; or one of its methods with what it is asked; or columns of which it is asked whether
the dossier's file had any."""


def truth_of(facts: YesNoFacts, truth: Truth) -> Mask:
    """What facts say of a truth. Shape of the facts."""
    if isinstance(truth, Asked):
        found: Mask = getattr(facts, truth.method)(*truth.about)
        return found
    if isinstance(truth, tuple):
        return facts.told(*truth)
    named: Mask = getattr(facts, truth)
    return named


class Combinations:
    """Stands for the facts of dossiers of every sort: one row for every combination of some truths.

    Answers the names of yes/no facts only; for any other it raises TypeError.
    """

    def __init__(self, truths: Sequence[Truth], told: frozenset[str] | None = None) -> None:
        self.n = 1 << len(truths)
        self.shape = (self.n,)
        self._truths = list(truths)
        self._told = told
        self.asked: list[Truth] = []

    def _column(self, truth: Truth) -> Mask:
        if truth not in self.asked:
            self.asked.append(truth)
        if truth not in self._truths:
            return np.zeros(self.n, np.bool_)
        return (np.arange(self.n) >> self._truths.index(truth) & 1).astype(np.bool_)

    def __getattr__(self, name: str) -> Mask:
        if name not in TRUTHS:
            raise TypeError(f"{name} is no yes/no fact (facts/yes_no.py): a judge of dossiers may ask these only")
        return self._column(name)

    def told(self, *columns: str) -> Mask:
        if self._told is not None:
            return np.full(self.n, not self._told.isdisjoint(columns))
        return self._column(columns)

    def given(self, criterion: str, mark: int) -> Mask:
        return self._column(Asked("given", (criterion, mark)))

    def inspected(self, criterion: str) -> Mask:
        return self._column(Asked("inspected", (criterion,)))

    def ruled(self, parameter: str, value: str) -> Mask:
        return self._column(Asked("ruled", (parameter, value)))


def judged(indicator: DossierIndicator, by: Combinations) -> npt.NDArray[np.uint8]:
    """The verdicts on every combination."""
    stands_for: Any = by
    return indicator.judge(stands_for)


def truths_of(indicator: DossierIndicator, told: frozenset[str] | None = None) -> tuple[Truth, ...]:
    """What an indicator looks at. told: columns that every file had, where all had the same."""
    recorder = Combinations((), told)
    judged(indicator, recorder)
    return tuple(recorder.asked)


def check_judge(indicator: DossierIndicator) -> None:
    """Raises TypeError for a judge that asks anything but yes/no facts, or gives a reason that it does not declare."""
    try:
        truths_of(indicator)
    except TypeError as error:
        raise TypeError(f"{indicator.id}: {str(error).removeprefix(f'{indicator.id}: ')}") from None
