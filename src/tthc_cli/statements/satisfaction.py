"""How satisfied slips are, by unit: shares of answers, never made from scores.

Every slip filled in within the period counts, for the unit that it names; one that names none, for the unit in its
dossier's code. What names no unit is counted for the province alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from tthc_cli.counting.roll_up import roll_up_sums
from tthc_cli.facts.marks.answers import ANSWERS, COLUMNS, answers
from tthc_cli.facts.marks.slips import within
from tthc_cli.facts.moment import moment_of
from tthc_cli.results.beside import Answers

if TYPE_CHECKING:
    import pyarrow as pa

    from tthc_cli.scoring.run import Run
    from tthc_cli.scoring.scored_tree import ScoredTree

Ints = npt.NDArray[np.int64]


def unit_answers(run: Run, tree: ScoredTree) -> tuple[Answers, ...]:
    """Answers by unit and question, in the order of the tree; of units with slips, and questions that are asked."""
    slips = _of_period(run)
    unit = _units(slips, tree)
    told = answers(slips)
    n = len(tree.ids)
    many = roll_up_sums(np.bincount(unit, minlength=n)[:, None], tree.parents)[:, 0]
    counts = {question: _counts(codes, unit, tree) for question, codes in told.items() if (codes >= 0).any()}
    return tuple(
        Answers(tree.ids[i], question, int(many[i]), *counts[question][i].tolist())
        for i in range(n)
        if many[i]
        for question in counts
    )


def _of_period(run: Run) -> pa.Table:
    """The slips filled in within the period and up to the cutoff."""
    import pyarrow as pa
    import pyarrow.compute as pc

    slips = run.warehouse.read("slips", [*COLUMNS, "DonVi"])
    seen = pc.less_equal(slips["NgayDanhGia"], pa.scalar(moment_of(run.cutoff), pa.timestamp("s")))
    return slips.filter(pc.and_(within(run.period, slips["NgayDanhGia"]), pc.fill_null(seen, False)))


def _units(slips: pa.Table, tree: ScoredTree) -> Ints:
    """The unit of each slip; the root, or the last unit, where it names none."""
    import pyarrow as pa
    import pyarrow.compute as pc

    own = pc.replace_substring_regex(slips["MaHoSo"].cast(pa.string()), r"-\d{6}-.*$", "")
    named = slips["DonVi"].cast(pa.string())
    names = pc.coalesce(pc.if_else(pc.equal(named, ""), None, named), own, "").combine_chunks().dictionary_encode()
    known = np.array(tree.find(names.dictionary.to_pylist()), np.int64)
    nowhere = min(tree.root_or_unmatched, len(tree.ids) - 1)
    places: Ints = np.where(known < 0, nowhere, known)[names.indices.to_numpy(zero_copy_only=False).astype(np.int64)]
    return places


def _counts(codes: Ints, unit: Ints, tree: ScoredTree) -> Ints:
    """How many answers of each kind every unit with all below it has. Shape (units, 3)."""
    counts = np.zeros((len(tree.ids), len(ANSWERS)), np.int64)
    answered = codes >= 0
    np.add.at(counts, (unit[answered], codes[answered]), 1)
    return roll_up_sums(counts, tree.parents)
