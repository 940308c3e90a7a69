"""4.3: units that issued at least one certified electronic copy in the period, of the units that should.

The unit table says which should (CapBanSaoDienTu). Where it says so of none, they are those that the table of copies
lists for the period.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from tthc_cli import schema
from tthc_cli.counting.roll_up import Judgement, judge_rows
from tthc_cli.indicators.subjects import Indicator, Loaded, LostSubject, Row, Scope
from tthc_cli.verdicts import BY_WORK, OUTSIDE, Case, Codes, Judge, Mask, no, yes

if TYPE_CHECKING:
    import pyarrow as pa

    from tthc_cli.errors import RowPlace
    from tthc_cli.periods import Period

ISSUED = yes("issued")
ISSUED_NONE = no("issued_none", BY_WORK)
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


@dataclass(frozen=True)
class CopyFacts:
    """The units that should offer copies, and what each issued."""

    listed: Issued

    @property
    def shape(self) -> tuple[int, ...]:
        return (len(self.listed),)

    @property
    def issued(self) -> Mask:
        return np.array([issued for issued, _ in self.listed.values()], np.bool_)


class _UnitsWithCopies(Loaded[CopyFacts]):
    """Units that should offer certified copies."""

    def load(self, scope: Scope) -> CopyFacts | None:
        table = scope.warehouse.read("certified_copies")
        listed = obliged(table, scope.period, scope.units.place, scope.units.offers_copies)
        return CopyFacts(listed) if listed else None

    def count(self, judge: Judge[CopyFacts], facts: CopyFacts, codes: Codes, scope: Scope) -> Judgement:
        return judge_rows(judge.id, judge.reasons, codes, np.array([*facts.listed], np.int64), scope.units.parents)

    def lost(
        self, judge: Judge[CopyFacts], facts: CopyFacts, codes: Codes, scope: Scope, unit: int, within: frozenset[int]
    ) -> Iterator[LostSubject]:
        for (own, (_, row)), code, lost in zip(facts.listed.items(), codes, judge.lost(codes), strict=True):
            if lost and own in within:
                stored = row or _row_of_unit(scope.units.listed_at(own))
                name = scope.units.ids[own] if row is None else str(row["MaDonVi"])
                yield LostSubject(own, name, judge.reasons[code], stored)


def _row_of_unit(place: RowPlace | None) -> Row:
    """Where the unit table says that a unit should offer copies."""
    if place is None:
        return {schema.SOURCE: "", schema.SHEET: "", schema.ROW: 0}
    return {schema.SOURCE: place.file, schema.SHEET: place.sheet, schema.ROW: place.row}


UNIT = _UnitsWithCopies("unit")


def judge_issued(facts: CopyFacts) -> Sequence[Case]:
    """4.3: units that should offer certified copies; achieved with at least one issued in the period."""
    return ISSUED.where(facts.issued), ISSUED_NONE.otherwise()


INDICATORS = (Indicator("4.3", (OUTSIDE, ISSUED, ISSUED_NONE), judge_issued, UNIT),)
