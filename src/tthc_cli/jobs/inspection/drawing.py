"""A draw of a workspace: made, stored, and kept from being changed afterwards."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tthc_cli.errors import InputError, UsageError
from tthc_cli.facts.codes import DAY
from tthc_cli.facts.moment import seconds_of
from tthc_cli.jobs.lists import asked_of, parameters_on
from tthc_cli.rulebooks.inspection.reading import OWN, inspection_rules
from tthc_cli.statements.inspection.drawing import Order, draw_id, draw_of
from tthc_cli.statements.inspection.frame import framed
from tthc_cli.statements.inspection.unit_answers import unit_answers
from tthc_cli.storage.draws import DRAWS, load_draw, save_draw
from tthc_cli.units.named import named_unit

if TYPE_CHECKING:
    from tthc_cli.periods import Period
    from tthc_cli.results.control.inspection import Draw
    from tthc_cli.workdays import WorkCalendar
    from tthc_cli.workspace import Workspace

_SEED = re.compile(r"[\w.-]{1,40}")
MOST = 2000
"""Dossiers that are drawn or chosen at most: a team looks at each of them."""


@dataclass(frozen=True, slots=True)
class DrawAsked:
    """A draw as it is asked for."""

    unit: str
    period: Period
    size: int
    seed: str
    chosen: int
    at: datetime
    named: bool = True
    """Whether somebody named the moment; if not, a draw that is stored is drawn again as of its own."""
    over: bool = False
    """Also where another draw of that name is stored."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A draw, and where it is stored."""

    draw: Draw
    path: Path
    again: bool
    """It was stored already, and came out the same."""


def _after(calendar: WorkCalendar, at: datetime, days: int) -> str:
    """The day so many working days later."""
    import numpy as np

    day = np.array([seconds_of(at) // DAY])
    return str(np.datetime64(int(calendar.add_working_days(day, np.array([days]))[0]), "D"))


def draw_inspection(workspace: Workspace, asked_for: DrawAsked) -> Drawn:
    """Draw, and store the draw. Raises UsageError for a size or seed that cannot be, InputError where nothing is
    stored, the unit is not known, the frame is empty, or the same draw came out otherwise before."""
    if _SEED.fullmatch(asked_for.seed) is None:
        raise UsageError("bad_seed", value=asked_for.seed)
    for value in (asked_for.size, asked_for.chosen):
        if not 0 <= value <= MOST:
            raise UsageError("bad_sample", value=value, most=MOST)
    if asked_for.period.start > asked_for.at:
        raise UsageError("inspection_not_begun", period=asked_for.period.id)
    rules = inspection_rules(workspace.root / OWN)
    asked, places = asked_of(workspace, asked_for.at, asked_for.unit)
    unit = named_unit(places, asked_for.unit)
    period = asked_for.period
    folder = workspace.root / DRAWS
    before = None if asked_for.over else load_draw(folder, draw_id(period, unit.id, asked_for.size, asked_for.seed))
    if before is not None and not asked_for.named and before.as_of != asked_for.at.isoformat():
        return draw_inspection(workspace, replace(asked_for, at=datetime.fromisoformat(before.as_of), named=True))
    frame = framed(asked, rules, seconds_of(period.start), seconds_of(period.end))
    order = Order(
        unit.id,
        unit.name,
        period,
        asked_for.at.isoformat(),
        asked_for.size,
        asked_for.seed,
        asked_for.chosen,
        _after(asked.moment.calendar, asked_for.at, rules.numbers["fix_days"]),
    )
    told = unit_answers(asked, period, parameters_on(workspace, asked_for.at))
    draw = draw_of(order, frame, rules, tuple(asked.tree.ids), told)
    if before is not None and before.frame_hash != draw.frame_hash:
        raise InputError(
            "drawn_before", id=draw.id, before=before.frame_size, day=datetime.fromisoformat(before.as_of),
            now=draw.frame_size,
        )  # fmt: skip
    return Drawn(draw, save_draw(folder, draw), before is not None)
