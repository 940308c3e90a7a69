"""Open dossiers that wait: for a supplement, a fee, another agency, or paused without a ground; how long.

And what of their supplements is against the rules: form 02 later than 3 working days (Nghị định 61/2018/NĐ-CP, Art.
19(4)); asked for twice or more (Art. 17(2)a).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tthc_cli.facts.codes import DAY, NEVER
from tthc_cli.facts.columns import NAT
from tthc_cli.facts.late.causes import steps_stand
from tthc_cli.facts.late.standing import (
    FEE,
    PAUSED,
    STANDINGS,
    SUPPLEMENT,
    clock_stopped_by,
    standing,
    stopped_since,
)
from tthc_cli.results.listing import Column
from tthc_cli.statements.dossiers.found import PLACE, UNIT, dossier_cells, listing, part_of, texts, working_days

if TYPE_CHECKING:
    from tthc_cli.facts.dossiers import DossierFacts
    from tthc_cli.results.listing import Listing
    from tthc_cli.statements.dossiers.asking import Asked

FORM_02_DAYS = 3
COLUMNS = (
    Column("unit"), Column("unit_name", on_screen=False), Column("dossier"), Column("procedure", on_screen=False),
    Column("waits_for", "word", "lists.waits_for", share=2), Column("since", "moment"), Column("days", "number"),
    Column("division", on_screen=False), Column("requests", "count", on_screen=False),
    Column("asked_after_days", "count", on_screen=False),
    Column("finding", "word", "lists.supplement_finding", share=2),
    Column("standing", "word", "lists.standing", on_screen=False), Column("received", "moment", on_screen=False),
    Column("due", "moment", on_screen=False), *PLACE,
)  # fmt: skip
_KINDS = ("supplement", "fee", "other_agency", "paused", "answered")


def waiting(asked: Asked) -> Listing:
    """Those that wait now, and those open ones whose supplements were asked for too late or too often."""

    def work(facts: DossierFacts) -> dict[str, Any]:
        steps = asked.steps(facts)
        last = steps.last(facts.n)
        away = np.append(asked.foreign(steps, asked.unit_of(facts)), False)[last] & steps_stand(steps, facts.n)
        stopped, stands = clock_stopped_by(facts), standing(facts)
        conditions = [stopped == SUPPLEMENT, stopped == FEE, away, stands == PAUSED, _finding(facts) != ""]
        rows = np.flatnonzero(np.any(conditions, axis=0))
        kind = np.select(conditions, _KINDS, "")[rows]
        begin = np.where(steps.rows.begin != NAT, steps.rows.begin, steps.rows.at)
        since = np.where(stopped > 0, stopped_since(facts), np.where(away, np.append(begin, NAT)[last], NAT))[rows]
        division = np.append(steps.rows.division, 0)[last][rows]
        names = [STANDINGS[s] for s in stands[rows].tolist()]
        part = part_of(facts, rows)
        return {
            **dossier_cells(part, asked),
            "waits_for": kind.tolist(),
            "since": since,
            "days": working_days(part, since, asked.at),
            "division": texts(steps.rows.divisions, division),
            "requests": part.supplement_requests,
            "asked_after_days": asked_after(part),
            "finding": _finding(part).tolist(),
            "standing": names,
        }

    totals = ("dossiers", *(f"waits_for.{kind}" for kind in _KINDS))
    return listing(
        "waiting", asked, COLUMNS, asked.walk_open(work), (UNIT, "waits_for", "since"), totals, asked.log_notes
    )


def asked_after(facts: DossierFacts) -> Any:
    """How many working days after receipt the first supplement of each dossier was asked for; 0 for none."""
    asked = facts.waits.first_asked_at(facts.n)
    asked = np.where(facts.ended_waiting, np.minimum(asked, facts.ended_waiting_at), asked)
    known = (asked != NEVER) & (facts.received_at != NAT)
    received = np.where(known, facts.received_at, 0) // DAY
    return np.where(known, facts.context.calendar.working_days_between(received, np.where(known, asked, 0) // DAY), 0)


def _finding(facts: DossierFacts) -> Any:
    """What of each dossier's supplements is against the rules, a key of `lists.supplement_finding`; "" for nothing."""
    late, often = asked_after(facts) > FORM_02_DAYS, facts.supplement_requests >= 2
    return np.select([late & often, late, often], ["both", "form_02_late", "twice"], "")
