"""Open dossiers that fall due within a few working days, by risk: the likeliest to be late first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tthc_cli.facts.codes import DAY
from tthc_cli.facts.late.standing import running_within
from tthc_cli.results.listing import Column
from tthc_cli.statements.dossiers.asking import CLOCK_COLUMNS
from tthc_cli.statements.dossiers.found import PLACE, dossier_cells, listing, tenths
from tthc_cli.statements.dossiers.history import HistoryTally, like_cells, outlook_cells
from tthc_cli.statements.dossiers.overdue import step_cells

if TYPE_CHECKING:
    import numpy.typing as npt

    from tthc_cli.facts.dossiers import DossierFacts
    from tthc_cli.results.listing import Listing
    from tthc_cli.statements.dossiers.asking import Asked

DAYS = (1, 3, 5)
COLUMNS = (
    Column("unit"), Column("unit_name", on_screen=False), Column("dossier"), Column("procedure", on_screen=False),
    Column("received", "moment", on_screen=False), Column("due", "moment"), Column("band", "count", on_screen=False),
    Column("hours_left", "number"), Column("risk", "number"), Column("expected", "moment", on_screen=False),
    Column("division", share=1), Column("since", "moment", on_screen=False),
    Column("step_due", "moment", on_screen=False), Column("letter", "word", "letters.state", on_screen=False), *PLACE,
)  # fmt: skip


def due_soon(asked: Asked) -> Listing:
    """Bands of working days, of which the last is as far as the list looks."""
    bands = tuple(sorted(asked.days or DAYS))
    calendar, today = asked.moment.calendar, asked.at // DAY
    ends = calendar.end_of_working_day(calendar.add_working_days(np.full(len(bands), today), np.array(bands)))
    tally = HistoryTally(asked)

    def pick(facts: DossierFacts) -> npt.NDArray[np.intp]:
        tally.add(facts)
        near = running_within(facts) & (facts.due_moved <= ends[-1])
        return np.flatnonzero(near)

    def work(facts: DossierFacts) -> dict[str, Any]:
        left = calendar.working_seconds_between(np.full(facts.n, asked.at), facts.due_moved)
        return {
            **dossier_cells(facts, asked),
            **step_cells(facts, asked.steps(facts)),
            **like_cells(facts),
            "band": np.array(bands)[np.searchsorted(ends, facts.due_moved)],
            "hours_left": tenths(np.maximum(left, 0), 3600),
            "letter": asked.known.letters_of(facts),
        }

    parts = list(asked.walk(pick, CLOCK_COLUMNS, work))
    history = tally.total()
    parts = [{**part, **outlook_cells(asked, history, part)} for part in parts]
    totals = ("dossiers", *(f"band.{band}" for band in bands))
    return listing("due-soon", asked, COLUMNS, parts, ("-risk", "due"), totals, asked.log_notes)
