"""The conclusion of an inspection of a workspace: which draw it is of, and what was taken in of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from tthc_cli.errors import InputError
from tthc_cli.jobs.lists import asked_of
from tthc_cli.statements.inspection.concluding import Told, conclude
from tthc_cli.storage.draws import DRAWS, stored_draws
from tthc_cli.units.named import named_unit

if TYPE_CHECKING:
    from tthc_cli.messages import Lang
    from tthc_cli.periods import Period
    from tthc_cli.results.control.conclusion import Conclusion
    from tthc_cli.results.control.inspection import Draw
    from tthc_cli.workspace import Workspace


@dataclass(frozen=True, slots=True)
class ReportAsked:
    """A conclusion as it is asked for."""

    unit: str
    period: Period
    at: datetime
    draw: str = ""
    """Its id, where there are several; "" = the only one, or the only one that was filled in."""


def inspection_report(workspace: Workspace, wanted: ReportAsked, lang: Lang) -> Conclusion:
    """Raises InputError where there is no such draw, several, or nothing of it was taken in."""
    asked, places = asked_of(workspace, wanted.at, wanted.unit)
    unit = named_unit(places, wanted.unit)
    warehouse = asked.moment.warehouse
    told = Told(*(warehouse.read(name) for name in ("inspected", "inspected_units", "findings")))
    filled = {row["MaDotKiemTra"] for row in told.lines.to_pylist()}
    draw = _chosen(stored_draws(workspace.root / DRAWS), unit.id, wanted, filled)
    if draw.id not in filled:
        raise InputError("not_filled_in", id=draw.id)

    def of_unit(name: str) -> bool:
        return asked.units is None or asked.tree.find([name])[0] in asked.units

    return conclude(draw, told, wanted.at, of_unit, lang)


def _chosen(draws: tuple[Draw, ...], unit: str, wanted: ReportAsked, filled: set[str]) -> Draw:
    """The draw that is meant. filled: ids of those of which something was taken in."""
    period = wanted.period
    of_period = [
        one for one in draws
        if one.unit == unit and one.period == period.id and one.start == period.start.date().isoformat()
    ]  # fmt: skip
    some = [one for one in of_period if not wanted.draw or one.id == wanted.draw]
    if len(some) > 1:
        some = [one for one in some if one.id in filled] or some
    if not some:
        known = ", ".join(one.id for one in of_period or draws) or "–"
        raise InputError("no_draw", unit=unit, period=period.id, known=known)
    if len(some) > 1:
        raise InputError("several_draws", unit=unit, period=period.id, known=", ".join(one.id for one in some))
    return some[0]
