"""What each division and each official did in a period: dossiers taken part in and whether they were in time, own
steps, supplements, letters, petitions. Facts for whoever assesses people: no points and no grade.

Who takes part in a dossier has a step in it. Without a period: three months up to the moment.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from tthc_cli import rulebooks, schema
from tthc_cli.facts.codes import SUPPLEMENT
from tthc_cli.facts.late.step_log import StepLog
from tthc_cli.facts.late.steps import is_late
from tthc_cli.facts.letters.state import Letters, LetterState
from tthc_cli.facts.moment import moment_of
from tthc_cli.facts.nine.petitions import Petitions
from tthc_cli.results.listing import Column
from tthc_cli.results.notes import note
from tthc_cli.scoring.takers import NAMED_BY, check_takers
from tthc_cli.statements.dossiers.asking import CLOCK_COLUMNS
from tthc_cli.statements.dossiers.found import UNIT, listing, tenths

if TYPE_CHECKING:
    from tthc_cli.facts.dossiers import DossierFacts
    from tthc_cli.facts.late.step_log import StepRows
    from tthc_cli.results.listing import Listing
    from tthc_cli.results.scorecard import SubjectKind
    from tthc_cli.statements.dossiers.asking import Asked

Ints = npt.NDArray[np.int64]
MONTHS = 3
COUNTED = (
    "took_part", "finished_count", "on_time", "finished_late", "own_steps", "late_steps", "supplements_asked",
    "supplemented", "letters", "without_letter", "petitions", "conduct",
)  # fmt: skip
_ON_SCREEN = ("took_part", "finished_late", "late_steps", "supplemented", "letters", "petitions")
_COLUMNS = (
    *(Column(name, "count", on_screen=name in _ON_SCREEN) for name in COUNTED[:4]), Column("on_time_share", "number"),
    *(Column(name, "count", on_screen=name in _ON_SCREEN) for name in COUNTED[4:]),
)  # fmt: skip
_OF_STEPS = ("own_steps", "late_steps", "supplements_asked")
"""What is counted of steps: each is one person's, so that these can be added up."""


def officials(asked: Asked) -> Listing:
    """By unit and official."""
    return _listed(asked, "officials", Column("official", share=1))


def divisions(asked: Asked) -> Listing:
    """By unit and division."""
    return _listed(asked, "divisions", Column("division", share=1))


@dataclass(frozen=True)
class _Period:
    """What is looked at: from `start` on and before `end`, in seconds."""

    start: int
    end: int
    log: StepLog
    letters: Letters
    petitions: Petitions

    def holds(self, times: Ints) -> npt.NDArray[np.bool_]:
        inside: npt.NDArray[np.bool_] = (times >= self.start) & (times < self.end)
        return inside

    def pick(self, facts: DossierFacts) -> npt.NDArray[np.intp]:
        """The dossiers that may count: with a row of the log since the start, finished in the period, or with a letter
        or a petition in it."""
        hashes = facts.chunk.column(schema.KEY_HASH).to_numpy()
        wanted = self.holds(facts.closed_at) | np.isin(hashes, self._told_of)
        if facts.log is not None:
            wanted |= facts.log.last_at >= self.start
        return np.flatnonzero(wanted & facts.received)

    @property
    def _told_of(self) -> npt.NDArray[np.uint64]:
        issued = self.letters.issued
        return np.union1d(self.petitions.keys, issued.keys[self.holds(issued.issued)])


def _listed(asked: Asked, kind: SubjectKind, who: Column) -> Listing:
    check_takers(asked.moment.warehouse, asked.moment.settings, kind)
    start, end = asked.period(MONTHS)
    log = StepLog.of(asked.moment.warehouse, NAMED_BY[kind])
    assert log is not None, "a column of the process log is present"
    period = _Period(
        start, end, log, Letters(asked.moment), Petitions.within(asked.moment.warehouse, start, end)
    )  # fmt: skip
    total: dict[tuple[int, str], Ints] = {}
    for found in asked.walk(period.pick, (*CLOCK_COLUMNS, schema.KEY_HASH), lambda facts: _count(facts, asked, period)):
        for key, sums in found.items():
            total[key] = total[key] + sums if key in total else sums
    keys = sorted(total)
    sums = np.array([total[key] for key in keys], np.int64).reshape(-1, len(COUNTED))
    counts = dict(zip(COUNTED, sums.T, strict=True))
    judged = counts["on_time"] + counts["finished_late"]
    part: dict[str, Any] = {
        UNIT: np.array([unit for unit, _ in keys], np.int64),
        who.id: [name for _, name in keys],
        "on_time_share": np.where(judged > 0, tenths(100 * counts["on_time"], np.maximum(judged, 1)), np.nan),
        **counts,
    }
    columns = (Column("unit"), Column("unit_name", on_screen=False), who, *_COLUMNS)
    return listing(kind, asked, columns, [part], (UNIT, who.id), (kind, *_OF_STEPS), _notes(kind, start, end))


def _notes(kind: SubjectKind, start: int, end: int) -> tuple[str, ...]:
    """Which period it is of, and where the grade is, or why there is none."""
    first, last = (moment_of(at).date() for at in (start, end - 1))
    graded = rulebooks.by_id("tt01-2018-officials").effective_to
    ended = graded is not None and last > date.fromisoformat(graded)
    return (
        note("takers_period", start=first.isoformat(), end=last.isoformat()),
        note("takers_ungraded") if ended else note("takers_graded", subjects=kind),
    )


def _count(facts: DossierFacts, asked: Asked, period: _Period) -> dict[tuple[int, str], Ints]:
    """(unit, name) -> the sums of COUNTED, of one chunk."""
    steps = period.log.steps(facts)
    opens = np.flatnonzero(_asks(steps) & period.holds(steps.at) & (steps.division > 0))
    done = np.flatnonzero((steps.at < period.end) & (steps.division > 0))
    names = len(steps.divisions)
    pairs, group = np.unique(steps.dossier[done] * names + steps.division[done], return_inverse=True)
    if not len(pairs):
        return {}
    asks = np.searchsorted(pairs, steps.dossier[opens] * names + steps.division[opens])
    inside = period.holds(steps.at[done])
    late = inside & is_late(steps.due[done], steps.at[done])
    n = len(pairs)
    dossier, taker = pairs // names, pairs % names
    of_steps = {
        "own_steps": np.bincount(group, inside, n),
        "late_steps": np.bincount(group, late, n),
        "supplements_asked": np.bincount(asks, minlength=n),
    }
    of_dossiers = {name: values[dossier] for name, values in _of_dossiers(facts, period).items()}
    took_part = (of_steps["own_steps"] > 0) | (of_dossiers["finished_count"] > 0)
    counts = {
        "took_part": took_part,
        **of_dossiers,
        **of_steps,
        "supplemented": of_dossiers["supplemented"] & took_part,
    }
    key = asked.unit_of(facts)[dossier] * names + taker
    used, place = np.unique(key, return_inverse=True)
    sums = np.stack([np.bincount(place, counts[name], len(used)) for name in COUNTED], axis=1).astype(np.int64)
    told = ((int(unit), steps.divisions[name]) for unit, name in zip(used // names, used % names, strict=True))
    return {who: row for who, row in zip(told, sums, strict=True) if row.any()}


def _asks(steps: StepRows) -> npt.NDArray[np.bool_]:
    """Steps that ask for a supplement: the first at status 5 after another."""
    again = np.zeros(len(steps), np.bool_)
    again[1:] = (steps.dossier[1:] == steps.dossier[:-1]) & (steps.status[:-1] == SUPPLEMENT)
    asks: npt.NDArray[np.bool_] = (steps.status == SUPPLEMENT) & ~again
    return asks


def _of_dossiers(facts: DossierFacts, period: _Period) -> dict[str, Any]:
    """What counts for everybody who takes part in a dossier. Shape (n,)."""
    finished = period.holds(facts.closed_at)
    judged = finished & ~facts.due_unknown
    late = judged & ~facts.within_due
    states = period.letters.states(facts)
    petitions, conduct = period.petitions.of(facts.chunk.column(schema.KEY_HASH).to_numpy())
    return {
        "finished_count": finished,
        "on_time": judged & facts.within_due,
        "finished_late": late,
        "supplemented": facts.supplement_requests > 0,
        "letters": (states.count > 0) & period.holds(states.issued),
        "without_letter": late & (states.state == LetterState.OVERDUE_NO_LETTER),
        "petitions": petitions,
        "conduct": conduct,
    }
