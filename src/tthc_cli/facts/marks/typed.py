"""Marks typed for whole units: what the unit gives itself, and what whoever appraises it gives."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from tthc_cli.facts.hand_typed import SELF
from tthc_cli.facts.marks.model import CRITERIA, Mark, Source, Subject

if TYPE_CHECKING:
    import pyarrow as pa

    from tthc_cli.periods import Period

HIGHEST = 2


def of_typed(table: pa.Table, period: Period) -> Iterator[tuple[Subject, str, Mark]]:
    """The marks typed for a period, TuSo of MauSo points put to marks of 2. A line that does not say who marked is an
    appraised one, unless the appraiser's own stands beside it; one without figures is no mark."""
    taken: dict[tuple[Subject, str, Source], Mark] = {}
    rows = [r for r in table.to_pylist() if r["Ky"] == period.id and r["ChiTieu"] in CRITERIA]
    for row in sorted(rows, key=lambda r: r["NguoiCham"] or 0):
        value = _mark(row["TuSo"], row["MauSo"])
        if value is None:
            continue
        source: Source = "self" if row["NguoiCham"] == SELF else "appraised"
        key = (Subject("unit", row["MaDonVi"]), row["ChiTieu"], source)
        taken[key] = Mark(source, typed=value, reason=row["LyDoTru"] or "")
    for (subject, criterion, _), mark in taken.items():
        yield subject, criterion, mark


def _mark(points: str | None, most: str | None) -> Fraction | None:
    if not points or not most or Fraction(most) == 0:
        return None
    return min(Fraction(points) * HIGHEST / Fraction(most), Fraction(HIGHEST))
