"""Open dossiers past due at a moment: what is to be chased, the longest overdue first at each unit."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

from tthc_cli.results.listing import Cell, Column, Listing
from tthc_cli.statements.at_moment import dossiers_of
from tthc_cli.statements.dossier_rows import DossierRow, dossier_rows

if TYPE_CHECKING:
    from tthc_cli.facts.dossiers import DossierFacts
    from tthc_cli.facts.moment import Moment
    from tthc_cli.scoring.scored_tree import ScoredTree
    from tthc_cli.verdicts import Mask

COLUMNS = (
    Column("unit"), Column("unit_name", on_screen=False), Column("dossier"), Column("procedure", share=1),
    Column("received", "moment", on_screen=False), Column("due", "moment"), Column("overdue_days", "number"),
    Column("status", "word", "lists.status", on_screen=False), Column("source", on_screen=False),
    Column("sheet", on_screen=False), Column("row", "count", on_screen=False),
)  # fmt: skip
_ENDED = (3, 7, 9, 10)


def is_overdue(facts: DossierFacts) -> Mask:
    """Received, not ended, and past a due date that is known; waiting for a supplement or a fee stops the clock."""
    open_ = facts.received & ~facts.finished & ~facts.finished_untimed & ~facts.paused_for_finance
    overdue: Mask = open_ & ~facts.due_unknown & ~facts.within_due
    return overdue


def overdue(moment: Moment, tree: ScoredTree) -> Listing:
    """The list of all units."""
    paths = {source.id: source.path for source in moment.warehouse.sources}
    names = dict(zip(tree.ids, tree.names, strict=True))
    place = {unit: at for at, unit in enumerate(tree.ids)}
    found: list[tuple[DossierRow, str]] = []
    for facts in dossiers_of(moment):
        rows = np.flatnonzero(is_overdue(facts))
        statuses = facts.status[rows]
        found += zip(dossier_rows(facts, rows, tree, paths), map(_status, statuses.tolist()), strict=True)
    found.sort(key=lambda f: (place[f[0].unit], f[0].due, f[0].dossier))
    day = moment.calendar.day_seconds / 3600
    return Listing(
        name="overdue",
        as_of=moment.at.isoformat(),
        columns=COLUMNS,
        rows=tuple(_cells(row, status, names[row.unit], day) for row, status in found),
        totals={"dossiers": len(found)},
    )


def _status(code: int) -> str:
    """The status that the export gives; one that ends a dossier came later than the moment."""
    return "later" if code in _ENDED else str(code) if code > 0 else "unknown"


def _cells(row: DossierRow, status: str, unit_name: str, day_hours: float) -> tuple[Cell, ...]:
    late = None if row.overdue_hours is None else round(row.overdue_hours / day_hours, 1)
    received, due = (datetime.fromisoformat(t) if t else None for t in (row.received, row.due))
    return (
        row.unit, unit_name, row.dossier, row.procedure, received, due, late, status, row.source, row.sheet or None,
        row.row,
    )  # fmt: skip
