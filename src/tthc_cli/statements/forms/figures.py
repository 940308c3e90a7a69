"""In what figures of a statutory form each dossier counts: how it came in, where it stood at the end of the window, and
what a form may ask beside that (letters, payment, boundaries, causes typed in, what is filed and not taken in)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from tthc_cli import schema
from tthc_cli.facts.codes import ONLINE, POSTAL, REFUSED, STOPPED, WITHDRAWN
from tthc_cli.facts.columns import NAT, among, by_index
from tthc_cli.facts.late.standing import NOTHING, clock_stopped_by
from tthc_cli.forms.layout import CAUSES, STATES
from tthc_cli.indicators.registry import MEASURES
from tthc_cli.results.beside import form_columns

if TYPE_CHECKING:
    from tthc_cli.facts.dossiers import DossierFacts
    from tthc_cli.facts.late.known import Known
    from tthc_cli.forms.layout import Layout

Mask = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
_INTAKE_HOURS = 8
"""Working hours within which what is filed online is to be taken in or answered."""
_CAUSES = {"regulation": "cause_regulation", "official": "cause_official", "outage": "cause_facility"}


@dataclass(frozen=True)
class Figured:
    """Of n dossiers: 1 where one counts in a figure; shape (n, names)."""

    names: tuple[str, ...]
    cells: Ints
    shown: Mask
    """Counts in any column of the form. Shape (n,)."""
    still_waiting: int
    left_out: int


@dataclass
class _Judged:
    """Dossiers as a window sees them: ways in and states, which parameters of the form may move."""

    facts: DossierFacts
    """Its period is the window."""
    ever: DossierFacts
    """The same dossiers at the same moment; everything received by then is in its period."""
    known: Known
    ways: dict[str, Mask]
    states: dict[str, Mask]

    @property
    def counts(self) -> Mask:
        counts: Mask = np.logical_or.reduce(list(self.ways.values()))
        return counts

    def move(self, which: Mask, to: str) -> None:
        """Put some dossiers in another state."""
        for name, state in self.states.items():
            self.states[name] = np.where(which, name == to, state)

    def of(self, name: str) -> Mask:
        """Which dossiers count in a figure."""
        if name in self.states:
            return self.states[name]
        if name in self.ways:
            return self.ways[name]
        return _OTHERS[name](self)


def figures(facts: DossierFacts, ever: DossierFacts, names: tuple[str, ...], layout: Layout, known: Known) -> Figured:
    """The figures of dossiers, in the order of `names`. facts: their period is the window; ever: at the same moment,
    with a period that has no start."""
    reasons = MEASURES.form.reasons
    verdict = np.asarray(MEASURES.form.judge(facts))
    waiting_still = _still_waiting(facts)
    told = [("", ""), *(form_columns(reason.key) for reason in reasons[1:])]
    ways, states = {}, {}
    for way in ("online", "direct", "carried"):
        ways[way] = np.array([one[0] == way for one in told])[verdict]
    for state in STATES:
        states[state] = np.array([one[1] == state for one in told])[verdict]
    ways["carried"] |= waiting_still
    states["open_within"] |= waiting_still & facts.within_due
    states["open_past"] |= waiting_still & ~facts.within_due
    by_post = among(facts.code("KenhThucHien"), POSTAL)
    ways["post"], ways["direct"] = ways["direct"] & by_post, ways["direct"] & ~by_post
    judged = _Judged(facts, ever, known, ways, states)
    out = _by_parameters(judged, layout)
    counts = judged.counts
    cells = np.zeros((facts.n, len(names)), np.int64)
    for at, name in enumerate(names):
        cells[:, at] = judged.of(name) & ~out & (counts | name.startswith("intake_"))
    needed = [at for at, name in enumerate(names) if name in layout.needs]
    shown: Mask = np.asarray(cells[:, needed].any(axis=1))
    return Figured(names, cells, shown, int((waiting_still & ~out).sum()), int((out & counts).sum()))


def _still_waiting(facts: DossierFacts) -> Mask:
    """Received before the window, and waiting since before it for the only supplement that was asked for."""
    start = facts.context.start
    known = (facts.received_at != NAT) & (facts.received_at < start)
    waiting: Mask = known & facts.ended_waiting & (facts.finished_at < start)
    return waiting


def _by_parameters(judged: _Judged, layout: Layout) -> Mask:
    """Move what was withdrawn, stopped or waits as the form says; returns what is in no column."""
    out = np.zeros(judged.facts.n, np.bool_)
    for name, rule in (("withdrawn", layout.withdrawn), ("stopped", layout.stopped), ("waiting", layout.waiting)):
        if rule in ("on_time", "excluded"):
            which = judged.of(name)
            if rule == "on_time":
                judged.move(which & judged.counts, "on_time")
            else:
                out |= which
    return out


def _withdrawn(judged: _Judged) -> Mask:
    gone: Mask = among(judged.facts.status, WITHDRAWN) & (judged.facts.closed_at != NAT)
    return gone


def _stopped(judged: _Judged) -> Mask:
    """Stopped at the end of the window: by the log; else by the dossier's own status, which is that of its last
    export."""
    facts = judged.facts
    own = among(facts.status, STOPPED)
    if facts.log is None:
        return own
    return np.where(facts.log.present, facts.log.last_status == STOPPED, own & ~facts.log.goes_on)


def _waiting(judged: _Judged) -> Mask:
    waits: Mask = clock_stopped_by(judged.ever) != NOTHING
    return waits


def _online(*levels: int) -> Callable[[_Judged], Mask]:
    """Received online for procedures of some level of online service."""

    def found(judged: _Judged) -> Mask:
        facts = judged.facts
        level = facts.context.catalogue.online_level
        of_level: Mask = judged.ways["online"] & by_index(np.isin(level, levels), facts.procedure)
        return of_level

    return found


def _lettered(state: str, lettered: bool) -> Callable[[_Judged], Mask]:
    def of_state(judged: _Judged) -> Mask:
        has = np.zeros(judged.facts.n, np.bool_)
        letters = judged.facts.context.letters
        if letters is not None:
            has[letters.find(judged.facts.chunk.column(schema.KEY_HASH).to_numpy())[0]] = True
        found: Mask = judged.states[state] & (has == lettered)
        return found

    return of_state


def _paid(online: bool) -> Callable[[_Judged], Mask]:
    """Received in the window and owing a fee, paid online or not."""

    def found(judged: _Judged) -> Mask:
        paid: Mask = judged.facts.owes_fee & (judged.facts.paid_online == online)
        return paid & ~judged.ways["carried"]

    return found


def _abroad(judged: _Judged) -> Mask:
    told: Mask = judged.facts.code("PhiDiaGioi") == 1
    return told & ~judged.ways["carried"]


def _intake(judged: _Judged, late: bool) -> Mask:
    """Filed online by the end of the window, and neither taken in nor refused by then."""
    facts, cutoff = judged.facts, judged.facts.context.cutoff
    filed, refused = facts.time("NgayNopHoSo"), facts.time("NgayTuChoi")
    known = (filed != NAT) & (filed <= cutoff) & among(facts.code("KenhThucHien"), ONLINE)
    taken = (facts.received_at != NAT) & (facts.received_at <= cutoff)
    ended = (refused != NAT) & (refused <= cutoff)
    ended |= among(facts.status, REFUSED, WITHDRAWN) & (refused == NAT) & (facts.received_at == NAT)
    lies = known & ~taken & ~ended
    out = np.zeros(facts.n, np.bool_)
    rows = np.flatnonzero(lies)
    lay = facts.context.calendar.working_seconds_between(filed[rows], np.full(len(rows), cutoff))
    out[rows] = (lay > _INTAKE_HOURS * 3600) == late
    return out


def _intake_refused(judged: _Judged) -> Mask:
    """Refused in the window without having been taken in."""
    facts, context = judged.facts, judged.facts.context
    refused = facts.time("NgayTuChoi")
    inside = (refused >= context.start) & (refused <= min(context.end - 1, context.cutoff))
    refused_there: Mask = inside & among(facts.status, REFUSED) & (facts.received_at == NAT)
    return refused_there


def _cause(name: str) -> Callable[[_Judged], Mask]:
    """Past due at the end of the window, for a cause that the office typed."""

    def found(judged: _Judged) -> Mask:
        causes = judged.known.causes
        keys = [key for key, typed in causes.items() if _CAUSES.get(typed, "cause_other") == name]
        wanted = np.array(list(causes) if name == "cause_unknown" else keys, np.uint64)
        of_cause: Mask = np.isin(
            judged.facts.chunk.column(schema.KEY_HASH).to_numpy(), wanted, invert=name == "cause_unknown"
        )
        return judged.states["open_past"] & of_cause

    return found


_OTHERS: dict[str, Callable[[_Judged], Mask]] = {
    "withdrawn": _withdrawn,
    "stopped": _stopped,
    "waiting": _waiting,
    "online_full": _online(2),
    "online_partial": _online(1),
    "online_other": _online(0, -1),
    "abroad": _abroad,
    "late_lettered": _lettered("late", lettered=True),
    "late_unlettered": _lettered("late", lettered=False),
    "past_lettered": _lettered("open_past", lettered=True),
    "past_unlettered": _lettered("open_past", lettered=False),
    "paid_online": _paid(True),
    "paid_directly": _paid(False),
    "intake_in_time": lambda judged: _intake(judged, late=False),
    "intake_late": lambda judged: _intake(judged, late=True),
    "intake_refused": _intake_refused,
    **{name: _cause(name) for name in CAUSES},
}  # fmt: skip
