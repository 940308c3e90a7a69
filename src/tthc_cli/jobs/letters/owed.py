"""Which dossiers get an apology letter, and which are refused one and why. Nothing is remembered: the stored tables
tell what was issued."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tthc_cli import schema
from tthc_cli.errors import InputError
from tthc_cli.facts.codes import DAY
from tthc_cli.facts.columns import NAT, Times
from tthc_cli.facts.letters.causes import typed_causes
from tthc_cli.facts.letters.issued import IssuedLetters
from tthc_cli.facts.letters.state import Extension, LetterState, LetterStates, letter_states
from tthc_cli.facts.moment import Moment, moment_of
from tthc_cli.statements.at_moment import dossiers_of
from tthc_cli.statements.dossier_rows import Rows, dossier_rows

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet
    from datetime import datetime

    from tthc_cli.facts.dossiers import DossierFacts
    from tthc_cli.scoring.scored_tree import ScoredTree
    from tthc_cli.verdicts import Mask
    from tthc_cli.workdays import WorkCalendar

_MOST_DAYS = 10
_LATE_WITH_LETTER = (LetterState.TOO_LATE, LetterState.IN_TIME)


@dataclass(frozen=True, slots=True)
class Owed:
    """A dossier that gets a letter."""

    dossier: str
    unit: str
    procedure: str
    received: datetime
    due: datetime
    new_due: datetime
    state: str
    """A key of `letters.state`."""
    cause: str
    """A key of `letters.cause`; "" where none was typed in."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A dossier that gets none. `reason`: a key of `letters.refused`."""

    dossier: str
    reason: str
    number: str = ""
    issued: str = ""
    path: str = ""


def owed_letters(
    moment: Moment, tree: ScoredTree, units: AbstractSet[str] | None, days: int, wanted: Sequence[str]
) -> tuple[list[Owed], list[Refused]]:
    """Open dossiers without a letter that are overdue or due within some days; or the dossiers wanted, whenever due.

    units: ids; None = all. Raises InputError for a dossier wanted that is not stored."""
    issued = moment.letters
    causes = typed_causes(moment.warehouse, moment.context.cutoff)
    owed: list[Owed] = []
    refused: list[Refused] = []
    missing = set(wanted)
    for facts in dossiers_of(moment):
        states = letter_states(facts, issued, moment.settings.letters.apology_lead)
        asked = _asked(facts, states, days, missing)
        told = list(dossier_rows(facts, asked, tree, {}))
        kept = [(at, row) for at, row in zip(asked.tolist(), told, strict=True) if units is None or row.unit in units]
        rows = np.array([at for at, _ in kept], np.intp)
        new = _proposed(facts, states, rows, moment.settings.letters.extension_days, moment.calendar)
        keys = facts.chunk.column(schema.KEY_HASH).take(rows).to_pylist() if len(rows) else []
        for (at, row), due, key in zip(kept, new.tolist(), keys, strict=True):
            missing.discard(row.dossier)
            if reason := _reason(facts, states, at):
                refused.append(_refusal(row.dossier, reason, issued, key))
                continue
            state = LetterState(int(states.state[at])).name.lower()
            received, original = moment_of(int(facts.received_at[at])), moment_of(int(states.due[at]))
            cause = causes.get(key, "")
            owed.append(Owed(row.dossier, row.unit, row.procedure, received, original, moment_of(due), state, cause))
    if missing:
        raise InputError("unknown_dossier", dossier=min(missing))
    place = {unit: at for at, unit in enumerate(tree.ids)}
    return sorted(owed, key=lambda o: (place[o.unit], o.due, o.dossier)), sorted(refused, key=lambda r: r.dossier)


def _asked(facts: DossierFacts, states: LetterStates, days: int, wanted: AbstractSet[str]) -> Rows:
    """Rows that are to get a letter, or to be refused one."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if wanted:
        mask = pc.is_in(facts.chunk.column("MaHoSo"), value_set=pa.array(sorted(wanted), pa.string()))
        return np.flatnonzero(mask.to_numpy())
    near: Mask = states.running & (states.due // DAY - facts.context.cutoff // DAY <= days)
    # The office may want another letter where the date of the first is over, or where it gave none.
    again = np.isin(states.state, _LATE_WITH_LETTER) & np.isin(states.extension, (Extension.BROKEN, Extension.NONE))
    return np.flatnonzero(near & ((states.count == 0) | again))


def _reason(facts: DossierFacts, states: LetterStates, row: int) -> str:
    """Why a dossier gets no letter; "" where it gets one."""
    if states.count[row]:
        return "second"
    if facts.closed_at[row] != NAT or facts.finished_untimed[row]:
        return "finished"
    if states.running[row]:
        return ""
    return "due_unknown" if states.due[row] == NAT and facts.received_at[row] != NAT else "not_open"


def _refusal(dossier: str, reason: str, issued: IssuedLetters, key: int) -> Refused:
    if reason != "second":
        return Refused(dossier, reason)
    at = int(issued.find(np.array([key], np.uint64))[1][0])
    day = moment_of(int(issued.issued[at])).strftime("%d/%m/%Y")
    return Refused(dossier, reason, issued.numbers[at], day)


def _proposed(facts: DossierFacts, states: LetterStates, rows: Rows, fixed: int, calendar: WorkCalendar) -> Times:
    """The new date of some dossiers: after the later of the due day and today, as many working days as the workspace
    says, else half of those that the dossier had, rounded up, 1 to 10; at the end of work. NAT where nothing is due."""
    due, received = states.due[rows], facts.received_at[rows]
    known = (due != NAT) & (received != NAT)
    since, until = np.where(known, received, 0) // DAY, np.where(known, due, 0) // DAY
    had = calendar.working_days_between(since, until)
    more = np.full(len(rows), fixed) if fixed else np.clip((had + 1) // 2, 1, _MOST_DAYS)
    start = np.maximum(until, facts.context.cutoff // DAY)
    return np.where(known, calendar.end_of_working_day(calendar.add_working_days(start, more)), NAT)
