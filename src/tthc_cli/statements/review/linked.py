"""Procedures that might be linked, so that one filing starts all.

The evidence: pairs of agencies that dossiers pass through, with the time they lie between them; papers that one
procedure gives and another asks for. Pairs within a group that is linked already are told as such. The law asks only
for proposals (Nghị định 61/2018/NĐ-CP; Thông tư 01/2018/TT-VPCP, Điều 11); what counts as evidence is chosen here.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from tthc_cli.facts.columns import NAT
from tthc_cli.results.listing import Column
from tthc_cli.results.notes import note
from tthc_cli.statements.dossiers.asking import CLOCK_COLUMNS
from tthc_cli.statements.review.law import linked_groups
from tthc_cli.statements.review.rows import listed
from tthc_cli.statements.review.volumes import volumes, year_of
from tthc_cli.text import fold

if TYPE_CHECKING:
    from tthc_cli.facts.dossiers import DossierFacts
    from tthc_cli.results.listing import Listing
    from tthc_cli.statements.dossiers.asking import Asked

Ints = npt.NDArray[np.int64]
KINDS = ("agencies", "papers", "linked")
COLUMNS = (
    Column("kind", "word", "lists.linked_kind"), Column("first", share=1), Column("second", share=1),
    Column("paper", on_screen=False), Column("dossiers", "count"), Column("waiting_hours", "number"),
)  # fmt: skip
_ASKED, _GIVEN = 1, 2
"""Loai: a paper asked for, or given."""


def linked_candidates(asked: Asked) -> Listing:
    """By kind, the most dossiers first."""
    rows = [*_agencies(asked), *_papers(asked)]
    rows.sort(key=lambda r: (KINDS.index(r["kind"]), -r["dossiers"], r["first"], r["second"]))
    notes = [note("linked_known")]
    if asked.step_log is None:
        notes.append(note("no_process_log"))
    if not asked.moment.warehouse.has("procedure_components"):
        notes.append(note("no_components"))
    counted = {f"kind.{kind}": sum(row["kind"] == kind for row in rows) for kind in KINDS}
    return listed("linked-candidates", asked, COLUMNS, rows, counted, notes)


def _agencies(asked: Asked) -> list[dict[str, Any]]:
    """Pairs of the unit of a dossier and another agency that did a step of it: dossiers, and the median of the working
    time from the step before to the begin of the agency's, else to its end."""
    start, end = year_of(asked)
    calendar = asked.moment.calendar

    def work(facts: DossierFacts) -> tuple[Ints, Ints, Ints, Ints]:
        steps, own = asked.steps(facts), asked.unit_of(facts)
        rows = steps.rows
        inside = facts.received & (facts.received_at >= start) & (facts.received_at < end)
        foreign = np.flatnonzero(asked.foreign(steps, own) & inside[rows.dossier] & (rows.at <= asked.at))
        named = np.array(asked.tree.find(list(rows.divisions)), np.int64)[rows.division[foreign]]
        before = np.maximum(foreign - 1, 0)
        follows = (foreign > 0) & (rows.dossier[before] == rows.dossier[foreign])
        from_ = np.where(follows, rows.at[before], 0)
        until = np.where(rows.begin[foreign] != NAT, rows.begin[foreign], rows.at[foreign])
        known = follows & (until >= from_)
        waited = calendar.working_seconds_between(from_, np.where(known, until, from_))
        first = ~_repeated(rows.dossier[foreign], named)
        return own[rows.dossier[foreign]], named, np.where(known, waited, -1), first.astype(np.int64)

    since = str(np.datetime64(start, "s").astype("datetime64[M]"))
    parts = list(asked.walk_all(work, since, (*CLOCK_COLUMNS, "MaHoSo")))
    blank = np.zeros(0, np.int64)
    unit, agency, waited, counted = (np.concatenate([blank, *(p[at] for p in parts)]) for at in range(4))
    return [
        {
            "kind": "agencies", "first": asked.tree.names[one], "second": asked.tree.names[other],
            "dossiers": dossiers, "waiting_hours": hours,
        }
        for one, other, dossiers, hours in by_pair(unit, agency, waited, counted)
    ]  # fmt: skip


def by_pair(unit: Ints, agency: Ints, waited: Ints, counted: Ints) -> list[tuple[int, int, int, float | None]]:
    """(unit, agency, sum of `counted`, median wait in hours to a tenth) of every pair. waited: seconds, -1 = not known;
    all have shape (m,).

    >>> by_pair(*(np.array(a) for a in ([1, 1, 1], [2, 2, 2], [3600, -1, 7200], [1, 0, 1])))
    [(1, 2, 2, 1.5)]
    """
    order = np.lexsort((waited, agency, unit))
    unit, agency, waited, counted = unit[order], agency[order], waited[order], counted[order]
    starts = np.flatnonzero(np.diff(unit, prepend=-1) | np.diff(agency, prepend=-1)).tolist()
    out = []
    for begin, end in pairwise([*starts, len(unit)]):
        hours = waited[begin:end]
        hours = hours[np.searchsorted(hours, 0) :]
        two = int(hours[(len(hours) - 1) // 2] + hours[len(hours) // 2]) if len(hours) else 0
        median = (10 * two + 3600) // 7200 / 10 if len(hours) else None
        out.append((int(unit[begin]), int(agency[begin]), int(counted[begin:end].sum()), median))
    return out


def _repeated(dossier: Ints, agency: Ints) -> npt.NDArray[np.bool_]:
    """Whether a step is of a dossier and agency that an earlier one was of. Shape (m,)."""
    out = np.ones(len(dossier), np.bool_)
    _, first = np.unique(np.stack([dossier, agency]), axis=1, return_index=True)
    out[first] = False
    return out


def _papers(asked: Asked) -> list[dict[str, Any]]:
    """Procedures of which one gives a paper that the other asks for, with the dossiers of the other; those of a group
    that is linked already are told as such."""
    table = asked.moment.warehouse.read("procedure_components").to_pylist()
    if not table:
        return []
    catalogue, received = asked.context.catalogue, volumes(asked).of("received")
    given: dict[str, list[str]] = {}
    for row in table:
        if row["Loai"] == _GIVEN:
            given.setdefault(row["MaGiayTo"], []).append(row["MaTTHC"])
    out = []
    for row in table:
        if row["Loai"] != _ASKED:
            continue
        at = catalogue.by_code.get(row["MaTTHC"])
        for giver in given.get(row["MaGiayTo"], []):
            first, second = (_label(asked, code) for code in (giver, row["MaTTHC"]))
            if first == second:
                continue
            out.append(
                {
                    "kind": "linked" if _together(first, second) else "papers", "first": first, "second": second,
                    "paper": f"{row['MaGiayTo']} {row['TenGiayTo'] or ''}".strip(),
                    "dossiers": 0 if at is None else int(received[at]),
                }
            )  # fmt: skip
    return out


def _label(asked: Asked, code: str) -> str:
    at = asked.context.catalogue.by_code.get(code)
    return code if at is None else asked.context.catalogue.label(at)


def _together(first: str, second: str) -> bool:
    """Whether two procedures are members of one group that is linked already."""
    names = fold(first), fold(second)
    return any(
        all(any(fold(member) in name for member in group.members) for name in names) for group in linked_groups()
    )
