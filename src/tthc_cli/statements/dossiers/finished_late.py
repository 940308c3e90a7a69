"""Dossiers finished in a period after they were due; without a period, in the month of the moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tthc_cli.facts.late.causes import causes
from tthc_cli.results.listing import Column
from tthc_cli.statements.dossiers.asking import CLOCK_COLUMNS
from tthc_cli.statements.dossiers.found import PLACE, UNIT, dossier_cells, listing, texts, working_days

if TYPE_CHECKING:
    import numpy.typing as npt

    from tthc_cli.facts.dossiers import DossierFacts
    from tthc_cli.results.listing import Listing
    from tthc_cli.statements.dossiers.asking import Asked

COLUMNS = (
    Column("unit"), Column("unit_name", on_screen=False), Column("dossier"), Column("procedure", share=3),
    Column("received", "moment", on_screen=False), Column("due", "moment"), Column("finished", "moment"),
    Column("overdue_days", "number"), Column("cause", "word", "lists.cause", on_screen=False),
    Column("cause_division", on_screen=False), Column("letter", "word", "letters.state", on_screen=False), *PLACE,
)  # fmt: skip


def finished_late(asked: Asked) -> Listing:
    """The longest past due first at each unit."""
    start, end = asked.period(1)

    def pick(facts: DossierFacts) -> npt.NDArray[np.intp]:
        inside = (facts.closed_at >= start) & (facts.closed_at < end)
        return np.flatnonzero(inside & facts.received & ~facts.due_unknown & ~facts.within_due)

    def work(facts: DossierFacts) -> dict[str, Any]:
        cells = dossier_cells(facts, asked)
        steps = asked.steps(facts)
        longest = steps.longest_overrun(facts.n)
        return {
            **cells,
            "finished": facts.closed_at,
            "overdue_days": working_days(facts, facts.due_moved, facts.judged_time),
            "cause": causes(facts, steps, asked.foreign(steps, cells[UNIT]), asked.known),
            "cause_division": texts(steps.rows.divisions, np.append(steps.rows.division, 0)[longest]),
            "letter": asked.known.letters_of(facts),
        }

    return listing(
        "finished-late", asked, COLUMNS, asked.walk(pick, CLOCK_COLUMNS, work), (UNIT, "-overdue_days"),
    )  # fmt: skip
