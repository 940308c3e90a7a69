"""What marks of dossiers stand on: how long they and their steps took against what was allowed, how often something was
asked for, and what slips and petitions say."""

from __future__ import annotations

import numpy as np

from tthc_cli import schema
from tthc_cli.facts.clock import ClockFacts
from tthc_cli.facts.columns import NAT, Numbers, by_index
from tthc_cli.facts.hash_set import HashSet
from tthc_cli.facts.nine.steps import NO_MARK, sooner
from tthc_cli.facts.once import once
from tthc_cli.verdicts import Mask
from tthc_cli.workdays import HOURS

_MINUTE = 60


class MarkFacts(ClockFacts):
    """Facts of n dossiers for the nine criteria; every array has shape (n,) and is not to be changed."""

    @once
    def completed(self) -> Mask:
        """Finished in the period, for good: one that only waits for its supplement is not."""
        return self.handled & self.finished & ~self.ended_waiting

    @once
    def _by_minute(self) -> Mask:
        """Its procedure is timed in hours."""
        return by_index(self.context.catalogue.duration_unit == HOURS, self.procedure)

    @once
    def took_less(self) -> Mask:
        """Finished, or judged, on a day before the day it was due; of a procedure timed in hours, a minute before."""
        known = self.due_moved != NAT
        less: Mask = known & sooner(self.judged_time, np.where(known, self.due_moved, 0), self._by_minute)
        return less

    @once
    def took_no_longer(self) -> Mask:
        """Finished, or judged, by the due time; of a procedure timed in hours, within its minute."""
        known = self.due_moved != NAT
        same_minute = self.judged_time // _MINUTE == np.where(known, self.due_moved, 0) // _MINUTE
        in_time: Mask = self.within_due | (known & self._by_minute & same_minute)
        return in_time

    @once
    def _step_mark(self) -> Numbers:
        return np.full(self.n, NO_MARK) if self.log is None else self.log.step_mark

    @once
    def steps_due(self) -> Mask:
        """Some step of it has a due time of its own."""
        due: Mask = self._step_mark != NO_MARK
        return due

    @once
    def steps_took_less(self) -> Mask:
        """Every step that has a due time was done sooner."""
        less: Mask = self._step_mark == 2
        return less

    @once
    def steps_took_no_longer(self) -> Mask:
        """No step was done after its due time."""
        in_time: Mask = self._step_mark > 0
        return in_time

    @once
    def logged(self) -> Mask:
        """The process log knows it."""
        return np.zeros(self.n, np.bool_) if self.log is None else self.log.present

    @once
    def supplement_asked(self) -> Mask:
        """Something was asked for."""
        asked: Mask = self.supplement_requests > 0
        return asked

    @once
    def supplement_asked_again(self) -> Mask:
        """Something was asked for more than once."""
        asked: Mask = self.supplement_requests > 1
        return asked

    @once
    def supplements_excused(self) -> Mask:
        """So many of its supplement requests were the applicant's own fault that at most one is left."""
        marking = self.context.marking
        if marking is None or not len(marking.faults.dossiers):
            return np.zeros(self.n, np.bool_)
        own = marking.faults.of(self._column(schema.KEY_HASH).stored)
        excused: Mask = (own > 0) & (self.supplement_requests - own <= 1)
        return excused

    @once
    def conduct_complained(self) -> Mask:
        """A petition about conduct is about it."""
        marking = self.context.marking
        return self._held(None if marking is None else marking.conduct_set)

    def given(self, criterion: str, mark: int) -> Mask:
        """An inspection or its last slip gives it this mark by a criterion."""
        marking = self.context.marking
        return self._held(None if marking is None else marking.given_sets.get((criterion, mark)))

    def inspected(self, criterion: str) -> Mask:
        """Its mark by a criterion was given by an inspection."""
        marking = self.context.marking
        return self._held(None if marking is None else marking.inspected_sets.get(criterion))

    def ruled(self, parameter: str, value: str) -> Mask:
        """A parameter of the rulebook has this value."""
        marking = self.context.marking
        told = None if marking is None else marking.rules.get(parameter)
        return np.full(self.n, str(told) == value)

    @once
    def changes_at(self) -> int:
        """As for the clock; and where a dossier is past due within its minute, that ends soon."""
        ends = self.handled & ~self.finished & ~self.within_due & self.took_no_longer
        if self.context.marking is not None and ends.any():
            return self.context.cutoff + 1
        return super().changes_at

    def _held(self, hashes: HashSet | None) -> Mask:
        """The dossiers that are in a set."""
        out = np.zeros(self.n, np.bool_)
        if hashes is not None and len(hashes):
            out[hashes.rows(self._column(schema.KEY_HASH).stored)] = True
        return out
