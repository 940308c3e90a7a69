"""Numbers of the periodic report that come from stored tables: decisions, petitions, letters and causes of what is
late, findings, reports of units. Of each None where the table does not reach back to the period."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from tthc_cli import schema
from tthc_cli.facts.late.causes import causes
from tthc_cli.facts.late.standing import OVERDUE, standing
from tthc_cli.facts.letters.state import Letters, LetterState
from tthc_cli.facts.marks.findings import findings as stored_findings
from tthc_cli.indicators.qd766.announcements import MINISTRY
from tthc_cli.indicators.qd766.petitions import NAT, load_petitions
from tthc_cli.statements.dossiers.asking import CLOCK_COLUMNS
from tthc_cli.statements.periodic.control import inspected, review
from tthc_cli.statements.periodic.seen import Figures, Seen
from tthc_cli.statements.plan.tasks import report_state, reports_due

if TYPE_CHECKING:
    import numpy.typing as npt

    from tthc_cli.facts.dossiers import DossierFacts

_KINDS = {1: "new", 2: "amended", 3: "abolished"}
_SEVERITIES = (1, 2, 3)


def decisions(seen: Seen) -> Figures | None:
    """Announcing decisions of the province signed in the period, and procedures by kind."""
    rows = [r for r in seen.warehouse.read("decisions").to_pylist() if r["CapCongBo"] != MINISTRY]
    if not _reaches(seen, [r["NgayKy"] for r in rows]):
        return None
    wanted = seen.wants([str(r["DonVi"] or "") for r in rows])
    found = [r for r, mine in zip(rows, wanted, strict=True) if mine and seen.holds(r["NgayKy"])]
    kinds = Counter(_KINDS.get(r["LoaiQuyetDinh"], "other") for r in found)
    return {"signed": len({r["SoQuyetDinh"] for r in found}), **{kind: kinds[kind] for kind in _KINDS.values()}}


def petitions(seen: Seen) -> Figures | None:
    """Petitions carried over into the period and received in it, and answers published."""
    table = seen.warehouse.read("petitions")
    if not _reaches(seen, table.column("NgayGui").to_pylist()):
        return None
    told = load_petitions(table, seen.asked.tree.place, seen.cutoff)
    units = seen.asked.units
    mine = np.isin(told.unit, list(units)) if units is not None else np.ones(len(told.unit), np.bool_)
    ended = np.where(told.handled != NAT, told.handled, told.refused)
    received = mine & (told.begun >= seen.start)
    carried = mine & (told.begun < seen.start) & ((ended == NAT) | (ended >= seen.start))
    published = mine & (told.published >= seen.start) & (told.published <= seen.cutoff)
    return {"carried": int(carried.sum()), "received": int(received.sum()), "published": int(published.sum())}


def findings(seen: Seen) -> Figures | None:
    """Findings made in the period; and of all that are known, those past the day by which they must be put right."""
    found = stored_findings(seen.warehouse.read("findings"))
    if not _reaches(seen, [one.found_at for one in found]):
        return None
    wanted = seen.wants([one.unit for one in found])
    known = [f for f, mine in zip(found, wanted, strict=True) if mine and f.found_at and f.found_at <= seen.until]
    here = [one for one in known if seen.holds(one.found_at)]

    def done(one: Any) -> bool:
        return bool(one.done and (one.done_at is None or one.done_at <= seen.until))

    severe = Counter(one.severity for one in here)
    return {
        "all": len(here), "units": len({one.unit for one in here}),
        "dossiers": len({one.dossier for one in here if one.dossier}), "done": sum(map(done, here)),
        "overdue": sum(not done(one) and one.due is not None and one.due.date() < seen.until.date() for one in known),
        **{f"severity_{level}": severe[level] for level in _SEVERITIES},
    }  # fmt: skip


def reports(seen: Seen) -> Figures | None:
    """Reports that units owed and that came due in the period, as they stood at its end."""
    every = reports_due(seen.warehouse.read("reports_due"))
    if not _reaches(seen, [one.due for one in every]):
        return None
    wanted = seen.wants([one.unit for one in every])
    states = Counter(
        report_state(one, seen.until.date())
        for one, mine in zip(every, wanted, strict=True) if mine and seen.holds(one.due)
    )  # fmt: skip
    missing = states["overdue"] + states["not_due"]
    return {
        "due": sum(states.values()), "in_time": states["done_in_time"], "late": states["done_late"], "missing": missing,
    }  # fmt: skip


def late(seen: Seen) -> Figures | None:
    """Dossiers finished late in the period or open past due at its end: by cause, as "cause.<key of lists.cause>"; and,
    where letters are registered, with one and without."""
    asked, told = seen.asked, Letters(seen.asked.moment)
    if not any(month[:7] <= f"{seen.until:%Y-%m}" for _, _, month, _ in asked.chunks):
        return None

    def pick(facts: DossierFacts) -> npt.NDArray[np.intp]:
        ended = (facts.closed_at >= seen.start) & (facts.closed_at <= seen.cutoff)
        ended = ended & facts.received & ~facts.due_unknown & ~facts.within_due
        return np.flatnonzero(ended | (standing(facts) == OVERDUE))

    def work(facts: DossierFacts) -> Counter[str]:
        state, steps = told.states(facts).state, asked.steps(facts)
        sent = np.isin(state, (LetterState.TOO_LATE, LetterState.IN_TIME))
        reasons = Counter(causes(facts, steps, asked.foreign(steps, asked.unit_of(facts)), asked.known))
        letters = {"with_letter": int(sent.sum()), "without_letter": int((~sent).sum())}
        return Counter({**letters, **{f"cause.{key}": count for key, count in reasons.items()}})

    total: Counter[str] = Counter(with_letter=0, without_letter=0)
    for part in asked.walk(pick, (*CLOCK_COLUMNS, schema.KEY_HASH), work):
        total.update(part)
    if not seen.warehouse.has("apologies"):
        del total["with_letter"], total["without_letter"]
    return dict(total)


def _reaches(seen: Seen, days: list[date | datetime | None]) -> bool:
    """Whether a table has a row of the period or of an earlier one."""
    last = seen.until.date()
    return any(day is not None and (day.date() if isinstance(day, datetime) else day) <= last for day in days)


TABLES: dict[str, Callable[[Seen], Figures | None]] = {
    "decisions": decisions, "petitions": petitions, "findings": findings, "reports": reports, "late": late,
    "review": review, "inspected": inspected,
}  # fmt: skip
"""What the outline calls them."""
FIGURES: dict[str, tuple[str, ...]] = {
    "decisions": ("signed", "new", "amended", "abolished"),
    "petitions": ("carried", "received", "published"),
    "findings": ("all", "units", "dossiers", "done", "overdue", "severity_1", "severity_2", "severity_3"),
    "reports": ("due", "in_time", "late", "missing"),
    "late": ("with_letter", "without_letter"),
    "review": ("due", "in_time", "late", "missing", "proposals", "saving", "cost"),
    "inspected": ("draws", "units", "dossiers"),
}
"""The numbers that an outline may ask of each."""
