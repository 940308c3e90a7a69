"""What inspections complain of: open dossiers that nobody moved for days, results not returned, dossiers filed and not
taken in, or taken in late, and open ones that nothing gives a due date."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from tthc_cli.facts.codes import DAY, HANDLED, REGISTERED
from tthc_cli.facts.columns import NAT, Times
from tthc_cli.facts.late.standing import NOTHING, clock_stopped_by, is_open
from tthc_cli.results.listing import Column
from tthc_cli.statements.dossiers.asking import CLOCK_COLUMNS
from tthc_cli.statements.dossiers.found import PLACE, UNIT, dossier_cells, listing, working_days

if TYPE_CHECKING:
    from tthc_cli.facts.dossiers import DossierFacts
    from tthc_cli.results.listing import Listing
    from tthc_cli.statements.dossiers.asking import Asked

COLUMNS = (
    Column("unit"), Column("unit_name", on_screen=False), Column("dossier"), Column("procedure", on_screen=False),
    Column("not_updated", "word", "lists.not_updated", share=3), Column("since", "moment"), Column("days", "number"),
    Column("received", "moment", on_screen=False), Column("due", "moment", on_screen=False), *PLACE,
)  # fmt: skip
DAYS = 10
"""Working days without movement, or with a result not returned, unless said otherwise."""
_INTAKE_HOURS = 8
"""Working hours within which what is filed online is to be taken in or answered."""
_TAKEN_IN_WITHIN = 31
"""Calendar days back in which dossiers taken in late are looked for: older ones cannot be mended."""
_KINDS = ("not_taken_in", "no_movement", "not_returned", "no_due_date", "taken_in_late")


def not_updated(asked: Asked) -> Listing:
    """Each dossier once, with the first of the findings that it has."""
    calendar, at = asked.moment.calendar, asked.at
    since_day = calendar.add_working_days(np.array([at // DAY]), np.array([-max(asked.days or (DAYS,))]))
    limit = int(since_day[0]) * DAY + at % DAY

    def findings(facts: DossierFacts) -> tuple[list[npt.NDArray[np.bool_]], list[Times]]:
        filed, received = facts.time("NgayNopHoSo"), facts.received_at
        known = (filed != NAT) & (filed <= at)
        until = np.where(received != NAT, np.minimum(received, at), at)
        lay = calendar.working_seconds_between(np.where(known, filed, 0), np.where(known, until, 0))
        late_in = known & (lay > _INTAKE_HOURS * 3600)
        open_, moved = is_open(facts), last_movement(facts)
        running = open_ & (clock_stopped_by(facts) == NOTHING)
        returned = facts.time("NgayTra")
        handed = (returned != NAT) & (returned <= at)
        handled = facts.finished & (facts.status == HANDLED) & ~handed
        conditions = [
            late_in & (facts.status == REGISTERED),
            running & (moved < limit),
            handled & (facts.closed_at != NAT) & (facts.closed_at < limit),
            open_ & facts.due_unknown,
            late_in & facts.received & (received > at - _TAKEN_IN_WITHIN * DAY),
        ]
        return conditions, [filed, moved, facts.closed_at, received, filed]

    def pick(facts: DossierFacts) -> npt.NDArray[np.intp]:
        return np.flatnonzero(np.any(findings(facts)[0], axis=0))

    def work(facts: DossierFacts) -> dict[str, Any]:
        conditions, since = findings(facts)
        begin = np.select(conditions, since, NAT)
        kind = np.select(conditions, _KINDS, "")
        end = np.where(kind == "taken_in_late", facts.received_at, at)
        return {
            **dossier_cells(facts, asked),
            "not_updated": kind.tolist(),
            "since": begin,
            "days": working_days(facts, begin, end),
        }

    found = asked.walk(pick, CLOCK_COLUMNS, work)
    totals = ("dossiers", *(f"not_updated.{kind}" for kind in _KINDS))
    return listing("not-updated", asked, COLUMNS, found, (UNIT, "not_updated", "since"), totals)


def last_movement(facts: DossierFacts) -> Times:
    """The last that is known to have happened to each dossier by the moment; NAT for nothing. Shape (n,)."""
    at = facts.context.cutoff
    out = facts.received_at.copy()
    for name in ("NgayBoSung", "NgayTiepNhanBoSung"):
        moved = facts.time(name)
        out = np.maximum(out, np.where(moved <= at, moved, NAT))
    return out if facts.log is None else np.maximum(out, facts.log.last_at)
