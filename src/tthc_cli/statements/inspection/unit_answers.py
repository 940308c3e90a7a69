"""What the data say of checks U1 to U7: petitions in time, reports that came in, procedures of old levels."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np

from tthc_cli.facts.moment import seconds_of
from tthc_cli.indicators.qd766.petitions import IN_TIME, PetitionFacts, load_petitions
from tthc_cli.results.control.inspection import UnitAnswer
from tthc_cli.verdicts import OUTSIDE

if TYPE_CHECKING:
    from tthc_cli.periods import Period
    from tthc_cli.statements.dossiers.asking import Asked

_TWO_LEVELS = date(2025, 7, 1)
"""Since then there are no districts."""


def unit_answers(asked: Asked, period: Period, parameters: Mapping[str, Decimal | str]) -> tuple[UnitAnswer, ...]:
    """Of the units asked for together, where the data say something."""
    found = (_petitions(asked, period, parameters), _reports(asked, period), _old_levels(asked, period))
    return tuple(one for one in found if one is not None)


def _petitions(asked: Asked, period: Period, parameters: Mapping[str, Decimal | str]) -> UnitAnswer | None:
    """U5, as indicator 5.1 counts; without a rulebook in force nobody says within how many days."""
    limits = {name: value for name, value in parameters.items() if isinstance(value, Decimal)}
    warehouse = asked.moment.warehouse
    if not warehouse.has("petitions") or "petition_handle_days" not in limits:
        return None
    cutoff = min(asked.at, seconds_of(period.end) - 1)
    stored = load_petitions(warehouse.read("petitions"), asked.tree.place, cutoff)
    facts = PetitionFacts(stored, seconds_of(period.start), cutoff, limits, asked.moment.calendar)
    codes = IN_TIME.judge(facts)
    inside = ~IN_TIME.among(codes, OUTSIDE)
    if asked.units is not None:
        inside &= np.isin(stored.unit, list(asked.units))
    lost = inside & IN_TIME.lost(codes)
    counted, faulty = int(inside.sum()), int(lost.sum())
    return UnitAnswer("U5", "na" if not counted else "not_met" if faulty else "met", faulty, counted)


def _reports(asked: Asked, period: Period) -> UnitAnswer | None:
    """U2: units without a figure of the period in the national reporting system, where others have one."""
    rows = [row for row in asked.moment.warehouse.read("report_totals").to_pylist() if row["Ky"] == period.id]
    if not rows:
        return None
    reported = set(asked.tree.find([row["MaDonVi"] for row in rows]))
    wanted = asked.units if asked.units is not None else frozenset(range(len(asked.tree.ids)))
    missing = 0 if wanted & reported else 1
    return UnitAnswer("U2", "not_met" if missing else "", missing, 1)


def _old_levels(asked: Asked, period: Period) -> UnitAnswer | None:
    """U7: procedures in force on the last day of the period that name districts."""
    last = period.last_day.date()
    catalogue = asked.context.catalogue
    if last < _TWO_LEVELS or not len(catalogue):
        return None
    day = last.toordinal() - date(1970, 1, 1).toordinal()
    in_force = (catalogue.valid_from[: len(catalogue)] <= day) & (day <= catalogue.valid_to[: len(catalogue)])
    old = sum("huyen" in levels and bool(valid) for levels, valid in zip(catalogue.levels, in_force, strict=False))
    return UnitAnswer("U7", "not_met" if old else "", old, int(in_force.sum()))
