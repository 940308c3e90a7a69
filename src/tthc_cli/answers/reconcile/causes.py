"""The recounts that are tried, one by one; which there are depends on what is stored."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from tthc_cli import schema
from tthc_cli.answers.reconcile.recounts import OURS, CarriedIn, CarriedOut, Recount, other_tree
from tthc_cli.facts.codes import DAY, WITHDRAWN
from tthc_cli.facts.columns import NAT, Column, among, whole
from tthc_cli.facts.moment import moment_of, seconds_of
from tthc_cli.ingest.issues import LOSERS
from tthc_cli.scoring.scored_tree import scored_tree
from tthc_cli.storage.parquet import open_parquet
from tthc_cli.units.tree import stored_units

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tthc_cli.answers.reconcile.recounts import Ints
    from tthc_cli.facts.dossiers import DossierFacts
    from tthc_cli.scoring.run import Run
    from tthc_cli.scoring.scored_tree import ScoredTree
    from tthc_cli.storage.warehouse import Warehouse

EXPORTS, TREES = 12, 6
"""Times of export that are tried, the latest ones; and changes of the unit table, the first ones."""


@dataclass(frozen=True)
class Superseded:
    """Rows of dossiers that a newer row of the same dossier replaces: of each, in order of its key."""

    keys: np.ndarray
    exported: Ints

    @classmethod
    def of(cls, warehouse: Warehouse) -> Superseded:
        keys, exported = [np.zeros(0, np.uint64)], [np.zeros(0, np.int64)]
        for partition in warehouse.partitions("dossiers" + LOSERS):
            with open_parquet(warehouse.path(partition)) as file:
                for group in range(file.num_row_groups):
                    rows = file.read_row_group(group, columns=["MaHoSo", schema.EXPORTED_AT], use_threads=False)
                    keys.append(schema.key_hash(whole(rows.column("MaHoSo"))))
                    exported.append(Column(whole(rows.column(schema.EXPORTED_AT))).seconds)
        found, times = np.concatenate(keys), np.concatenate(exported)
        order = np.argsort(found, kind="stable")
        return cls(found[order], times[order])

    def rows_of(self, keys: np.ndarray) -> Ints:
        """How many such rows each dossier has. Shape of keys."""
        low, high = (np.searchsorted(self.keys, keys, side=side) for side in ("left", "right"))
        out: Ints = (high - low).astype(np.int64)
        return out

    def known_by(self, keys: np.ndarray, at: int) -> np.ndarray:
        """Whether one of them was exported by a moment. Shape of keys."""
        early = self.keys[self.exported <= at]
        low, high = (np.searchsorted(early, keys, side=side) for side in ("left", "right"))
        return np.asarray(high > low)


def recounts(
    run: Run, tree: ScoredTree, names: Sequence[str], moments: Sequence[datetime], now: datetime
) -> list[Recount]:
    """Ours, and each other way. names: units as dossiers name them; moments: days on which a report may have been made,
    beside the times of export that are stored."""
    ours = Recount(OURS, run.context, tree)
    older = Superseded.of(run.warehouse)
    other = replace(run.period, style="nd09" if run.period.style == "calendar" else "calendar")
    moved = replace(run, period=other, cutoff=min(seconds_of(other.end) - 1, _known_until(run)))
    window = replace(ours, cause="window", context=moved.context, detail=other.style)
    return [
        ours,
        window,
        replace(ours, cause="carried_in", facts=CarriedIn),
        replace(ours, cause="carried_out", facts=CarriedOut),
        replace(window, cause="window_carried", facts=CarriedIn),
        replace(ours, cause="withdrawn", times=_not_withdrawn),
        replace(ours, cause="synchronised", times=lambda facts: facts.synchronised.astype(np.int64)),
        *([replace(ours, cause="duplicates", times=_every_row(older))] if len(older.keys) else []),
        replace(ours, cause="alike", times=_once_each),
        *_trees(run, ours, names, now),
        *_exports(run, ours, older),
        *_moments(run, ours, moments),
    ]


def _known_until(run: Run) -> int:
    """The last second that the data tell of; the end of the period says nothing of it."""
    ended = run.cutoff < seconds_of(run.period.end) - 1
    return run.cutoff if ended else np.iinfo(np.int64).max


def _not_withdrawn(facts: DossierFacts) -> Ints:
    out: Ints = (~among(facts.status, WITHDRAWN)).astype(np.int64)
    return out


def keys_of(facts: DossierFacts) -> np.ndarray:
    return np.asarray(whole(facts.chunk.column(schema.KEY_HASH)).to_numpy(), np.uint64)


def _every_row(older: Superseded) -> Callable[[DossierFacts], Ints]:
    return lambda facts: 1 + older.rows_of(keys_of(facts))


def _once_each(facts: DossierFacts) -> Ints:
    """Dossiers that are alike in unit, procedure, second of receipt and due time count once, under whatever codes;
    they are stored side by side."""
    unit, code = facts.names(schema.UNIT_KEY)[0], facts.names("MaTTHC")[0]
    received = facts.received_at
    timed = np.flatnonzero((received != NAT) & (received % DAY != 0))
    told = np.stack([unit[timed], code[timed], received[timed], facts.time("NgayHenTra")[timed]], axis=1)
    out = np.ones(facts.n, np.int64)
    if len(timed):
        _, first = np.unique(told, axis=0, return_index=True)
        out[timed] = 0
        out[timed[first]] = 1
    return out


def _trees(run: Run, ours: Recount, names: Sequence[str], now: datetime) -> Iterator[Recount]:
    """Trees of other days: of the first day of the period, of each later change of the unit table, and of today."""
    table = stored_units(run.warehouse)
    if table is None:
        return
    base = run.period.last_day.date()
    changes = {day for rows in table.by_code.values() for row in rows for day in _days(row) if day != base}
    start = run.period.start.date()
    days = {start, now.date(), *sorted(day for day in changes if start <= day <= now.date())[:TREES]}
    seen = [ours.tree]
    for day in sorted(days - {base}):
        tree = scored_tree(run.warehouse, day, run.settings, names, ())
        if all((tree.ids, tree.parents) != (one.ids, one.parents) for one in seen):
            seen.append(tree)
            yield other_tree(ours, tree, day.isoformat())


def _days(row: object) -> Iterator[date]:
    for name in ("valid_from", "valid_to"):
        day = getattr(row, name)
        if day is not None:
            yield day if name == "valid_from" else day + timedelta(days=1)


def _exports(run: Run, ours: Recount, older: Superseded) -> Iterator[Recount]:
    """What the exports told up to the time of each of them, from the beginning of the period on."""
    times = sorted(
        {seconds_of(datetime.fromisoformat(s.exported_at)) for s in run.warehouse.sources if "dossiers" in s.columns}
    )
    for at in [time for time in times if time >= run.start][-EXPORTS - 1 : -1]:
        seen = replace(run, cutoff=min(at, run.cutoff))
        yield replace(
            ours, cause="export", context=seen.context, detail=moment_of(at).isoformat(), times=_known_by(older, at)
        )


def _known_by(older: Superseded, at: int) -> Callable[[DossierFacts], Ints]:
    def times(facts: DossierFacts) -> Ints:
        out: Ints = ((facts.time(schema.EXPORTED_AT) <= at) | older.known_by(keys_of(facts), at)).astype(np.int64)
        return out

    return times


def _moments(run: Run, ours: Recount, moments: Sequence[datetime]) -> Iterator[Recount]:
    for moment in sorted(set(moments)):
        at = seconds_of(moment)
        if run.start <= at != run.cutoff:
            seen = replace(run, cutoff=at)
            yield replace(ours, cause="moment", context=seen.context, detail=moment.isoformat())
