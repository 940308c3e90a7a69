"""What `tthc explain` says of dossiers that lost points, and which command tells more."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tthc_cli.cli.session import Session, fitted_table, typed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tthc_cli.results.scorecard import LostDossier, Scorecard, UnitScore

DOSSIER = re.compile(r"-\d{6}-")
"""In every dossier code: unit code, yymmdd, serial."""


def moment(session: Session, iso: str, nothing: str = "–") -> str:
    """A moment as people write it: 30/06/2023 17:00 in Vietnamese, 2023-06-30 17:00 in English."""
    from tthc_cli.render.formats import day

    return day(iso, session.lang) if iso else nothing


def place_of_row(session: Session, source: str, sheet: str, row: int) -> str:
    """File, sheet and row; a row is called a row, so that it is not taken for a sheet."""
    return " › ".join(p for p in (source, sheet, session.say("explain.at_row", row=row) if row else "") if p)


def reason_text(session: Session, component: str, reason: str) -> str:
    return session.say(f"reasons.{component}.{reason}")


def lost_table(session: Session, lost: Sequence[LostDossier]) -> Any:
    """What lost points, and where it is to be found. Procedures and units have no times."""
    from tthc_cli.indicators.registry import ids_of

    say = session.say
    decisions = ids_of("decision")
    procedures = all(x.procedure.startswith(x.dossier) for x in lost)
    timed = any(x.received or x.due or x.finished for x in lost)
    times = "decision_times" if all(x.component in decisions for x in lost) else "times"
    what = "procedure" if procedures else "dossier" if all(DOSSIER.search(x.dossier) for x in lost) else "subject"
    several = len({x.component for x in lost}) > 1
    shares = {**({"id": 0} if several else {}), what: 4, **({times: 0} if timed else {}), "reason": 3, "place": 4}
    heads = ((say(f"explain.{name}"), "left", share) for name, share in shares.items())
    table = fitted_table(session.out.width, *heads)
    for x in lost:
        name = x.procedure if procedures else "\n".join(t for t in (x.dossier, x.procedure) if t)
        times = "\n→ ".join(moment(session, t, "…") for t in (x.received, x.due, x.finished))
        place = place_of_row(session, x.source.rpartition("/")[2], x.sheet, x.row)
        reason = reason_text(session, x.component, x.reason)
        table.add_row(*((x.component,) if several else ()), name, *((times,) if timed else ()), reason, place)
    return table


def how_to_ask(session: Session, card: Scorecard, unit: UnitScore) -> str:
    """The commands that tell more of a unit, division or official, as they are typed."""
    other = card.rulebook.evaluation != "qd766"
    options = [f"--evaluation {card.rulebook.evaluation}"] if other and card.subjects == "units" else []
    options += [f"--subjects {card.subjects}"] if card.subjects != "units" else []
    component = card.rulebook.components[0].id if other else "2.1"
    return session.say(
        "explain.next", unit=typed(unit.id), component=component, options="".join(f" {o}" for o in options)
    )
