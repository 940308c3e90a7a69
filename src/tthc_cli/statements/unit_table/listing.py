"""A draft of the unit table as a list: the columns of the table, then what a person should know of each row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from tthc_cli.results.listing import Cell, Column, Listing
from tthc_cli.statements.unit_table.draft import SURE, Draft, Row

DRAFT = "unit-draft"
_COLUMNS = (
    Column("MaDonVi"), Column("TenDonVi", share=4), Column("Cap", on_screen=False), Column("DonViCha", on_screen=False),
    Column("TenKhac", on_screen=False), Column("HieuLucTu", "moment", on_screen=False),
    Column("HieuLucDen", "moment", on_screen=False), Column("DonViKeThua", on_screen=False),
    Column("CapBanSaoDienTu", "count", on_screen=False), Column("behind", "count"),
    Column("sure", "word", "lists.sure"), Column("check", "word", "lists.unit_check", share=5),
)  # fmt: skip


def draft_listing(draft: Draft, as_of: str) -> Listing:
    """All rows, in the order of the tree."""
    return Listing(
        DRAFT, as_of, _COLUMNS, tuple(map(_cells, draft.rows)), totals={"unit_rows": len(draft.rows)}, is_data=True
    )


def doubtful(draft: Draft) -> tuple[Row, ...]:
    """The rows with something to look at, the least sure first."""
    rows = [row for row in draft.rows if row.check]
    order = {key: place for place, key in enumerate(("low", "medium", "high", "kept"))}
    assert set(order) == set(SURE)
    return tuple(sorted(rows, key=lambda row: (order[row.sure], -row.dossiers, row.unit.code)))


def rows_of(rows: Sequence[Row]) -> tuple[tuple[Cell, ...], ...]:
    """Some rows as the list has them."""
    return tuple(map(_cells, rows))


def _cells(row: Row) -> tuple[Cell, ...]:
    unit = row.unit
    return (
        unit.code, unit.name, unit.level, unit.parent, "; ".join(unit.other_names) or None,
        _moment(unit.valid_from), _moment(unit.valid_to), "; ".join(row.heirs) or None,
        1 if unit.offers_copies else None, row.dossiers, row.sure, row.check or None,
    )  # fmt: skip


def _moment(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time())
