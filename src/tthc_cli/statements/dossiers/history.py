"""The history of the units asked for, and what it says of open dossiers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tthc_cli.facts.columns import NAT
from tthc_cli.facts.late.habits import History, bins, in_history, place_of, used

if TYPE_CHECKING:
    from tthc_cli.facts.dossiers import DossierFacts
    from tthc_cli.statements.dossiers.asking import Asked

MONTHS = 14
"""Months of receipt, up to the moment, in which the dossiers of the history are looked for."""


def history_of(asked: Asked) -> History:
    """How the dossiers of the months before the moment used their time limits."""
    procedures = len(asked.context.catalogue) + 1

    def work(facts: DossierFacts) -> tuple[Any, Any]:
        rows = np.flatnonzero(in_history(facts))
        unit, procedure = asked.unit_of(facts)[rows], facts.procedure[rows].astype(np.int64)
        return np.unique(place_of(unit, procedure, bins(facts)[rows], procedures), return_counts=True)

    found = list(asked.walk_all(work, asked.months_back(MONTHS)))
    blank = np.zeros(0, np.int64)
    places, dossiers = (np.concatenate([blank, *(part[at] for part in found)]) for at in (0, 1))
    return History.of(places, dossiers, procedures)


def outlook_cells(facts: DossierFacts, asked: Asked, history: History) -> dict[str, Any]:
    """The risk to be late in hundredths, and the expected end, of some open dossiers."""
    unit, spent = asked.unit_of(facts), used(facts)
    on_time, median = history.outlook(unit, facts.procedure.astype(np.int64), spent.share)
    more = np.nan_to_num(np.maximum(median - spent.share, 0)) * spent.limit
    expected = facts.context.calendar.add_working_hours(np.full(facts.n, asked.at), more / 3600)
    return {
        "risk": np.round(100 * (1 - on_time)),
        "expected": np.where(np.isfinite(median), expected, NAT),
    }
