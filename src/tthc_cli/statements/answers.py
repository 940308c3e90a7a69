"""How slips of a period answered each question, by unit: satisfied or not, whatever mark that is worth.

A slip belongs to the unit that it names, else to the unit that its dossier's code begins with. Units above have the
slips of those below.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from tthc_cli.counting.roll_up import roll_up_sums
from tthc_cli.facts.marks.model import CRITERIA, MARKS, Window
from tthc_cli.facts.marks.slips import answer_column, of_window
from tthc_cli.facts.moment import moment_of
from tthc_cli.results.beside import AnswerCount
from tthc_cli.results.scorecard import UNMATCHED_ID

if TYPE_CHECKING:
    import pyarrow as pa

    from tthc_cli.scoring.run import Run
    from tthc_cli.scoring.scored_tree import ScoredTree

Ints = npt.NDArray[np.int64]
QUESTIONS = {"overall": "DanhGia", **{criterion: answer_column(criterion) for criterion in CRITERIA}}
"""Question -> the column of its answers."""


def answer_counts(run: Run, tree: ScoredTree) -> tuple[AnswerCount, ...]:
    """Answers by unit, in the order of the tree, and question; units without a slip are left out."""
    slips = of_window(run.warehouse.read("slips"), Window.of(run.period, moment_of(run.cutoff)))
    places = _places(slips, tree)
    parents = (*tree.parents, *([] if tree.has_unmatched else [tree.root]))
    slips_of = roll_up_sums(np.bincount(places, minlength=len(parents))[:, None], parents)[:, 0]
    told = {question: roll_up_sums(_counts(slips, column, places, parents), parents)
            for question, column in QUESTIONS.items()}  # fmt: skip
    ids = (*tree.ids, UNMATCHED_ID)
    asked = [(unit, question) for unit in np.flatnonzero(slips_of).tolist() for question in told]
    return tuple(
        AnswerCount(ids[unit], question, int(no), int(yes), int(very), int(slips_of[unit]))
        for unit, question in asked
        for no, yes, very in [told[question][unit]]
        if question == "overall" or no + yes + very
    )


def _places(slips: pa.Table, tree: ScoredTree) -> Ints:
    """The unit index of each slip."""
    import pyarrow as pa
    import pyarrow.compute as pc

    named = pc.cast(slips["DonVi"], pa.string())
    by_code = pc.replace_substring_regex(slips["MaHoSo"], r"-\d{6}-.*$", "")
    units = pc.fill_null(pc.coalesce(named, by_code), "").combine_chunks().dictionary_encode()
    index = np.array([*tree.place(units.dictionary.to_pylist())], np.int64)
    places: Ints = index[units.indices.to_numpy(zero_copy_only=False).astype(np.intp)]
    return places


def _counts(slips: pa.Table, column: str, places: Ints, parents: Sequence[int]) -> Ints:
    """How often each unit itself got each answer. Shape (units, 3)."""
    answers = slips[column].cast("int64").fill_null(-1).to_numpy()
    counts = np.zeros((len(parents), len(MARKS)), np.int64)
    told = np.isin(answers, MARKS)
    np.add.at(counts, (places[told], answers[told]), 1)
    return counts
