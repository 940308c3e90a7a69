"""What the pass over the dossiers counts: it is handed its judges and knows none of them by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from tthc_cli.counting.combinations import check_judge
from tthc_cli.facts.dossiers import DossierFacts
from tthc_cli.facts.yes_no import DossierIndicator

Ints = npt.NDArray[np.int64]
TIME_SUMS = ("finished", "working_seconds", "own_seconds")
"""What is summed of handling times: dossiers that count; their working seconds; and the seconds in the clock of their
procedure's own unit (calendar seconds for days and months, working seconds otherwise)."""
TIMES = "2.2"
"""The indicator that these sums belong to."""


@dataclass(frozen=True)
class Measures:
    """Judges of dossiers, in the order in which their counts lie in a row; the form among them whose dossiers are
    also counted by the field that they name; and the handling times that are summed.

    times(facts): of each dossier, 1 when it counts, its working seconds, its calendar seconds; own_times(facts,
    working, calendar): its seconds in the clock of its procedure's unit. All have shape (n,), 0 for one not counted.
    """

    judges: tuple[DossierIndicator, ...]
    form: DossierIndicator
    times: Callable[[DossierFacts], tuple[Ints, Ints, Ints]]
    own_times: Callable[[DossierFacts, Ints, Ints], Ints]

    def __post_init__(self) -> None:
        """Refuses a judge that asks anything but yes/no facts. Raises TypeError."""
        for judge in self.judges:
            check_judge(judge)

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash(tuple(judge.id for judge in self.judges))

    @cached_property
    def layout(self) -> dict[str, slice]:
        """Where the counts by reason of each judge, and the sums of handling times, lie in a row of counts."""
        out: dict[str, slice] = {}
        at = 0
        for judge in self.judges:
            out[judge.id] = slice(at, at + len(judge.reasons))
            at += len(judge.reasons)
        out[TIMES] = slice(at, at + len(TIME_SUMS))
        return out

    def columns(self, judge_id: str, *keys: str) -> list[int]:
        """Where the counts of some reasons of a judge lie in a row of counts."""
        judge = next(j for j in self.judges if j.id == judge_id)
        return [self.layout[judge_id].start + judge.index(key) for key in keys]

    @property
    def width(self) -> int:
        """Counts in a row."""
        return int(max(s.stop for s in self.layout.values()))
