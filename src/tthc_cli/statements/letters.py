"""Dossiers of which something is to be said about the apology letter: who owes one, who sent it when, who kept the new
date. Open dossiers, and those finished in the year of the moment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

from tthc_cli.facts.letters.issued import IssuedLetters
from tthc_cli.facts.letters.state import Extension, LetterState, LetterStates, letter_states
from tthc_cli.results.listing import Cell, Column, Listing
from tthc_cli.statements.at_moment import dossiers_of
from tthc_cli.statements.dossier_rows import DossierRow, Rows, dossier_rows, iso_times

if TYPE_CHECKING:
    from tthc_cli.facts.context import Context
    from tthc_cli.facts.dossiers import DossierFacts
    from tthc_cli.facts.moment import Moment
    from tthc_cli.scoring.scored_tree import ScoredTree
    from tthc_cli.verdicts import Mask

COLUMNS = (
    Column("unit"), Column("unit_name", on_screen=False), Column("dossier"), Column("procedure", on_screen=False),
    Column("received", "moment", on_screen=False), Column("due", "moment"),
    Column("letter_state", "word", "letters.state", share=3), Column("letter_issued", "moment", on_screen=False),
    Column("letter_new_due", "moment", on_screen=False), Column("extension", "word", "letters.extension", share=2),
    Column("letters", "count"), Column("second_letter", "count", on_screen=False),
    Column("moved_without_letter", "count", on_screen=False), Column("finished", "moment", on_screen=False),
    Column("source", on_screen=False), Column("sheet", on_screen=False), Column("row", "count", on_screen=False),
)  # fmt: skip
TOTALS = ("dossiers", "second_letter", "moved_without_letter")


def letters(moment: Moment, tree: ScoredTree) -> Listing:
    """The list of all units: in each, what is most urgent first."""
    paths = {source.id: source.path for source in moment.warehouse.sources}
    names = dict(zip(tree.ids, tree.names, strict=True))
    place = {unit: at for at, unit in enumerate(tree.ids)}
    issued = IssuedLetters.of(moment.warehouse, moment.context.cutoff)
    lead = moment.settings.letters.apology_lead
    found: list[tuple[int, DossierRow, tuple[Cell, ...]]] = []
    for facts in dossiers_of(moment):
        states = letter_states(facts, issued, lead)
        rows = np.flatnonzero(states.listed & _of_this_year(facts, moment.context))
        told = dossier_rows(facts, rows, tree, paths)
        found += [(s, row, cells) for row, (s, cells) in zip(told, _state_cells(states, rows), strict=True)]
    found.sort(key=lambda f: (place[f[1].unit], f[0] or len(LetterState), f[2][0], f[1].dossier))
    made = tuple(_cells(row, cells, names[row.unit]) for _, row, cells in found)
    listing = Listing("letters", moment.at.isoformat(), COLUMNS, (), totals=dict.fromkeys(TOTALS, 0))
    return listing.only(made)


def _of_this_year(facts: DossierFacts, context: Context) -> Mask:
    """Which dossiers are open, or were finished in the year of the moment."""
    year = np.datetime64(context.cutoff, "s").astype("datetime64[Y]").astype("datetime64[s]").astype(np.int64)
    ended = np.where(facts.finished, facts.finished_at, context.cutoff)
    this_year: Mask = ended >= year
    return this_year


def _state_cells(states: LetterStates, rows: Rows) -> Iterator[tuple[int, tuple[Cell, ...]]]:
    """State, and due, issued, new date, key of state and extension, number of letters, second, moved."""
    due, issued, new = (iso_times(times[rows]) for times in (states.due, states.issued, states.new_due))
    for i, row in enumerate(rows.tolist()):
        state, extension = LetterState(int(states.state[row])), Extension(int(states.extension[row]))
        count, moved = int(states.count[row]), int(states.moved_without[row])
        told = state.name.lower() if state else "moved"
        yield (
            int(state),
            (
                due[i], issued[i], new[i], told, extension.name.lower() if extension else None, count,
                int(count > 1), moved,
            ),
        )  # fmt: skip


def _cells(row: DossierRow, cells: tuple[Cell, ...], unit_name: str) -> tuple[Cell, ...]:
    times = (row.received, cells[0], cells[1], cells[2], row.finished)
    received, due, issued, new, finished = (datetime.fromisoformat(str(t)) if t else None for t in times)
    state, extension, count, second, moved = cells[3:]
    return (
        row.unit, unit_name, row.dossier, row.procedure, received, due, state, issued, new, extension, count, second,
        moved, finished, row.source, row.sheet or None, row.row,
    )  # fmt: skip
