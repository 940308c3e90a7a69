"""Facts from the process log (tiến trình): one row a step, TrangThai being the status after it.

The log is stored by the month inside the dossier code, so that a chunk of dossiers needs only a few of its files.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt

from tthc_cli import schema
from tthc_cli.facts.codes import (
    FINANCE,
    HANDLED,
    IN_PROGRESS,
    NEVER,
    RECEIVED,
    REFUSED,
    RETURNED,
    STOPPED,
    SUPPLEMENT,
    WITHDRAWN,
)
from tthc_cli.facts.columns import NAT
from tthc_cli.facts.late.steps import is_late
from tthc_cli.facts.nine.steps import NO_MARK, step_marks
from tthc_cli.facts.once import once
from tthc_cli.storage.location import Location
from tthc_cli.storage.parquet import read_parquet
from tthc_cli.verdicts import Mask

if TYPE_CHECKING:
    import pyarrow as pa

    from tthc_cli.storage.warehouse import Warehouse

Ints = npt.NDArray[np.int64]
_ENDED = (REFUSED, WITHDRAWN, STOPPED)
_WORKING = (RECEIVED, IN_PROGRESS, SUPPLEMENT, FINANCE)
"""A dossier that goes back to one of these after status 9 or 10 was not finished then."""
_KEPT_IN_MEMORY = 3


class Dossiers(Protocol):
    """A chunk of dossiers."""

    chunk: pa.Table

    @property
    def n(self) -> int: ...


@dataclass(frozen=True)
class LogWaits:
    """Stretches at status 5 or 6 that begin by the cutoff, in order of dossier and time; every array has shape (m,)."""

    dossier: Ints
    """Number of the dossier among those that the facts are about."""
    begin: Ints
    end: Ints
    """The next step, also one after the cutoff; NEVER when there is none."""
    supplement: Mask
    """Status 5; else 6."""
    unclosed: Mask
    """A supplement of which no step says that it was completed: the last step, or followed by the end."""

    def of(self, wanted: npt.NDArray[np.intp], number: npt.NDArray[np.intp]) -> LogWaits:
        """Those at some places, their dossiers numbered otherwise."""
        return LogWaits(number, *(getattr(self, name)[wanted] for name in list(self.__dataclass_fields__)[1:]))

    def within(self, start: int, stop: int) -> LogWaits:
        """Those of some dossiers, numbered from there."""
        places = np.arange(*np.searchsorted(self.dossier, (start, stop)))
        return self.of(places, self.dossier[places] - start)

    @classmethod
    def joined(cls, parts: Sequence[LogWaits]) -> LogWaits:
        """Those of several files, in order of dossier."""
        if not parts:
            blank = np.zeros(0, np.int64)
            return cls(blank, blank, blank, blank.astype(np.bool_), blank.astype(np.bool_))
        columns = [np.concatenate([getattr(p, name) for p in parts]) for name in cls.__dataclass_fields__]
        order = np.argsort(columns[0], kind="stable")
        return cls(*(column[order] for column in columns))


@dataclass(frozen=True)
class LogFacts:
    """What the log tells of n dossiers, seen at the cutoff; every array has shape (n,)."""

    present: Mask
    """The dossier has a row in the log up to the cutoff."""
    goes_on: Mask
    """It has a row after the cutoff: the log covers that moment."""
    finished_at: Ints
    worked_at: Ints
    """When it was last worked on (2, 4, 5, 6), where the log tells no finish; else NAT."""
    supplement_requests: Ints
    later_requests: Ints
    """Requests after the cutoff."""
    last_status: Ints
    """The status at the cutoff; 0 for none."""
    last_since: Ints
    """Since when it has that status."""
    last_at: Ints
    """The last row."""
    late_steps: Ints
    """Steps done after their own due time."""
    step_mark: Ints
    """The mark of its steps done by the cutoff (facts/nine/steps.py): the lowest of any, NO_MARK for none; and for all
    where the log was not read for marks."""
    waits: LogWaits

    def __getitem__(self, rows: slice) -> LogFacts:
        start, stop, _ = rows.indices(len(self.present))
        columns = {name: getattr(self, name)[rows] for name in _BLANK}
        return LogFacts(**columns, waits=self.waits.within(start, stop))


_BLANK: dict[str, Any] = {
    "present": False, "goes_on": False, "finished_at": NAT, "worked_at": NAT, "supplement_requests": 0,
    "later_requests": 0, "last_status": 0, "last_since": NAT, "last_at": NAT, "late_steps": 0,
    "step_mark": NO_MARK,
}  # fmt: skip
"""What the log tells of a dossier that is not in it."""


def not_in_log(n: int) -> dict[str, Any]:
    """Columns of facts of n dossiers that are not in the log."""
    return {name: np.full(n, blank) for name, blank in _BLANK.items()}


@dataclass(frozen=True)
class LogMonth:
    """The log facts of one stored file, by dossier, in order of `keys`."""

    keys: npt.NDArray[np.uint64]
    facts: LogFacts

    @property
    def goes_on(self) -> bool:
        """It has rows after the cutoff."""
        return bool(self.facts.goes_on.any())

    def find(self, hashes: npt.NDArray[np.uint64]) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
        """Which of some dossiers it has, and where."""
        if not len(self.keys):
            return np.zeros(0, np.intp), np.zeros(0, np.intp)
        at = np.minimum(np.searchsorted(self.keys, hashes), len(self.keys) - 1)
        rows = np.flatnonzero(self.keys[at] == hashes)
        return rows, at[rows]

    def waits_of(self, at: npt.NDArray[np.intp], numbers: npt.NDArray[np.intp]) -> LogWaits:
        """The waits of the dossiers at some places, with the numbers that the dossiers get."""
        number = np.full(len(self.keys), -1)
        number[at] = numbers
        found = number[self.facts.waits.dossier]
        wanted = np.flatnonzero(found >= 0)
        return self.facts.waits.of(wanted, found[wanted])


@dataclass(frozen=True)
class _Steps:
    """Rows of the log in order of dossier and time, by dossier."""

    at: Ints
    status: Ints
    seen: Mask
    """Up to the cutoff: the first rows of each dossier."""
    starts: npt.NDArray[np.intp]

    @once
    def group(self) -> Ints:
        """The dossier of each row."""
        first = np.zeros(len(self.at), np.int64)
        first[self.starts] = 1
        return np.cumsum(first) - 1

    @once
    def opens(self) -> Mask:
        """The status is not that of the row before."""
        out = np.zeros(len(self.at), np.bool_)
        out[1:] = self.status[1:] != self.status[:-1]
        out[self.starts] = True
        return out

    @once
    def last(self) -> Mask:
        """The last row of its dossier that is seen."""
        out = self.seen.copy()
        out[:-1] &= ~self.seen[1:] | (self.group[1:] != self.group[:-1])
        return out

    @once
    def since(self) -> Ints:
        """When the dossier got the status of each row."""
        run = np.maximum.accumulate(np.where(self.opens, np.arange(len(self.at)), 0))
        return self.at[run]

    def count(self, mask: Mask) -> Ints:
        return np.add.reduceat(mask.astype(np.int64), self.starts)

    def last_of(self, mask: Mask, values: Ints) -> Ints:
        """Of each dossier: the value of its last masked row that is seen, else NAT."""
        positions = np.where(mask & self.seen, np.arange(len(values)), -1)
        last = np.maximum.reduceat(positions, self.starts)
        return np.where(last >= self.starts, values[np.maximum(last, 0)], NAT)

    def lowest(self, marks: Ints | None) -> Ints:
        """Of each dossier: the lowest mark of its rows that are seen; NO_MARK for none. marks: shape (rows,)."""
        if marks is None:
            return np.full(len(self.starts), NO_MARK)
        told = np.where(self.seen & (marks != NO_MARK), marks, NEVER)
        found = np.minimum.reduceat(told, self.starts)
        return np.where(found == NEVER, NO_MARK, found)

    def finished_at(self) -> Ints:
        """Of each dossier: when status 9, else 10, began for good; else 3, 7 or 8 where that is its last."""

        def for_good(status: int) -> Ints:
            return self.last_of(self.opens & (self.status == status) & (self.place > resumed), self.at)

        resumed = self.last_of(np.isin(self.status, _WORKING), self.place)[self.group]
        handled, returned = for_good(HANDLED), for_good(RETURNED)
        ended = self.last_of(self.last & np.isin(self.status, _ENDED), self.since)
        return np.where(handled != NAT, handled, np.where(returned != NAT, returned, ended))

    @once
    def place(self) -> Ints:
        return np.arange(len(self.at))

    def waits(self) -> LogWaits:
        rows = np.flatnonzero(np.isin(self.status, (SUPPLEMENT, FINANCE)) & self.seen)
        following = np.minimum(rows + 1, len(self.at) - 1)
        none = (following == rows) | (self.group[following] != self.group[rows])
        ended = np.isin(self.status[following], (*_ENDED, HANDLED, RETURNED))
        supplement = self.status[rows] == SUPPLEMENT
        return LogWaits(
            dossier=self.group[rows],
            begin=self.at[rows],
            end=np.where(none, NEVER, self.at[following]),
            supplement=supplement,
            unclosed=supplement & (none | ended),
        )


def summarise_log(
    keys: npt.NDArray[np.uint64], at: Ints, status: Ints, step_due: Ints, cutoff: int, begin: Ints | None = None
) -> LogMonth:
    """Log facts of each dossier from its rows (in any order).

    keys, at, status, step_due, begin (None where no marks are asked for): shape (rows,); times in seconds, NAT where
    blank. Of rows after the cutoff it is only told that there are some, how many of them ask for a supplement, and when
    a wait ends.
    """
    order = np.lexsort((status, at, keys))
    order = order[at[order] != NAT]
    keys, at, status, step_due = keys[order], at[order], status[order], step_due[order]
    begin = None if begin is None else begin[order]
    first = np.ones(len(keys), np.bool_)
    first[1:] = keys[1:] != keys[:-1]
    steps = _Steps(at, status, at <= cutoff, np.flatnonzero(first))
    if not len(keys):
        return LogMonth(keys, LogFacts(**not_in_log(0), waits=LogWaits.joined(())))
    worked = steps.last_of(np.isin(status, _WORKING), at)
    finished = steps.finished_at()
    requests = steps.opens & (status == SUPPLEMENT)
    last_status = steps.last_of(steps.last, status)
    late = is_late(step_due, at)
    return LogMonth(
        keys[steps.starts],
        LogFacts(
            present=steps.seen[steps.starts],
            goes_on=steps.count(~steps.seen) > 0,
            finished_at=finished,
            worked_at=np.where(finished == NAT, worked, NAT),
            supplement_requests=steps.count(requests & steps.seen),
            later_requests=steps.count(requests & ~steps.seen),
            last_status=np.where(last_status == NAT, 0, last_status),
            last_since=steps.last_of(steps.last, steps.since),
            last_at=steps.last_of(steps.last, at),
            late_steps=steps.count(late & steps.seen),
            step_mark=steps.lowest(None if begin is None else step_marks(begin, step_due, at)),
            waits=steps.waits(),
        ),
    )


class LogIndex:
    """Finds the log facts of dossiers; keeps the files used last in memory."""

    def __init__(self, files: dict[str, Location], cutoff: int, marked: bool = False) -> None:
        self.files = files
        """Month inside the dossier code -> Parquet file."""
        self.cutoff = cutoff
        self.marked = marked
        """Whether marks of steps are asked for."""
        self._months: OrderedDict[str, LogMonth] = OrderedDict()
        self._lock = Lock()

    def __getstate__(self) -> dict[str, Any]:
        return {"files": self.files, "cutoff": self.cutoff, "marked": self.marked}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__(**state)  # type: ignore[misc]

    @classmethod
    def of(cls, warehouse: Warehouse, cutoff: int, marked: bool = False) -> LogIndex | None:
        """None when no process log is stored."""
        files = {p.month: warehouse.path(p) for p in warehouse.partitions("process_log") if p.rows}
        return cls(files, cutoff, marked) if files else None

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
        columns += ["NgayBatDau"] if self.marked else []
        table = read_parquet(self.files[month], columns)

        def seconds(name: str) -> Ints:
            times = table.column(name).cast(pa.timestamp("s")).cast(pa.int64()).fill_null(NAT)
            out: Ints = times.to_numpy()
            return out

        status = table.column("TrangThai").cast(pa.int64()).fill_null(0).to_numpy()
        keys = table.column(schema.KEY_HASH).to_numpy()
        at, step_due = seconds("ThoiDiemXuLy"), seconds("NgayKetThucTheoQuyDinh")
        return summarise_log(keys, at, status, step_due, self.cutoff, seconds("NgayBatDau") if self.marked else None)

    def months_of(self, codes: pa.ChunkedArray) -> frozenset[str]:
        """The months inside some dossier codes."""
        return frozenset(schema.dossier_code_months(codes).unique().to_pylist())

    def changes_at(self, months: Iterable[str]) -> int:
        """The first cutoff at which the log of some months may tell more."""
        goes_on = any(self._month(month).goes_on for month in months if month in self.files)
        return self.cutoff + 1 if goes_on else int(np.iinfo(np.int64).max)

    def facts(self, dossiers: Dossiers) -> LogFacts:
        """The log facts of a chunk of dossiers, which must hold MaHoSo."""
        found = not_in_log(dossiers.n)
        waits = []
        months = schema.dossier_code_months(dossiers.chunk.column("MaHoSo")).dictionary_encode()
        hashes: npt.NDArray[np.uint64] = dossiers.chunk.column(schema.KEY_HASH).to_numpy()
        indices = months.indices.to_numpy()
        for number, month in enumerate(months.dictionary.to_pylist()):
            if month not in self.files:
                continue
            log = self._month(month)
            rows = np.flatnonzero(indices == number)
            hit, at = log.find(hashes[rows])
            rows = rows[hit]
            for name, values in found.items():
                values[rows] = getattr(log.facts, name)[at]
            waits.append(log.waits_of(at, rows))
        return LogFacts(**found, waits=LogWaits.joined(waits))
