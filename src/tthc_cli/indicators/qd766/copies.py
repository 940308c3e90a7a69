"""4.3: units that issued at least one certified electronic copy in the period, of the units that should."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from tthc_cli.counting.roll_up import Judgement, roll_up_sums
from tthc_cli.verdicts import OUTSIDE, no, yes

if TYPE_CHECKING:
    import pyarrow as pa

    from tthc_cli.periods import Period

REASONS = (OUTSIDE, yes("issued"), no("issued_none"))


def issued_by_unit(
    table: pa.Table, period: Period, unit_of: Callable[[Sequence[str]], Sequence[int]]
) -> dict[int, tuple[bool, dict[str, Any]]]:
    """Units that the table lists for the period, or for a part of it (a month of a quarter) -> whether any of their
    rows issued a copy, and the first row. A code's row of the whole period tells more than those of its parts."""
    within = period.within()
    rows = [r for r in table.to_pylist() if r["Ky"] in within]
    whole = {r["MaDonVi"] for r in rows if r["Ky"] == period.id}
    rows = [r for r in rows if r["Ky"] == period.id or r["MaDonVi"] not in whole]
    rows.sort(key=lambda r: (str(r["MaDonVi"]), str(r["Ky"])))
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
