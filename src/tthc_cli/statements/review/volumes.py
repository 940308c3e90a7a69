"""What the dossiers of some months tell of each procedure: how many came, by which channel, how they went, what was
paid. One row of counts a procedure of the catalogue, and a last one for dossiers of procedures that it does not list.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from tthc_cli import schema
from tthc_cli.facts.codes import REFUSED
from tthc_cli.facts.columns import NAT, Column, whole
from tthc_cli.results.notes import note
from tthc_cli.statements.dossiers.asking import CLOCK_COLUMNS

if TYPE_CHECKING:
    from tthc_cli.facts.dossiers import DossierFacts
    from tthc_cli.statements.dossiers.asking import Asked

Ints = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]
DIRECT, ONLINE, POSTAL = 1, 2, 3
KINDS = (
    "received", "direct", "online", "postal", "late", "requests", "supplemented", "refused", "petitions", "verified",
)  # fmt: skip
"""Of dossiers received in those months: all; by channel (a blank one is direct); late, finished or not; requests for
supplements; with one; refused; petitions about them; filed from an account authenticated with VNeID."""
_COLUMNS = (*CLOCK_COLUMNS, "KenhThucHien", "Gia", "TaiKhoanDuocXacThucVoiVNeID", schema.KEY_HASH)


@dataclass(frozen=True)
class Volumes:
    """Counts by procedure, and the fees over zero."""

    start: int
    end: int
    """First second of the months, and first second after them."""
    counts: Ints
    """Shape (procedures + 1, kinds)."""
    payer: Ints
    """The procedure of each fee, in order; then by fee."""
    fee: Ints

    def of(self, kind: str) -> Ints:
        """Shape (procedures + 1,)."""
        found: Ints = self.counts[:, KINDS.index(kind)]
        return found

    def subjects(self, procedure: int, channel: int | None) -> int:
        """Dossiers of a procedure received in those months, by all channels or by one."""
        kind = {None: "received", DIRECT: "direct", ONLINE: "online", POSTAL: "postal"}[channel]
        return int(self.of(kind)[procedure])

    def fees(self, procedure: int) -> Ints:
        begin, end = np.searchsorted(self.payer, (procedure, procedure + 1))
        return self.fee[begin:end]

    def median_fee(self, procedure: int) -> Fraction | None:
        """The middle one of the fees over zero, or the mean of the two in the middle; None where none was paid."""
        fees = self.fees(procedure)
        if not len(fees):
            return None
        middle = len(fees) // 2
        return Fraction(int(fees[middle] + fees[middle - (len(fees) % 2 == 0)]), 2)


def year_of(asked: Asked) -> tuple[int, int]:
    """First second, and first second after it, of the period asked for up to the moment; without one, of the twelve
    months that end with the day of the moment."""
    if asked.window is not None:
        return asked.period(0)
    day = asked.moment.at.date() + timedelta(days=1)
    month = np.datetime64(day, "M") - 12
    ago = min(month.astype("datetime64[D]") + (day.day - 1), (month + 1).astype("datetime64[D]") - 1)
    return int(ago.astype("datetime64[s]").astype(np.int64)), asked.at + 1


def short_of_a_year(asked: Asked, start: int) -> tuple[str, ...]:
    """A note where the dossiers stored begin after the month in which a year does."""
    months = [month for *_, month, _ in asked.chunks if month[:1].isdigit()]
    wanted = str(np.datetime64(start, "s").astype("datetime64[M]"))
    return (note("cost_short", month=min(months)),) if months and min(months) > wanted else ()


def volumes(asked: Asked) -> Volumes:
    """Of the units asked for, in the period asked for; else in the twelve months up to the moment."""
    start, end = year_of(asked)
    procedures = len(asked.context.catalogue) + 1
    complained, times = _petitions(asked, start, end)

    def work(facts: DossierFacts) -> tuple[Ints, Ints, Ints]:
        rows = facts.received & (facts.received_at >= start) & (facts.received_at < end)
        channel = facts.code("KenhThucHien", DIRECT)
        requests = facts.supplement_requests
        closed = facts.finished | facts.finished_untimed
        weights = {
            "received": np.ones(facts.n), "direct": channel == DIRECT, "online": channel == ONLINE,
            "postal": channel == POSTAL, "late": ~facts.due_unknown & ~facts.within_due, "requests": requests,
            "supplemented": requests > 0, "refused": (facts.status == REFUSED) & closed,
            "petitions": _times(whole(facts.chunk.column(schema.KEY_HASH)).to_numpy(), complained, times),
            "verified": facts.code("TaiKhoanDuocXacThucVoiVNeID") == 1,
        }  # fmt: skip
        procedure = facts.procedure[rows]
        counts = np.stack(
            [np.bincount(procedure, np.asarray(weights[kind])[rows], procedures) for kind in KINDS], axis=1
        ).astype(np.int64)
        paid = np.flatnonzero(rows & facts.charges_fee)
        return counts, facts.procedure[paid].astype(np.int64), facts.code("Gia")[paid].astype(np.int64)

    since = str(np.datetime64(start, "s").astype("datetime64[M]"))
    parts = list(asked.walk_all(work, since, _COLUMNS))
    counts = sum((p[0] for p in parts), np.zeros((procedures, len(KINDS)), np.int64))
    payer, fee = (np.concatenate([np.zeros(0, np.int64), *(p[at] for p in parts)]) for at in (1, 2))
    order = np.lexsort((fee, payer))
    return Volumes(start, end, counts, payer[order], fee[order])


def _petitions(asked: Asked, start: int, end: int) -> tuple[Hashes, Ints]:
    """The dossiers that petitions of those months are about, and how many each; refused ones are none."""
    table = asked.moment.warehouse.read("petitions", ["NgayGui", "NgayTuChoi", schema.KEY_HASH])
    sent, refused = (Column(whole(table.column(name))).seconds for name in ("NgayGui", "NgayTuChoi"))
    hashes = table.column(schema.KEY_HASH).to_numpy()
    wanted = (sent >= start) & (sent < end) & ((refused == NAT) | (refused > asked.at)) & (hashes != 0)
    found, times = np.unique(hashes[wanted], return_counts=True)
    return found, times


def _times(hashes: Hashes, complained: Hashes, times: Ints) -> Ints:
    """How many petitions are about each dossier. Shape of hashes."""
    out = np.zeros(len(hashes), np.int64)
    if len(complained):
        place = np.minimum(np.searchsorted(complained, hashes), len(complained) - 1)
        hit = complained[place] == hashes
        out[hit] = times[place[hit]]
    return out
