"""The morning paper of a workspace."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from tthc_cli.jobs.lists import asked_of, parameters_on
from tthc_cli.statements.at_moment import age_of_data
from tthc_cli.statements.today import today
from tthc_cli.units.named import named_unit

if TYPE_CHECKING:
    from tthc_cli.results.today import Today
    from tthc_cli.workspace import Workspace

MOST = 40
"""Urgent dossiers that are listed; all of them are in `tthc list`."""
_HANDLE = "petition_handle_days"


def paper(workspace: Workspace, at: datetime, unit: str | None = None, most: int = MOST) -> Today:
    """What is to be done at a moment, of all units or of one with all below it. Raises InputError when nothing is
    stored, or for a unit that there is not."""
    asked, places = asked_of(workspace, at, unit)
    rules = parameters_on(workspace, at)
    found = today(asked, {_HANDLE: Decimal(rules[_HANDLE])} if _HANDLE in rules else {}, most)
    found = replace(found, notes=(*age_of_data(asked.moment), *found.notes))
    if unit is None:
        return found
    one = named_unit(places, unit)
    return replace(found, unit=one.id, unit_name=one.name)
