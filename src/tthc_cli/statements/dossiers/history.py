"""The history of the units asked for, and what it says of open dossiers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tthc_cli.facts.columns import NAT
from tthc_cli.facts.late.habits import History, bins, in_history, place_of, used
from tthc_cli.facts.late.standing import is_open
from tthc_cli.statements.dossiers.asking import CLOCK_COLUMNS
from tthc_cli.statements.dossiers.found import UNIT

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from tthc_cli.facts.dossiers import DossierFacts
    from tthc_cli.statements.dossiers.asking import Asked


class HistoryTally:
    """Adds up the history from chunks of dossiers, in any order, from several threads."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._procedures = len(asked.context.catalogue) + 1
        self._found: list[tuple[Any, Any]] = []

    def add(self, facts: DossierFacts) -> None:
        """Dossiers, with the columns of their clock."""
        rows = np.flatnonzero(in_history(facts))
        if not len(rows):
            return
        unit, procedure = self._asked.unit_of(facts)[rows], facts.procedure[rows].astype(np.int64)
        places = place_of(unit, procedure, bins(facts)[rows], self._procedures)
        self._found.append(np.unique(places, return_counts=True))

    def total(self) -> History:
        blank = np.zeros(0, np.int64)
        places, dossiers = (np.concatenate([blank, *(part[at] for part in self._found)]) for at in (0, 1))
        return History.of(places, dossiers, self._procedures)


def history_of(asked: Asked) -> History:
    """How the dossiers of the months before the moment used their time limits."""
    tally = HistoryTally(asked)
    for _ in asked.walk_all(tally.add):
        pass
    return tally.total()


def like_cells(facts: DossierFacts) -> dict[str, Any]:
    """What the history is asked by, of some open dossiers."""
    spent = used(facts)
    return {"_procedure": facts.procedure.astype(np.int64), "_share": spent.share, "_limit": spent.limit}


def outlook_cells(asked: Asked, history: History, cells: Mapping[str, Any]) -> dict[str, Any]:
    """The risk to be late in hundredths, and the expected end, by `like_cells` and the unit."""
    share = cells["_share"]
    on_time, median = history.outlook(cells[UNIT], cells["_procedure"], share)
    more = np.nan_to_num(np.maximum(median - share, 0)) * cells["_limit"]
    expected = asked.moment.calendar.add_working_hours(np.full(len(share), asked.at), more / 3600)
    return {
        "risk": np.round(100 * (1 - on_time)),
        "expected": np.where(np.isfinite(median), expected, NAT),
    }


def late_share(asked: Asked) -> float | None:
    """What part of the dossiers that are open within due is expected to be late; None where no history tells."""
    tally = HistoryTally(asked)

    def pick(facts: DossierFacts) -> npt.NDArray[np.intp]:
        tally.add(facts)
        ended = facts.ended_waiting | facts.paused_for_finance
        return np.flatnonzero(is_open(facts) & ~ended & ~facts.due_unknown & facts.within_due)

    def work(facts: DossierFacts) -> dict[str, Any]:
        return {UNIT: asked.unit_of(facts), **like_cells(facts)}

    parts = list(asked.walk(pick, CLOCK_COLUMNS, work))
    history = tally.total()
    chances = [history.outlook(part[UNIT], part["_procedure"], part["_share"])[0] for part in parts]
    told = np.concatenate([np.zeros(0), *chances])
    told = told[np.isfinite(told)]
    return float(np.mean(1 - told)) if len(told) else None
