"""Open dossiers that fall due within a few working days, by risk: the likeliest to be late first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tthc_cli.facts.codes import DAY
from tthc_cli.facts.late.standing import WITHIN, standing
from tthc_cli.results.listing import Column
from tthc_cli.statements.dossiers.found import PLACE, dossier_cells, listing, part_of
from tthc_cli.statements.dossiers.history import history_of, outlook_cells
from tthc_cli.statements.dossiers.overdue import step_cells

if TYPE_CHECKING:
    from tthc_cli.facts.dossiers import DossierFacts
    from tthc_cli.results.listing import Listing
    from tthc_cli.statements.dossiers.asking import Asked

DAYS = (1, 3, 5)
COLUMNS = (
    Column("unit"), Column("unit_name", on_screen=False), Column("dossier"), Column("procedure", on_screen=False),
    Column("received", "moment", on_screen=False), Column("due", "moment"), Column("band", "count", on_screen=False),
    Column("hours_left", "number"), Column("risk", "number"), Column("expected", "moment", on_screen=False),
    Column("division", share=1), Column("since", "moment", on_screen=False),
    Column("step_due", "moment", on_screen=False), Column("letter", "word", "lists.letter", on_screen=False), *PLACE,
)  # fmt: skip


def due_soon(asked: Asked) -> Listing:
    """Bands of working days, of which the last is as far as the list looks."""
    bands = tuple(sorted(asked.days or DAYS))
    calendar, today = asked.moment.calendar, asked.at // DAY
    ends = calendar.end_of_working_day(calendar.add_working_days(np.full(len(bands), today), np.array(bands)))
    history = history_of(asked)

    def work(facts: DossierFacts) -> dict[str, Any]:
        near = (standing(facts) == WITHIN) & ~facts.due_unknown & (facts.due_moved <= ends[-1])
        return _cells(part_of(facts, np.flatnonzero(near)))

    def _cells(facts: DossierFacts) -> dict[str, Any]:
        cells = dossier_cells(facts, asked)
        left = calendar.working_seconds_between(np.full(facts.n, asked.at), facts.due_moved)
        band = np.searchsorted(ends, facts.due_moved)
        return {
            **cells,
            **step_cells(facts, asked.steps(facts)),
            **outlook_cells(facts, asked, history),
            "band": np.array(bands)[np.minimum(band, len(bands) - 1)],
            "hours_left": np.round(np.maximum(left, 0) / 3600, 1),
            "letter": asked.known.letters_of(facts),
        }

    totals = ("dossiers", *(f"band.{band}" for band in bands))
    return listing("due-soon", asked, COLUMNS, asked.walk_open(work), ("-risk", "due"), totals)
