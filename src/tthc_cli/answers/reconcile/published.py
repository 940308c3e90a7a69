"""What the national portal published of a period, by unit and indicator, from rows in either of its layouts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from tthc_cli.schema import word_file

if TYPE_CHECKING:
    import pyarrow as pa

    from tthc_cli.periods import Period

TOTAL = "total"
"""Stands for an indicator where the points are those of all."""
_PARTS = ("numerator", "denominator", "ratio")
_MARKS = {"month": "{year}-?", "quarter": "{year}Q?", "half": "{year}H?", "year": "{year}"}


@dataclass(frozen=True, slots=True)
class Published:
    """One indicator of one unit; what was not published is None, which is not zero."""

    unit: str
    """Code, or name where there is none."""
    indicator: str
    numerator: Fraction | None = None
    denominator: Fraction | None = None
    points: Fraction | None = None
    sources: tuple[str, ...] = ()
    """Ids of the files, and what the rows name as source."""
    undated: bool = False
    """The file tells the kind and year of the period, not which one it is."""


@dataclass(slots=True)
class _Held:
    """What rows of one unit and one period say, put together."""

    figures: dict[str, dict[str, Fraction]] = field(default_factory=dict)
    """Indicator -> numerator, denominator, ratio, points."""
    counts: dict[str, Fraction] = field(default_factory=dict)
    sources: dict[str, None] = field(default_factory=dict)


def published(table: pa.Table, period: Period) -> list[Published]:
    """By unit and indicator. Of the period itself; of a unit without such rows, those that may be of the period."""
    exact, doubtful = _of(table, {period.id}), _of(table, {_MARKS[period.kind].format(year=period.year)} - {period.id})
    found = [(unit, held, False) for unit, held in exact.items()]
    found += [(unit, held, True) for unit, held in doubtful.items() if unit not in exact]
    return [one for unit, held, undated in sorted(found, key=lambda f: f[0]) for one in _told(unit, held, undated)]


def _of(table: pa.Table, periods: set[str]) -> dict[str, _Held]:
    out: dict[str, _Held] = {}
    for row in table.to_pylist():
        unit = row["MaDonVi"] or row["TenDonVi"]
        if row["Ky"] in periods and unit:
            _add(out.setdefault(unit, _Held()), row)
    return out


def _add(held: _Held, row: Mapping[str, Any]) -> None:
    words = word_file("portal")
    held.sources |= dict.fromkeys(s for s in (row["Nguon"], row["_source"]) if s)
    name, _, part = row["ChiTieu"].strip().rpartition(".")
    if part not in _PARTS or not name:
        name, part = row["ChiTieu"].strip(), ""
    known = words["indicator"].get(name, TOTAL if name.upper() == "TOTAL" else name)
    if row["GiaTri"] is None and not part:
        count = name.removeprefix("PAYMENT:")
        given = {"numerator": row["TuSo"], "denominator": row["MauSo"], "ratio": row["TyLe"], "points": row["Diem"]}
        if count != name and row["TuSo"] is not None:
            held.counts[count] = Fraction(row["TuSo"])
        elif not name.startswith("GROUP:"):
            held.figures.setdefault(known, {}).update({k: Fraction(v) for k, v in given.items() if v is not None})
    elif part:
        given = {part: row["GiaTri"], "points": row["Diem"]}
        held.figures.setdefault(known, {}).update({k: Fraction(v) for k, v in given.items() if v is not None})
    else:
        held.counts[name] = Fraction(row["GiaTri"])
        if (own := words["points"].get(row["Nhom"])) and row["Diem"] is not None:
            held.figures.setdefault(own, {})["points"] = Fraction(row["Diem"])


def _told(unit: str, held: _Held, undated: bool) -> Iterable[Published]:
    for indicator, (top, bottom) in word_file("portal")["counts"].items():
        if (sums := (_sum(held.counts, top), _sum(held.counts, bottom))) != (None, None):
            own = {"numerator": sums[0], "denominator": sums[1]}
            held.figures.setdefault(indicator, {}).update({k: v for k, v in own.items() if v is not None})
    for indicator, figures in sorted(held.figures.items()):
        top, bottom = figures.get("numerator"), figures.get("denominator")
        if bottom is None and "ratio" in figures:
            top, bottom = figures["ratio"], Fraction(100)
        yield Published(unit, indicator, top, bottom, figures.get("points"), tuple(held.sources), undated)


def _sum(counts: Mapping[str, Fraction], names: Sequence[str]) -> Fraction | None:
    """None unless all of them are told."""
    found = [counts[name] for name in names if name in counts]
    return sum(found, Fraction(0)) if len(found) == len(names) else None
