"""The conclusion of an inspection: rates of the random sample alone, findings by check, unit and field, against what
the data said, and what is still open from before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from tthc_cli.facts.inspection.intervals import Examined, Rate, exact, weighted
from tthc_cli.facts.marks.findings import WITHDRAWN, Finding
from tthc_cli.facts.marks.findings import findings as standing_findings
from tthc_cli.messages import say
from tthc_cli.results.control.conclusion import Conclusion
from tthc_cli.results.control.inspection import ANSWERS, CHOSEN, RANDOM
from tthc_cli.results.listing import Cell, Column, Listing
from tthc_cli.results.notes import note
from tthc_cli.results.rounding import half_up
from tthc_cli.statements.inspection.outcome import Found, Outcome, Row, outcomes

if TYPE_CHECKING:
    import pyarrow as pa

    from tthc_cli.messages import Lang
    from tthc_cli.results.control.inspection import Draw

_RATES = (
    Column("field", share=1), Column("in_frame", "count"), Column("drawn", "count"), Column("examined", "count"),
    Column("faulty", "count"), Column("share", "number"), Column("low", "number"), Column("high", "number"),
    Column("method", "word", "lists.method"),
)  # fmt: skip
_CHECKS = (
    Column("check"), Column("check_title", share=1), Column("answered", "count"), Column("faulty", "count"),
    Column("chosen_answered", "count", on_screen=False), Column("chosen_faulty", "count"), Column("told", "count"),
    Column("confirmed", "count"), Column("overturned", "count"), Column("beyond", "count"),
)  # fmt: skip
_PARTS = (
    Column("part", share=1), Column("examined", "count"), Column("faulty", "count"),
    Column("chosen_examined", "count"), Column("chosen_faulty", "count"), Column("faults", "count"),
)  # fmt: skip
_UNIT_CHECKS = (
    Column("check"), Column("check_title", share=1), Column("told_faulty", "count"), Column("told_of", "count"),
    Column("result", "word", "inspection.answer"), Column("findings", "count"),
)  # fmt: skip
_FINDINGS = (
    Column("finding", on_screen=False), Column("unit", on_screen=False), Column("dossier"), Column("check"),
    Column("way", "word", "inspection.way", on_screen=False), Column("severity", "word", "inspection.severity"),
    Column("ground", on_screen=False), Column("asked", share=1), Column("found_at", "moment", on_screen=False),
    Column("fix_by", "moment"), Column("status", "word", "inspection.status"),
)  # fmt: skip
_CARRIED = (
    Column("finding"), Column("unit", on_screen=False), Column("dossier", on_screen=False), Column("check"),
    Column("asked", share=1), Column("found_at", "moment", on_screen=False), Column("fix_by", "moment"),
    Column("days_past", "count"), Column("status", "word", "inspection.status"),
)  # fmt: skip


_STANDING = (None, 1, 2, 3)
"""TrangThai of findings that stand."""


@dataclass(frozen=True)
class Told:
    """The stored tables that a conclusion is made from."""

    lines: pa.Table
    unit_lines: pa.Table
    findings: pa.Table


def conclude(draw: Draw, told: Told, at: datetime, of_unit: Callable[[str], bool], lang: Lang) -> Conclusion:
    """of_unit: whether a unit, as written, is the one inspected or below it; lang: of the titles of checks."""
    rows = told.findings.to_pylist()
    found = outcomes(draw, told.lines.to_pylist(), rows)
    own = [row for row in rows if row["MaDotKiemTra"] == draw.id]
    carried = [one for one in _carried(told.findings, rows, draw, at) if of_unit(one.unit)]
    strata = [_examined(draw, found, one.field) for one in draw.strata]
    rate = weighted(strata)
    tables = (
        _rates(draw, strata, rate, at, lang), _by_check(draw, found, at, lang),
        _by_part("inspection-fields", found, at, lambda one: one.taken.field or say("inspection.no_field", lang)),
        _by_part("inspection-units", found, at, lambda one: one.taken.unit),
        _unit_checks(draw, told.unit_lines.to_pylist(), own, at, lang), _listed(found, own, at),
        _carried_list(carried, rows, at),
    )  # fmt: skip
    share, low, high = (None, None, None) if rate is None else map(_percent, (rate.share, rate.low, rate.high))
    counts = {
        **_counted("random", found.of(RANDOM)), **_counted("chosen", found.of(CHOSEN)),
        "findings": len(tables[5].rows), "carried": len(carried), "overdue": sum(_past(one, at) > 0 for one in carried),
    }  # fmt: skip
    return Conclusion(draw, at.isoformat(), counts, share, low, high, tables, _notes(draw, found, strata))


def _counted(way: str, some: Sequence[Outcome]) -> dict[str, int]:
    examined = [one for one in some if one.examined]
    return {
        way: len(some),
        f"{way}_examined": len(examined),
        f"{way}_faulty": sum(bool(one.faults) for one in examined),
    }


def _percent(share: float) -> float:
    """Tenths of a percent, half-up.

    >>> _percent(1 / 16)
    6.3
    """
    return float(half_up(Fraction(share) * 100, 1))


def _examined(draw: Draw, found: Found, field: str) -> Examined:
    whole = next(one.frame for one in draw.strata if one.field == field)
    mine = [one for one in found.of(RANDOM) if one.taken.field == field and one.examined]
    return Examined(whole, len(mine), sum(bool(one.faults) for one in mine))


def _made(name: str, at: datetime, columns: tuple[Column, ...], rows: Sequence[tuple[Cell, ...]]) -> Listing:
    return Listing(name, at.isoformat(), columns, tuple(rows))


def _rates(draw: Draw, strata: Sequence[Examined], rate: Rate | None, at: datetime, lang: Lang) -> Listing:
    def cells(found: Rate | None, method: str) -> tuple[Cell, ...]:
        if found is None:
            return None, None, None, None
        return _percent(found.share), _percent(found.low), _percent(found.high), method

    rows: list[tuple[Cell, ...]] = [
        (one.field or say("inspection.no_field", lang), one.frame, one.drawn,
         part.examined, part.faulty, *cells(exact(part), "exact"))
        for one, part in zip(draw.strata, strata, strict=True)
    ]  # fmt: skip
    sums = (draw.covered, len(draw.random), sum(s.examined for s in strata), sum(s.faulty for s in strata))
    rows.append((say("inspection.together", lang), *sums, *cells(rate, "wilson")))
    return _made("inspection-rates", at, _RATES, rows)


def _by_check(draw: Draw, found: Found, at: datetime, lang: Lang) -> Listing:
    """By check: of the random sample and of the chosen, answered and not met; and against what the data said."""
    rows: list[tuple[Cell, ...]] = []
    examined = [one for one in found.outcomes if one.examined]
    for check in draw.dossier_checks:
        answered = [one for one in examined if one.applies(check.id)]
        faulty = [one for one in examined if check.id in one.faults]
        told = [one for one in examined if check.id in one.told]
        by_way = [(sum(o.way == way for o in answered), sum(o.way == way for o in faulty)) for way in (RANDOM, CHOSEN)]
        confirmed = sum(check.id in one.faults for one in told)
        rows.append((
            check.id, check.title(lang), *by_way[0], *by_way[1], len(told), confirmed, len(told) - confirmed,
            len(faulty) - confirmed,
        ))  # fmt: skip
    return _made("inspection-checks", at, _CHECKS, rows)


def _by_part(name: str, found: Found, at: datetime, part_of: Callable[[Outcome], str]) -> Listing:
    rows: list[tuple[Cell, ...]] = []
    for part in sorted({part_of(one) for one in found.outcomes}):
        mine = [one for one in found.outcomes if part_of(one) == part and one.examined]
        cells: list[Cell] = [part]
        for way in (RANDOM, CHOSEN):
            some = [one for one in mine if one.way == way]
            cells += [len(some), sum(bool(one.faults) for one in some)]
        rows.append((*cells, sum(len(one.faults) for one in mine)))
    return _made(name, at, _PARTS, rows)


def _unit_checks(draw: Draw, lines: Sequence[Row], own: Sequence[Row], at: datetime, lang: Lang) -> Listing:
    said = {row["MaKiemTra"]: ANSWERS[row["KetQua"] or 0] for row in lines if row["MaDotKiemTra"] == draw.id}
    told = {one.check: one for one in draw.unit_answers}
    rows: list[tuple[Cell, ...]] = []
    for check in draw.unit_checks:
        figures = told.get(check.id)
        counted = (figures.faulty, figures.of) if figures is not None and figures.of else (None, None)
        stands = sum(row["MaKiemTra"] == check.id and row["TrangThai"] in _STANDING for row in own)
        rows.append((check.id, check.title(lang), *counted, said.get(check.id) or None, stands))
    return _made("inspection-unit", at, _UNIT_CHECKS, rows)


def _listed(found: Found, own: Sequence[Row], at: datetime) -> Listing:
    """The findings that stand; how a dossier was taken is known from the draw, whatever the row says."""
    names = {RANDOM: "random", CHOSEN: "chosen"}
    ways = {one.taken.dossier: names[one.way] for one in found.outcomes}
    stands = [row for row in own if row["TrangThai"] in _STANDING]
    rows = [
        (
            row["MaPhatHien"], row["DonVi"], row["MaHoSo"], row["MaKiemTra"], ways.get(row["MaHoSo"]),
            str(row["MucDo"]) if row["MucDo"] else None, row["CanCu"], row["KienNghi"], row["NgayPhatHien"],
            row["HanKhacPhuc"], str(row["TrangThai"] or 1),
        )
        for row in sorted(
            stands, key=lambda r: (r["MaHoSo"] is None, r["MaHoSo"] or "", r["MaKiemTra"], r["MaPhatHien"])
        )
    ]  # fmt: skip
    return _made("inspection-findings", at, _FINDINGS, rows)


def _carried(table: pa.Table, rows: Sequence[Row], draw: Draw, at: datetime) -> list[Finding]:
    """What Circular 01/2018 Art. 15(4)b asks after: findings that are not of this draw and not put right by the moment;
    those due first come first."""
    own = {row["MaPhatHien"] for row in rows if row["MaDotKiemTra"] == draw.id}
    some = [
        one for one in standing_findings(table)
        if one.id not in own and (one.found_at is None or one.found_at <= at)
        and (not one.done if one.done_at is None else one.done_at > at)
    ]  # fmt: skip
    return sorted(some, key=lambda one: (one.due is None, one.due or at, one.id))


def _past(one: Finding, at: datetime) -> int:
    """Days past its deadline; 0 for none."""
    return 0 if one.due is None else max(0, (at.date() - one.due.date()).days)


def _carried_list(carried: Sequence[Finding], rows: Sequence[Row], at: datetime) -> Listing:
    states: dict[Any, Any] = {row["MaPhatHien"]: row["TrangThai"] or 1 for row in rows if row["TrangThai"] != WITHDRAWN}
    cells = [
        (one.id, one.unit, one.dossier or None, one.check, one.asked or None, one.found_at, one.due, _past(one, at),
         str(states[one.id]))
        for one in carried
    ]  # fmt: skip
    return _made("inspection-carried", at, _CARRIED, cells)


def _notes(draw: Draw, found: Found, strata: Sequence[Examined]) -> tuple[str, ...]:
    """What a reader must know of these numbers."""
    random = found.of(RANDOM)
    left = sum(not one.examined for one in random)
    loose = sum(len(one.faults - one.findings - one.pending) for one in found.outcomes if one.examined)
    unconfirmed = sum(len(one.faults & one.pending) for one in found.outcomes if one.examined)
    pending = sum(len(one.pending - one.faults) for one in found.outcomes if one.examined)
    silent = sum(not one.examined for one in strata)
    told = [
        note("inspection_chosen_apart"),
        note("inspection_outside", outside=draw.outside, fields=draw.outside_fields) if draw.outside else "",
        note("inspection_not_examined", left=left, drawn=len(random)) if left else "",
        note("inspection_silent_strata", strata=silent) if silent else "",
        note("inspection_by_finding", dossiers=found.by_finding) if found.by_finding else "",
        note("inspection_loose", faults=loose) if loose else "",
        note("inspection_unconfirmed", faults=unconfirmed) if unconfirmed else "",
        note("inspection_pending", findings=pending) if pending else "",
        note("inspection_strangers", dossiers=", ".join(found.strangers[:5])) if found.strangers else "",
    ]
    return tuple(one for one in told if one)
