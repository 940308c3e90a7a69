"""4.3: units that issued at least one certified electronic copy in the period, of the units that should."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from tthc_cli.indicators.subjects import Judgement, roll_up_sums
from tthc_cli.indicators.verdicts import OUTSIDE, no, yes

if TYPE_CHECKING:
    import pyarrow as pa

REASONS = (OUTSIDE, yes("issued"), no("issued_none"))


def judge_copies(
    table: pa.Table, period: str, unit_of: Callable[[Sequence[str]], Sequence[int]], parents: Sequence[int]
) -> dict[str, Judgement]:
    """4.3 of every unit; the units that should are those the table lists for the period."""
    rows = [r for r in table.to_pylist() if r["Ky"] == period]
    places = unit_of([r["MaDonVi"] for r in rows])
    counts = np.zeros((len(parents), len(REASONS)), np.int64)
    for row, place in zip(rows, places, strict=True):
        counts[place, 1 if (row["SoBanSao"] or 0) >= 1 else 2] += 1
    return {"4.3": Judgement("4.3", REASONS, roll_up_sums(counts, parents))}
