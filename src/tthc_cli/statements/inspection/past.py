"""What is known of units besides their dossiers when it is asked which to inspect: scores, draws, findings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from tthc_cli.facts.marks.findings import findings as standing_findings

if TYPE_CHECKING:
    from tthc_cli.results.control.inspection import Draw
    from tthc_cli.results.scorecard import Scorecard
    from tthc_cli.rulebooks.inspection.reading import InspectionRules
    from tthc_cli.storage.warehouse import Warehouse

Find = Callable[[Sequence[str]], Sequence[int]]


@dataclass(frozen=True, slots=True)
class Past:
    """Scores and draws of a workspace, and the signs by which units are chosen."""

    rules: InspectionRules
    card: Scorecard | None = None
    """The one scored last."""
    before: Scorecard | None = None
    """The period before it, by the same rulebook."""
    draws: tuple[Draw, ...] = ()


def last_inspected(past: Past, warehouse: Warehouse, find: Find, at: datetime) -> dict[int, datetime]:
    """Index of a unit -> when an inspection last looked at it: a finding there, or a dossier of it marked as
    examined."""
    seen: list[tuple[str, datetime | None]] = [
        (one.unit, one.found_at) for one in standing_findings(warehouse.read("findings"))
    ]
    marked = {
        (row["MaDotKiemTra"], row["MaHoSo"]) for row in warehouse.read("inspected").to_pylist() if row["DaKiemTra"] == 1
    }
    for draw in past.draws:
        for taken in (*draw.random, *draw.chosen):
            if (draw.id, taken.dossier) in marked:
                day = datetime.fromisoformat(draw.as_of)
                seen += [(taken.unit, day), (draw.unit, day)]
    out: dict[int, datetime] = {}
    places = find([unit for unit, _ in seen])
    for place, (_, when) in zip(places, seen, strict=True):
        if when is not None and when <= at:
            out[place] = max(when, out.get(place, when))
    return out


def overdue_findings(warehouse: Warehouse, find: Find, at: datetime) -> dict[int, int]:
    """Index of a unit -> its findings that are not put right and past their deadline."""
    late = [
        one for one in standing_findings(warehouse.read("findings"))
        if one.due is not None and one.due.date() < at.date() and (one.found_at is None or one.found_at <= at)
        and (not one.done if one.done_at is None else one.done_at > at)
    ]  # fmt: skip
    out: dict[int, int] = {}
    for place in find([one.unit for one in late]):
        out[place] = out.get(place, 0) + 1
    return out
