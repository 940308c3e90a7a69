"""Hand-typed figures: numerator and denominator that a person gave for a unit, a period and an indicator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class TypedFigure:
    """One figure. Both counts None: the person says that it is not assessed."""

    unit: str
    indicator: str
    numerator: Fraction | None
    denominator: Fraction | None
    source: str
    overrides: bool
    """Used instead of what the data tell."""
    note: str

    @property
    def not_assessed(self) -> bool:
        return self.numerator is None or self.denominator is None


def _fraction(text: str | None) -> Fraction | None:
    return None if text is None or text == "" else Fraction(text)


def typed_figures(table: pa.Table, period: str) -> Mapping[tuple[str, str], TypedFigure]:
    """(unit code as stored, indicator id) -> figure, for one period."""
    figures = {}
    for row in table.to_pylist():
        if row["Ky"] != period:
            continue
        figure = TypedFigure(
            unit=row["MaDonVi"],
            indicator=row["ChiTieu"],
            numerator=_fraction(row["TuSo"]),
            denominator=_fraction(row["MauSo"]),
            source=row["Nguon"] or "",
            overrides=row["GhiDe"] == 1,
            note=row["GhiChu"] or "",
        )
        figures[(figure.unit, figure.indicator)] = figure
    return figures


def report_totals(table: pa.Table) -> Mapping[tuple[str, str], Fraction]:
    """(unit code, period) -> dossiers received per the national reporting system."""
    return {(r["MaDonVi"], r["Ky"]): Fraction(r["TongTiepNhan"]) for r in table.to_pylist()}
