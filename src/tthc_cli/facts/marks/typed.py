"""Marks typed for whole units: what the unit gives itself, and what whoever appraises it gives."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from tthc_cli.facts.hand_typed import SELF
from tthc_cli.facts.marks.model import CRITERIA, Mark, Source, Subject

if TYPE_CHECKING:
    import pyarrow as pa

    from tthc_cli.periods import Period

HIGHEST = 2


def of_typed(table: pa.Table, period: Period) -> Iterator[tuple[Subject, str, Mark]]:
    """The marks typed for a period, TuSo of MauSo points put to marks of 2. A line that does not say who marked is an
    appraised one, unless the appraiser's own stands beside it; one without figures, or of more points than there are,
    is no mark."""
    taken: dict[tuple[Subject, str, Source], Mark] = {}
    for row in sorted(_rows(table, period), key=lambda r: r["NguoiCham"] or 0):
        value = _mark(row["TuSo"], row["MauSo"])
        if value is None:
            continue
        source: Source = "self" if row["NguoiCham"] == SELF else "appraised"
        key = (Subject("unit", row["MaDonVi"]), row["ChiTieu"], source)
        stands_on = tuple(text for text in (row["Nguon"], row["GhiChu"]) if text)
        taken[key] = Mark(source, (0, 0, 0), value, row["LyDoTru"] or "", stands_on, row["GhiDe"] == 1)
    for (subject, criterion, _), mark in taken.items():
        yield subject, criterion, mark


def above_most(table: pa.Table, period: Period) -> list[tuple[str, str]]:
    """(subject, criterion) of the lines that give more points than there are."""
    return sorted({(r["MaDonVi"], r["ChiTieu"]) for r in _rows(table, period) if _is_above(r["TuSo"], r["MauSo"])})


def _rows(table: pa.Table, period: Period) -> list[dict[str, Any]]:
    return [r for r in table.to_pylist() if r["Ky"] == period.id and r["ChiTieu"] in CRITERIA]


def _is_above(points: str | None, most: str | None) -> bool:
    return bool(points and most) and Fraction(points or 0) > Fraction(most or 0)


def _mark(points: str | None, most: str | None) -> Fraction | None:
    if not points or not most or Fraction(most) == 0 or _is_above(points, most):
        return None
    return Fraction(points) * HIGHEST / Fraction(most)
