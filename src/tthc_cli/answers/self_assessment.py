"""What units say of themselves: when it is due, and where it differs from what was appraised, by component."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from tthc_cli.facts.hand_typed import APPRAISED, SELF
from tthc_cli.results.listing import Cell, Column, Listing
from tthc_cli.results.scorecard import number
from tthc_cli.schema import word_file

if TYPE_CHECKING:
    from decimal import Decimal

    import pyarrow as pa

    from tthc_cli.periods import Period
    from tthc_cli.results.scorecard import ComponentScore, RulebookInfo, Scorecard
    from tthc_cli.results.self_marks import SelfMark

COLUMNS = (
    Column("unit"), Column("unit_name", on_screen=False), Column("component"),
    Column("self_numerator", "number", on_screen=False), Column("self_denominator", "number", on_screen=False),
    Column("self_points", "number"), Column("evidence", share=3),
    Column("appraised_numerator", "number", on_screen=False),
    Column("appraised_denominator", "number", on_screen=False), Column("appraised_points", "number"),
    Column("points_change", "number"), Column("basis", "word", "selfassess.basis", on_screen=False),
    Column("reason", share=2), Column("main_loss", "word", "reasons", share=3), Column("lost", "count"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Due:
    """When the self-assessment of a period is to be handed in, and who says so."""

    day: date
    cite: str


def due_of(period: Period) -> Due | None:
    """None for months and halves, and for periods before the rule."""
    rule = word_file("self_assessment").get(period.kind)
    if rule is None:
        return None
    last = replace(period, style="calendar").last_day.date()
    day = last if rule["due"] == "last-day" else date.fromisoformat(f"{last.year}-{rule['due']}")
    return Due(day, rule["cite"]) if day >= rule["from"] else None


def self_marked(table: pa.Table, period: Period, rulebook: RulebookInfo) -> frozenset[tuple[str, str]]:
    """(unit as typed, component) of what units marked themselves, of the components of one rulebook: units mark
    themselves by both laws in the same table."""
    known = {component.id for component in rulebook.components}
    rows = table.select(["MaDonVi", "Ky", "ChiTieu", "NguoiCham"]).to_pylist()
    wanted = (row for row in rows if row["Ky"] == period.id and row["NguoiCham"] == SELF)
    return frozenset((row["MaDonVi"], row["ChiTieu"]) for row in wanted if row["ChiTieu"] in known)


@dataclass(frozen=True, slots=True)
class Own:
    """What a unit says of itself by one component."""

    unit: str
    id: str
    points: Decimal | None
    numerator: Fraction | None = None
    denominator: Fraction | None = None
    evidence: str = ""
    reason: str = ""
    """Why points were taken off, as typed."""


def own_figures(card: Scorecard, marked: Collection[tuple[str, str]], why: Mapping[tuple[str, str], str]) -> list[Own]:
    """Of a score in which units' own figures stand before the others. marked, why: by unit id and component."""
    return [
        Own(c.unit, c.id, c.points, c.numerator, c.denominator, c.source or "", why.get((c.unit, c.id), ""))
        for c in card.components if (c.unit, c.id) in marked
    ]  # fmt: skip


def own_marks(card: Scorecard, table: pa.Table) -> list[Own]:
    """Of a score by the nine criteria, which keeps what its subjects mark themselves beside the appraised marks."""
    typed = {(row["MaDonVi"], row["ChiTieu"]): row for row in table.to_pylist()
             if row["Ky"] == card.period and row["NguoiCham"] == SELF}  # fmt: skip
    return [_own_mark(mark, typed.get((mark.unit, mark.component))) for mark in card.self_marks]


def _own_mark(mark: SelfMark, row: Mapping[str, Any] | None) -> Own:
    if row is None:
        return Own(mark.unit, mark.component, mark.points, reason=mark.reason)
    over, under = (None if row[name] in (None, "") else Fraction(row[name]) for name in ("TuSo", "MauSo"))
    return Own(mark.unit, mark.component, mark.points, over, under, row["Nguon"] or "", mark.reason)


def differences(own: Sequence[Own], appraised: Scorecard, units: Collection[str] | None = None) -> Listing:
    """Components of which a unit's own points are not those appraised, the largest difference first at each unit."""
    scores = {(c.unit, c.id): c for c in appraised.components}
    wanted = [one for one in own if units is None or one.unit in units]
    found = [(one, scores[one.unit, one.id]) for one in wanted if (one.unit, one.id) in scores]
    names = {unit.id: unit.name for unit in appraised.units}
    order = {unit: at for at, unit in enumerate(names)}
    differ = [(a, b) for a, b in found if a.points != b.points]
    differ.sort(key=lambda pair: (order[pair[0].unit], -abs(_change(*pair)), pair[0].id))
    lost = _main_losses(appraised)
    rows = tuple((*_row(a, b, names[a.unit]), *lost.get((a.unit, a.id), (None, None))) for a, b in differ)
    totals = {"self_marked": len(found), "self_differing": len(differ)}
    return Listing("self-appraised", appraised.as_of, COLUMNS, rows, totals=totals)


def _main_losses(card: Scorecard) -> Mapping[tuple[str, str], tuple[str, int]]:
    """(unit, component) -> the reason that cost most subjects, and how many; of what was counted from data."""
    counted = {(c.unit, c.id) for c in card.components if c.basis in ("data", "children")}
    found: dict[tuple[str, str], tuple[str, int]] = {}
    for one in card.reasons:
        key = (one.unit, one.component)
        if key not in counted or not one.in_denominator or one.in_numerator:
            continue
        if one.count > found.get(key, ("", 0))[1]:
            found[key] = (f"{one.component}.{one.reason}", one.count)
    return found


def _change(own: Own, appraised: ComponentScore) -> Fraction:
    return Fraction(appraised.points or 0) - Fraction(own.points or 0)


def _row(own: Own, appraised: ComponentScore, name: str) -> tuple[Cell, ...]:
    known = appraised.points is not None
    return (
        own.unit, name, own.id, number(own.numerator), number(own.denominator), number(own.points),
        own.evidence or None, number(appraised.numerator), number(appraised.denominator), number(appraised.points),
        number(_change(own, appraised)) if known else None, appraised.basis, own.reason or None,
    )  # fmt: skip


def reasons(table: pa.Table, period: Period) -> Mapping[tuple[str, str], str]:
    """(unit, component) -> why who appraises took points off, as typed; else the remark on that figure."""
    return dict(_reasons(table, period))


def _reasons(table: pa.Table, period: Period) -> Iterator[tuple[tuple[str, str], str]]:
    rows = [row for row in table.to_pylist() if row["Ky"] == period.id and row["NguoiCham"] != SELF]
    for row in sorted(rows, key=lambda row: row["NguoiCham"] == APPRAISED):
        text = row["LyDoTru"] or row["GhiChu"]
        if text:
            yield (row["MaDonVi"], row["ChiTieu"]), text
