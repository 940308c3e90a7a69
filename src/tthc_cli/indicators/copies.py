"""4.3: units that issued at least one certified electronic copy in the period, of the units that should."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from tthc_cli.indicators.subjects import Judgement, roll_up_sums
from tthc_cli.indicators.verdicts import OUTSIDE, no, yes

if TYPE_CHECKING:
    import pyarrow as pa

REASONS = (OUTSIDE, yes("issued"), no("issued_none"))


def issued_by_unit(
    table: pa.Table, period: str, unit_of: Callable[[Sequence[str]], Sequence[int]]
) -> dict[int, tuple[bool, dict[str, Any]]]:
    """Units that the table lists for the period -> whether any of their rows (a merged unit has several) issued a
    copy, and the first row."""
    rows = [r for r in table.to_pylist() if r["Ky"] == period]
    rows.sort(key=lambda r: str(r["MaDonVi"]))
    found: dict[int, tuple[bool, dict[str, Any]]] = {}
    for row, unit in zip(rows, unit_of([r["MaDonVi"] for r in rows]), strict=True):
        issued, first = found.get(unit, (False, row))
        found[unit] = (issued or (row["SoBanSao"] or 0) >= 1, first)
    return found


def judge_copies(listed: Mapping[int, tuple[bool, dict[str, Any]]], parents: Sequence[int]) -> dict[str, Judgement]:
    """4.3 of every unit; the units that should are those the table lists for the period."""
    counts = np.zeros((len(parents), len(REASONS)), np.int64)
    for unit, (issued, _) in listed.items():
        counts[unit, 1 if issued else 2] = 1
    return {"4.3": Judgement("4.3", REASONS, roll_up_sums(counts, parents))}
