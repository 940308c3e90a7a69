"""Facts from the process log (tiến trình): one row a step, TrangThai being the status after it.

The log is stored by the month inside the dossier code, so that a chunk of dossiers needs only a few of its files.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from tthc_cli import schema
from tthc_cli.storage.location import Location
from tthc_cli.storage.parquet import read_parquet
from tthc_cli.verdicts import Mask

if TYPE_CHECKING:
    import pyarrow as pa

    from tthc_cli.facts.dossier_columns import DossierColumns
    from tthc_cli.storage.warehouse import Warehouse
    from tthc_cli.workdays import WorkCalendar

Ints = npt.NDArray[np.int64]
NAT = np.iinfo(np.int64).min
SUPPLEMENT, FINANCE, HANDLED, RETURNED = 5, 6, 9, 10
_ENDED = (3, 7, 8)
_WORKING = (2, 4, 5, 6)
"""A dossier that goes back to one of these after status 9 or 10 was not finished then."""
_KEPT_IN_MEMORY = 6


@dataclass(frozen=True)
class LogFacts:
    """What the log tells of n dossiers, seen at the cutoff; every array has shape (n,)."""

    present: Mask
    """The dossier has a row in the log up to the cutoff."""
    finished_at: Ints
    supplement_requests: Ints
    ended_waiting_at: Ints
    waiting: Ints
    """Seconds at status 5 and 6, before the finish or the cutoff."""
    waiting_working: Ints
    """The part of that waiting which is working time."""
    paused_since: Ints
    """For a dossier whose log ends waiting (status 5 or 6) and tells no finish: since when; else NAT."""
    late_steps: Ints
    """Steps done after their own due time."""

    def __getitem__(self, rows: slice) -> LogFacts:
        return LogFacts(*(getattr(self, name)[rows] for name in LogFacts.__dataclass_fields__))


@dataclass(frozen=True)
class LogMonth:
    """The log facts of one stored file, by dossier, in order of `keys`."""

    keys: npt.NDArray[np.uint64]
    facts: LogFacts
    goes_on: bool = False
    """It has rows after the cutoff."""


def _last_in_group(mask: Mask, values: Ints, starts: npt.NDArray[np.intp]) -> Ints:
    """For each group (rows from one start to the next): the value of its last masked row, else NAT."""
    if not len(starts):
        return np.zeros(0, np.int64)
    positions = np.where(mask, np.arange(len(values)), -1)
    last = np.maximum.reduceat(positions, starts)
    return np.where(last >= starts, values[np.maximum(last, 0)], NAT)


def _any_later(mask: Mask, last: Mask) -> Mask:
    """For each row, whether a later row of its group is masked. `last`: rows that end a group."""
    group_end = np.flatnonzero(last)
    end_of = group_end[np.searchsorted(group_end, np.arange(len(mask)))] if len(mask) else np.zeros(0, np.intp)
    up_to = np.cumsum(mask)
    later: Mask = np.greater(up_to[end_of], up_to)
    return later


def summarise_log(
    keys: npt.NDArray[np.uint64], at: Ints, status: Ints, step_due: Ints, cutoff: int, calendar: WorkCalendar
) -> LogMonth:
    """Log facts of each dossier from its rows (in any order).

    keys, at, status, step_due: shape (rows,); times in seconds, NAT where blank. Rows after the cutoff are left out.
    """
    goes_on = bool((at > cutoff).any())
    keep = (at <= cutoff) & (at != NAT)
    keys, at, status, step_due = keys[keep], at[keep], status[keep], step_due[keep]
    order = np.lexsort((status, at, keys))
    keys, at, status, step_due = keys[order], at[order], status[order], step_due[order]
    rows = len(keys)
    first = np.ones(rows, np.bool_)
    first[1:] = keys[1:] != keys[:-1]
    last = np.ones(rows, np.bool_)
    last[:-1] = first[1:]
    starts = np.flatnonzero(first)
    group = np.cumsum(first) - 1
    new_status = first.copy()
    new_status[1:] |= status[1:] != status[:-1]

    working_again = np.isin(status, _WORKING)
    resumed_later = _any_later(working_again, last)
    handled = _last_in_group(new_status & (status == HANDLED) & ~resumed_later, at, starts)
    returned = _last_in_group(new_status & (status == RETURNED) & ~resumed_later, at, starts)
    run_start = np.maximum.accumulate(np.where(new_status, np.arange(rows), 0)) if rows else np.zeros(0, np.int64)
    ended = _last_in_group(last & np.isin(status, _ENDED), at[run_start] if rows else at, starts)
    finished = np.where(handled != NAT, handled, np.where(returned != NAT, returned, ended))

    requests = new_status & (status == SUPPLEMENT)
    request_count = np.add.reduceat(requests.astype(np.int64), starts) if rows else np.zeros(0, np.int64)
    still_asked = _last_in_group(last & (status == SUPPLEMENT), at[run_start] if rows else at, starts)
    ended_waiting = np.where((request_count == 1) & (finished == NAT), still_asked, NAT)

    until = np.full(rows, cutoff, np.int64)
    until[:-1] = np.where(last[:-1], cutoff, at[1:])
    end = np.where(finished == NAT, ended_waiting, finished)
    stop = np.where(end[group] != NAT, end[group], cutoff)
    waits = np.isin(status, (SUPPLEMENT, FINANCE))
    begins, ends = np.minimum(at, stop)[waits], np.minimum(until, stop)[waits]
    pause, working = np.zeros(rows, np.int64), np.zeros(rows, np.int64)
    pause[waits] = ends - begins
    working[waits] = calendar.working_seconds_between(begins, ends)
    paused = _last_in_group(last & waits, at[run_start] if rows else at, starts)
    paused = np.where(end == NAT, paused, NAT)
    late = (step_due != NAT) & (at > step_due)
    empty = np.zeros(0, np.int64)
    return LogMonth(
        keys[starts],
        LogFacts(
            present=np.ones(len(starts), np.bool_),
            finished_at=finished,
            supplement_requests=request_count,
            ended_waiting_at=ended_waiting,
            waiting=np.add.reduceat(pause, starts) if rows else empty,
            waiting_working=np.add.reduceat(working, starts) if rows else empty,
            paused_since=paused,
            late_steps=np.add.reduceat(late.astype(np.int64), starts) if rows else empty,
        ),
        goes_on,
    )


class LogIndex:
    """Finds the log facts of dossiers; keeps the files used last in memory."""

    def __init__(self, files: dict[str, Location], cutoff: int, calendar: WorkCalendar) -> None:
        self.files = files
        """Month inside the dossier code -> Parquet file."""
        self.cutoff = cutoff
        self.calendar = calendar
        self._months: OrderedDict[str, LogMonth] = OrderedDict()
        self._lock = Lock()

    def __getstate__(self) -> dict[str, Any]:
        return {"files": self.files, "cutoff": self.cutoff, "calendar": self.calendar}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__(**state)  # type: ignore[misc]

    @classmethod
    def of(cls, warehouse: Warehouse, cutoff: int, calendar: WorkCalendar) -> LogIndex | None:
        """None when no process log is stored."""
        files = {p.month: warehouse.path(p) for p in warehouse.partitions("process_log") if p.rows}
        return cls(files, cutoff, calendar) if files else None

    def _month(self, month: str) -> LogMonth:
        with self._lock:
            if month in self._months:
                self._months.move_to_end(month)
                return self._months[month]
            found = self._load(month)
            self._months[month] = found
            if len(self._months) > _KEPT_IN_MEMORY:
                self._months.popitem(last=False)
            return found

    def _load(self, month: str) -> LogMonth:
        import pyarrow as pa

        columns = [schema.KEY_HASH, "ThoiDiemXuLy", "TrangThai", "NgayKetThucTheoQuyDinh"]
        table = read_parquet(self.files[month], columns)

        def seconds(name: str) -> Ints:
            times = table.column(name).cast(pa.timestamp("s")).cast(pa.int64()).fill_null(NAT)
            out: Ints = times.to_numpy()
            return out

        status = table.column("TrangThai").cast(pa.int64()).fill_null(0).to_numpy()
        keys = table.column(schema.KEY_HASH).to_numpy()
        at, step_due = seconds("ThoiDiemXuLy"), seconds("NgayKetThucTheoQuyDinh")
        return summarise_log(keys, at, status, step_due, self.cutoff, self.calendar)

    def months_of(self, codes: pa.ChunkedArray) -> frozenset[str]:
        """The months inside some dossier codes."""
        return frozenset(schema.dossier_code_months(codes).unique().to_pylist())

    def changes_at(self, months: Iterable[str]) -> int:
        """The first cutoff at which the log of some months may tell more."""
        goes_on = any(self._month(month).goes_on for month in months if month in self.files)
        return self.cutoff + 1 if goes_on else int(np.iinfo(np.int64).max)

    def facts(self, dossiers: DossierColumns) -> LogFacts:
        """The log facts of a chunk of dossiers, which must hold MaHoSo."""
        n = dossiers.n
        found = LogFacts(
            present=np.zeros(n, np.bool_),
            finished_at=np.full(n, NAT, np.int64),
            supplement_requests=np.zeros(n, np.int64),
            ended_waiting_at=np.full(n, NAT, np.int64),
            waiting=np.zeros(n, np.int64),
            waiting_working=np.zeros(n, np.int64),
            paused_since=np.full(n, NAT, np.int64),
            late_steps=np.zeros(n, np.int64),
        )
        months = schema.dossier_code_months(dossiers.chunk.column("MaHoSo")).dictionary_encode()
        hashes: npt.NDArray[np.uint64] = dossiers.chunk.column(schema.KEY_HASH).to_numpy()
        indices = months.indices.to_numpy()
        for number, month in enumerate(months.dictionary.to_pylist()):
            if month not in self.files:
                continue
            log = self._month(month)
            if not len(log.keys):
                continue
            rows = np.flatnonzero(indices == number)
            at = np.minimum(np.searchsorted(log.keys, hashes[rows]), len(log.keys) - 1)
            hit = log.keys[at] == hashes[rows]
            rows, at = rows[hit], at[hit]
            for name in LogFacts.__dataclass_fields__:
                getattr(found, name)[rows] = getattr(log.facts, name)[at]
        return found
