"""Hand-typed figures: numerator and denominator that a person gave for a unit, a period and an indicator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pyarrow as pa

    from tthc_cli.periods import Period
    from tthc_cli.results.scorecard import ComponentInfo


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

    def plus(self, other: TypedFigure) -> TypedFigure:
        """Both figures as one, for a unit that succeeded two."""
        return TypedFigure(
            self.unit,
            self.indicator,
            _sum(self.numerator, other.numerator),
            _sum(self.denominator, other.denominator),
            "; ".join(dict.fromkeys(s for s in (self.source, other.source) if s)),
            self.overrides or other.overrides,
            "; ".join(dict.fromkeys(n for n in (self.note, other.note) if n)),
        )


def _sum(one: Fraction | None, other: Fraction | None) -> Fraction | None:
    return one if other is None else other if one is None else one + other


def _fraction(text: str | None) -> Fraction | None:
    return None if text is None or text == "" else Fraction(text)


SELF, APPRAISED = 1, 2
"""NguoiCham: the unit itself; who appraises it."""
_WEIGHT = {SELF: 0, None: 1, APPRAISED: 2}


MarkedBy = Literal["anyone", "self", "others", "self_alone"]
"""Whose typed figures are used: all; those that the unit itself marked, before what the data tell; all but those; no
others than those."""


def typed_figures(table: pa.Table, period: str, by: MarkedBy = "anyone") -> Mapping[tuple[str, str], TypedFigure]:
    """(unit code as stored, indicator id) -> figure, for one period. What was appraised stands before what nobody is
    named for, and this before what the unit says of itself."""
    figures = {}
    rows = [row for row in table.to_pylist() if row["Ky"] == period and _wanted(row["NguoiCham"], by)]
    for row in sorted(rows, key=lambda row: _WEIGHT[row["NguoiCham"]]):
        figure = TypedFigure(
            unit=row["MaDonVi"],
            indicator=row["ChiTieu"],
            numerator=_fraction(row["TuSo"]),
            denominator=_fraction(row["MauSo"]),
            source=row["Nguon"] or "",
            overrides=row["GhiDe"] == 1 or (by == "self" and row["NguoiCham"] == SELF),
            note=row["GhiChu"] or "",
        )
        figures[(figure.unit, figure.indicator)] = figure
    return figures


def _wanted(marked: int | None, by: MarkedBy) -> bool:
    own = marked == SELF
    return {"anyone": True, "self": own or marked is None, "others": not own, "self_alone": own}[by]


def typed_by_unit(
    component: ComponentInfo,
    figures: Mapping[tuple[str, str], TypedFigure],
    places: Mapping[str, int],
    ids: Sequence[str],
) -> dict[int, TypedFigure]:
    """Unit index -> its figure of one component.

    A figure under a unit's own code wins. Of several under codes of units that it succeeded, those of components
    counted in dossiers add up; of others the first code's is taken, because distinct procedures cannot be added.
    """
    out: dict[int, TypedFigure] = {}
    found = sorted((f for (_, i), f in figures.items() if i == component.id), key=lambda f: f.unit)
    for figure in found:
        unit = places[figure.unit]
        if unit < 0:
            continue
        held = out.get(unit)
        if held is None or figure.unit == ids[unit]:
            out[unit] = figure
        elif held.unit != ids[unit] and component.subject == "dossier":
            out[unit] = held.plus(figure)
    return out


@dataclass(frozen=True, slots=True)
class Reported:
    """Dossiers received per the national reporting system, as one unit's figure says."""

    total: Fraction
    covers: bool
    """Whether the figure is said to hold the units below too (GomDonViTrucThuoc)."""

    def plus(self, other: Reported) -> Reported:
        return Reported(self.total + other.total, self.covers and other.covers)


def report_totals(table: pa.Table, period: Period) -> Mapping[str, Reported]:
    """Unit code -> dossiers received in the period per the national reporting system.

    A unit without a figure of the period takes the sum of the parts of the period, if it has them all: half-years of a
    year, quarters of a half, months of a quarter.
    """
    told = {
        (r["MaDonVi"], r["Ky"]): Reported(Fraction(r["TongTiepNhan"]), r["GomDonViTrucThuoc"] == 1)
        for r in table.to_pylist()
    }
    found = ((unit, _whole(told, unit, period)) for unit in sorted({unit for unit, _ in told}))
    return {unit: total for unit, total in found if total is not None}


def incomplete_totals(table: pa.Table, period: Period) -> list[str]:
    """Codes of units with totals of some parts of the period, but not of all: those are not used."""
    within = period.within()
    told = {r["MaDonVi"] for r in table.to_pylist() if r["Ky"] in within}
    return sorted(told - report_totals(table, period).keys())


def _whole(told: Mapping[tuple[str, str], Reported], unit: str, period: Period) -> Reported | None:
    own = told.get((unit, period.id))
    if own is not None or not period.parts():
        return own
    parts = [_whole(told, unit, part) for part in period.parts()]
    known = [part for part in parts if part is not None]
    return reduce(Reported.plus, known) if len(known) == len(parts) else None
