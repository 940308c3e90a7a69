"""Dossiers of which something is to be said about the apology letter: who owes one, who sent it when, who kept the new
date. Open dossiers, and those finished in the year of the moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tthc_cli import schema
from tthc_cli.facts.columns import NAT
from tthc_cli.facts.letters.state import Extension, Letters, LetterState
from tthc_cli.results.listing import Column
from tthc_cli.statements.dossiers.asking import CLOCK_COLUMNS
from tthc_cli.statements.dossiers.found import PLACE, UNIT, dossier_cells, listing

if TYPE_CHECKING:
    import numpy.typing as npt

    from tthc_cli.facts.dossiers import DossierFacts
    from tthc_cli.results.listing import Listing
    from tthc_cli.statements.dossiers.asking import Asked
    from tthc_cli.verdicts import Mask

COLUMNS = (
    Column("unit"), Column("unit_name", on_screen=False), Column("dossier"), Column("procedure", on_screen=False),
    Column("received", "moment", on_screen=False), Column("due", "moment"),
    Column("letter_state", "word", "letters.state", share=3), Column("letter_issued", "moment", on_screen=False),
    Column("letter_new_due", "moment", on_screen=False), Column("extension", "word", "letters.extension", share=2),
    Column("letters", "count"), Column("second_letter", "count", on_screen=False),
    Column("moved_without_letter", "count", on_screen=False), Column("finished", "moment", on_screen=False), *PLACE,
)  # fmt: skip
TOTALS = ("dossiers", "second_letter", "moved_without_letter")
_STATES = np.array(["moved", *(state.name.lower() for state in LetterState if state)])
"""Of a dossier without a letter to speak of it is told that its date was moved."""
_EXTENSIONS = np.array(["", *(one.name.lower() for one in Extension if one)])
_URGENCY = np.array([len(LetterState), *(int(state) for state in LetterState if state)])


def letters(asked: Asked) -> Listing:
    """In each unit what is most urgent first."""
    told = Letters(asked.moment)

    def pick(facts: DossierFacts) -> npt.NDArray[np.intp]:
        return np.flatnonzero(told.states(facts).listed & _of_this_year(facts))

    def work(facts: DossierFacts) -> dict[str, Any]:
        states = told.states(facts)
        return {
            **dossier_cells(facts, asked),
            "due": states.due,
            "letter_state": _STATES[states.state].tolist(),
            "letter_issued": states.issued,
            "letter_new_due": states.new_due,
            "extension": _EXTENSIONS[states.extension].tolist(),
            "letters": states.count,
            "second_letter": (states.count > 1).astype(np.int64),
            "moved_without_letter": states.moved_without.astype(np.int64),
            "finished": facts.closed_at,
            "_urgency": _URGENCY[states.state],
        }

    found = asked.walk(pick, (*CLOCK_COLUMNS, schema.KEY_HASH), work)
    return listing("letters", asked, COLUMNS, found, (UNIT, "_urgency", "due"), TOTALS)


def _of_this_year(facts: DossierFacts) -> Mask:
    """Which dossiers are open, or were finished in the year of the moment."""
    cutoff = facts.context.cutoff
    year = np.datetime64(cutoff, "s").astype("datetime64[Y]").astype("datetime64[s]").astype(np.int64)
    this_year: Mask = np.where(facts.closed_at == NAT, cutoff, facts.closed_at) >= year
    return this_year
