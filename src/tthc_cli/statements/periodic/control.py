"""Numbers of the periodic report on control work: procedures reviewed and what that saves, units inspected."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from tthc_cli.results.control.cost import dong
from tthc_cli.statements.plan.tasks import state_of
from tthc_cli.statements.review.candidates import priced_of
from tthc_cli.statements.review.progress import RESULTS
from tthc_cli.statements.review.volumes import volumes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tthc_cli.statements.periodic.seen import Figures, Seen


def review(seen: Seen) -> Figures | None:
    """Procedures whose review was due in the period, as they stood at its end; of those reviewed, the proposals and
    what they save in a year (of twelve months up to then, all units). None where no plan reaches back to the period."""
    items = seen.warehouse.read("review_items").to_pylist()
    last = seen.until.date()
    if not any(item["Han"] is not None and item["Han"] <= last for item in items):
        return None
    wanted = seen.wants([str(item["DonVi"] or "") for item in items])
    mine = [item for item, is_mine in zip(items, wanted, strict=True) if is_mine and seen.holds(item["Han"])]
    done = [item for item in mine if item["NgayHoanThanh"] is not None and item["NgayHoanThanh"] <= last]
    states = Counter(
        state_of(item["NgayHoanThanh"] if item in done else None, item["Han"], last) for item in mine
    )  # fmt: skip
    proposed = [item for item in done if item["PhuongAn"] and RESULTS.get(item["KetQua"]) != "kept"]
    return {
        "due": len(mine), "in_time": states["done_in_time"], "late": states["done_late"],
        "missing": states["overdue"] + states["not_due"], "proposals": len(proposed),
        **_saving(seen, {str(item["MaTTHC"]) for item in proposed}),
    }  # fmt: skip


def _saving(seen: Seen, codes: set[str]) -> Figures:
    """Of the proposals of which the cost is known; nothing where it is of none."""
    known = {row["MaTTHC"] for row in seen.warehouse.read("cost_steps", ["MaTTHC"]).to_pylist()}
    if not codes & known:
        return {}
    asked = replace(seen.asked, window=None, units=None)
    costs = priced_of(asked, volumes(asked))
    priced = [one for code, one in sorted(costs.items()) if code in codes and one.saving is not None]
    if not priced:
        return {}
    before = sum((one.year_before for one in priced), Fraction(0))
    after = sum((one.year_after or Fraction(0) for one in priced), Fraction(0))
    return {"saving": dong(before - after) or 0, "cost": dong(before) or 0}


def inspected(seen: Seen) -> Figures | None:
    """Units of which dossiers were marked as examined in draws of the period, and these dossiers. A draw is of the day
    it was drawn; one that is not stored here, of the first finding it made."""
    marked: dict[str, set[str]] = {}
    for row in seen.warehouse.read("inspected").to_pylist():
        if row["DaKiemTra"] == 1:
            marked.setdefault(row["MaDotKiemTra"], set()).add(row["MaHoSo"])
    days = _days(seen, set(marked))
    if not any(day <= seen.until for day, _ in days.values()):
        return None
    here = [draw for draw, (day, _) in days.items() if seen.holds(day)]
    units = [days[draw][1] for draw in here]
    mine = [(draw, unit) for draw, unit, wanted in zip(here, units, seen.wants(units), strict=True) if wanted]
    return {
        "draws": len(mine), "units": len({unit for _, unit in mine}),
        "dossiers": len(set().union(*(marked[draw] for draw, _ in mine))),
    }  # fmt: skip


def _days(seen: Seen, draws: set[str]) -> dict[str, tuple[datetime, str]]:
    """Draw -> when it was, and the unit it is of."""
    found = {one.id: (datetime.fromisoformat(one.as_of), one.unit) for one in seen.draws if one.id in draws}
    rows: Sequence[dict[str, Any]] = seen.warehouse.read("findings").to_pylist() if draws - set(found) else ()
    told = [row for row in rows if row["MaDotKiemTra"] in draws - set(found) and row["NgayPhatHien"] is not None]
    for row in sorted(told, key=lambda row: (row["NgayPhatHien"], row["MaPhatHien"])):
        day = row["NgayPhatHien"]
        when = day if isinstance(day, datetime) else datetime(day.year, day.month, day.day)
        found.setdefault(row["MaDotKiemTra"], (when, str(row["DonVi"] or "")))
    return found
