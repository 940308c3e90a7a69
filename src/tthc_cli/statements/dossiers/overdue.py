"""Open dossiers past due at a moment: what is to be chased, the longest overdue first at each unit; who holds each, and
what the data say may be the cause."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tthc_cli.facts.codes import HANDLED, REFUSED, RETURNED, WITHDRAWN
from tthc_cli.facts.columns import NAT
from tthc_cli.facts.late.causes import causes
from tthc_cli.facts.late.standing import is_overdue
from tthc_cli.facts.late.steps import step_due
from tthc_cli.results.listing import Column
from tthc_cli.statements.dossiers.found import PLACE, UNIT, dossier_cells, listing, part_of, texts, working_days

if TYPE_CHECKING:
    from tthc_cli.facts.dossiers import DossierFacts
    from tthc_cli.facts.late.steps import StepsAt
    from tthc_cli.results.listing import Listing
    from tthc_cli.statements.dossiers.asking import Asked

COLUMNS = (
    Column("unit"), Column("unit_name", on_screen=False), Column("dossier"), Column("procedure", on_screen=False),
    Column("received", "moment", on_screen=False), Column("due", "moment"), Column("overdue_days", "number"),
    Column("division", share=2), Column("since", "moment", on_screen=False),
    Column("step_overdue_days", "number", on_screen=False), Column("cause", "word", "lists.cause", share=3),
    Column("cause_division", on_screen=False), Column("letter", "word", "letters.state", on_screen=False),
    Column("status", "word", "lists.status", on_screen=False), *PLACE,
)  # fmt: skip
_ENDED = (REFUSED, WITHDRAWN, HANDLED, RETURNED)


def overdue(asked: Asked) -> Listing:
    """The list of all units asked for."""

    def work(facts: DossierFacts) -> dict[str, Any]:
        return _cells(part_of(facts, np.flatnonzero(is_overdue(facts))), asked)

    return listing("overdue", asked, COLUMNS, asked.walk_open(work), (UNIT, "due"), notes=asked.log_notes)


def _cells(facts: DossierFacts, asked: Asked) -> dict[str, Any]:
    cells = dossier_cells(facts, asked)
    steps = asked.steps(facts)
    foreign = asked.foreign(steps, cells[UNIT])
    longest = steps.longest_overrun(facts.n)
    division = np.append(steps.rows.division, 0)
    return {
        **cells,
        **step_cells(facts, steps),
        "overdue_days": working_days(facts, facts.due_moved, facts.judged_time),
        "cause": causes(facts, steps, foreign, asked.known),
        "cause_division": texts(steps.rows.divisions, division[longest]),
        "letter": asked.known.letters_of(facts),
        "status": status_words(facts),
    }


def step_cells(facts: DossierFacts, steps: StepsAt) -> dict[str, Any]:
    """The step that each dossier stands at: division, since when, how far past its own time; blank without a log."""
    last = steps.last(facts.n)
    rows = steps.rows
    since = np.where(steps.standing & (rows.begin != NAT), rows.begin, rows.at)
    due = np.where(steps.standing, step_due(rows.due), NAT)
    late = np.append(due, NAT)[last]
    return {
        "division": texts(rows.divisions, np.append(rows.division, 0)[last]),
        "since": np.append(since, NAT)[last],
        "step_due": late,
        "step_overdue_days": np.maximum(working_days(facts, late, steps.moment), 0),
    }


def status_words(facts: DossierFacts) -> list[str]:
    """The status that the export gives; one that ends a dossier came later than the moment."""
    return ["later" if code in _ENDED else str(code) if code > 0 else "unknown" for code in facts.status.tolist()]
