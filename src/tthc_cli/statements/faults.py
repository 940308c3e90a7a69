"""Faults to answer for, and what was done about them (Thông tư 01/2018/TT-VPCP, Điều 15 khoản 4 điểm b): findings of
the period before or still open when the period began, and marks that were appraised lower then, with the reason typed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

from tthc_cli.facts.hand_typed import SELF
from tthc_cli.facts.marks.findings import Finding, carried, findings, in_period
from tthc_cli.facts.marks.model import CRITERIA
from tthc_cli.facts.moment import moment_of
from tthc_cli.private import masked
from tthc_cli.results.beside import Fault

if TYPE_CHECKING:
    from tthc_cli.scoring.run import Run
    from tthc_cli.scoring.scored_tree import ScoredTree


def faults(run: Run, tree: ScoredTree) -> tuple[Fault, ...]:
    """By unit in the order of the tree, findings first; those of a unit that is not known last."""
    found = [*_of_findings(run), *_of_typed(run)]
    places = dict(zip([one.unit for one in found], tree.find([one.unit for one in found]), strict=True))
    ids = {name: tree.ids[place] for name, place in places.items() if place >= 0}
    order = {name: place if place >= 0 else len(tree.ids) for name, place in places.items()}
    found.sort(key=lambda one: (order[one.unit], one.source, one.code, one.check))
    return tuple(_at(one, ids.get(one.unit, one.unit)) for one in found)


def _at(fault: Fault, unit: str) -> Fault:
    return replace(fault, unit=unit)


def _of_findings(run: Run) -> Iterator[Fault]:
    """Each once; what was put right after the cutoff was open."""
    stored = findings(run.warehouse.read("findings"))
    asked = {one.id: one for one in (*in_period(stored, run.period.previous()), *carried(stored, run.period))}
    now = moment_of(run.cutoff)
    for one in asked.values():
        done = one.done_at if one.done_at is not None and one.done_at <= now else None
        yield Fault(
            unit=one.unit, source="finding", code=masked(one.id), check=one.check, dossier=one.dossier,
            told=masked(one.asked), found=_iso(one.found_at), due=_iso(one.due), done=_iso(done),
            state=_state(one, now),
        )  # fmt: skip


def _state(one: Finding, now: datetime) -> Literal["done", "done_late", "open", "overdue"]:
    if one.done and (one.done_at is None or one.done_at <= now):
        late = one.due is not None and one.done_at is not None and one.done_at.date() > one.due.date()
        return "done_late" if late else "done"
    return "overdue" if one.due is not None and one.due.date() < now.date() else "open"


def _of_typed(run: Run) -> Iterator[Fault]:
    """Criteria of the period before of which a person typed why points were taken off, and how they stand now."""
    rows = run.warehouse.read("typed_figures").to_pylist()
    then, now = _appraised(rows, run.period.previous().id), _appraised(rows, run.period.id)
    for (unit, criterion), row in then.items():
        if not row["LyDoTru"]:
            continue
        after = now.get((unit, criterion))
        said = (after["Nguon"], after["GhiChu"]) if after else ()
        yield Fault(
            unit=unit, source="typed", code="", check=criterion, dossier="", told=masked(row["LyDoTru"]), found="",
            due="", done="", state=_change(row, after), answer=masked("; ".join(part for part in said if part)),
        )  # fmt: skip


def _appraised(rows: list[dict[str, Any]], period: str) -> Mapping[tuple[str, str], dict[str, Any]]:
    """(unit, criterion) -> the line that whoever appraises typed for a period."""
    lines = [r for r in rows if r["Ky"] == period and r["ChiTieu"] in CRITERIA and r["NguoiCham"] != SELF]
    lines.sort(key=lambda r: (r["MaDonVi"], r["ChiTieu"], r["NguoiCham"] or 0))
    return {(r["MaDonVi"], r["ChiTieu"]): r for r in lines}


def _change(then: dict[str, Any], now: dict[str, Any] | None) -> Literal["better", "same", "worse", "untold"]:
    before, after = _share(then), None if now is None else _share(now)
    if before is None or after is None:
        return "untold"
    return "better" if after > before else "worse" if after < before else "same"


def _share(row: dict[str, Any]) -> Fraction | None:
    top, under = row["TuSo"], row["MauSo"]
    return Fraction(top) / Fraction(under) if top and under and Fraction(under) else None


def _iso(moment: datetime | None) -> str:
    return "" if moment is None else moment.isoformat()
