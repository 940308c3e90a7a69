"""4.3: units that issued at least one certified electronic copy in the period, of the units that should.

The unit table says which should (CapBanSaoDienTu). Where it says so of none, they are those that the table of copies
lists for the period.
"""

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
Issued = Mapping[int, tuple[bool, dict[str, Any] | None]]
"""Unit -> whether it issued a copy, and the row that tells; None where none does."""


Places = Callable[[Sequence[str]], Sequence[int]]
"""Texts that name units -> their indices."""


def issued_by_unit(table: pa.Table, period: Period, unit_of: Places) -> dict[int, tuple[bool, dict[str, Any]]]:
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


def obliged(table: pa.Table, period: Period, unit_of: Places, offers: Sequence[bool]) -> Issued:
    """The units that should offer copies; none where the table of copies tells nothing of the period. offers: of each
    unit, whether the unit table says that it should."""
    listed = issued_by_unit(table, period, unit_of)
    if not listed:
        return {}
    named = [unit for unit, should in enumerate(offers) if should]
    return {unit: listed.get(unit, (False, None)) for unit in named} if named else listed


def exempt_units(table: pa.Table, period: Period, unit_of: Places, offers: Sequence[bool]) -> list[int]:
    """Units that 4.3 leaves aside because nothing says that they should offer copies; () where the unit table does."""
    if any(offers):
        return []
    listed = issued_by_unit(table, period, unit_of)
    return [unit for unit in range(len(offers)) if unit not in listed] if listed else []


def judge_copies(listed: Issued, parents: Sequence[int]) -> dict[str, Judgement]:
    """4.3 of every unit. listed: the units that should."""
    counts = np.zeros((len(parents), len(REASONS)), np.int64)
    for unit, (issued, _) in listed.items():
        counts[unit, 1 if issued else 2] = 1
    return {"4.3": Judgement("4.3", REASONS, roll_up_sums(counts, parents))}
