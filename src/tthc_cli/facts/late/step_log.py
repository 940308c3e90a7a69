"""The steps of some dossiers as the process log tells them: who did what, when it began, was due and was done.

One row a step, done at ThoiDiemXuLy. A row that began by the moment and is done after it is the step that its dossier
stood at then: of it the begin, the division and the due time are seen, and nothing else.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from tthc_cli import schema
from tthc_cli.facts.columns import NAT, Column, whole
from tthc_cli.storage.parquet import read_parquet

if TYPE_CHECKING:
    import pyarrow as pa

    from tthc_cli.facts.dossiers import DossierFacts
    from tthc_cli.storage.location import Location
    from tthc_cli.storage.warehouse import Warehouse

Ints = npt.NDArray[np.int64]
ACTION = "NoiDungXuLy"
"""Column of the log that says in words what a step did; not every log has it."""
_COLUMNS = (
    schema.KEY_HASH, "ThoiDiemXuLy", "NgayBatDau", "NgayKetThucTheoQuyDinh", "TrangThai", "PhongBanXuLy", ACTION,
)  # fmt: skip
_KEPT_IN_MEMORY = 2


@dataclass(frozen=True)
class StepRows:
    """Steps, in order of dossier and time; every array has shape (m,)."""

    dossier: Ints
    """Number of the dossier among those asked for."""
    at: Ints
    begin: Ints
    due: Ints
    status: Ints
    division: npt.NDArray[np.int32]
    """Place in `divisions`."""
    action: npt.NDArray[np.int32]
    """Place in `actions`."""
    divisions: tuple[str, ...] = ("",)
    actions: tuple[str, ...] = ("",)

    def __len__(self) -> int:
        return len(self.at)

    def where(self, wanted: npt.NDArray[np.bool_] | npt.NDArray[np.intp]) -> StepRows:
        """Some of the steps."""
        return replace(self, **{name: getattr(self, name)[wanted] for name in _ARRAYS})


_ARRAYS = ("dossier", "at", "begin", "due", "status", "division", "action")


def no_steps() -> StepRows:
    """Of dossiers that no log knows."""
    blank, small = np.zeros(0, np.int64), np.zeros(0, np.int32)
    return StepRows(blank, blank, blank, blank, blank, small, small)


def _names(column: pa.ChunkedArray, numbers: dict[str, int]) -> npt.NDArray[np.int32]:
    """The number of each text; new ones are added to `numbers`."""
    import pyarrow as pa

    array = whole(column)
    if not pa.types.is_dictionary(array.type):
        array = array.cast(pa.string()).dictionary_encode()
    own = [numbers.setdefault(text or "", len(numbers)) for text in [*array.dictionary.to_pylist(), None]]
    return np.array(own, np.int32)[Column(array).numbers(len(own) - 1)]


@dataclass(frozen=True)
class _Month:
    """One stored file, in order of `keys` and time."""

    keys: npt.NDArray[np.uint64]
    rows: StepRows

    def of(self, hashes: npt.NDArray[np.uint64]) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
        """(place among `hashes`, place among the rows) of every row of some dossiers."""
        first = np.searchsorted(self.keys, hashes, "left")
        count = np.searchsorted(self.keys, hashes, "right") - first
        asked = np.repeat(np.arange(len(hashes)), count)
        within = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        return asked, np.repeat(first, count) + within


class StepLog:
    """Finds the steps of dossiers; keeps the files used last in memory."""

    def __init__(self, files: dict[str, Location], taker: str = "PhongBanXuLy") -> None:
        self._files = files
        self._taker = taker
        """The column that says who did a step."""
        self._months: OrderedDict[str, _Month] = OrderedDict()
        self._divisions: dict[str, int] = {"": 0}
        self._actions: dict[str, int] = {"": 0}
        self._lock = Lock()

    @classmethod
    def of(cls, warehouse: Warehouse, taker: str = "PhongBanXuLy") -> StepLog | None:
        """None when no process log is stored."""
        files = {p.month: warehouse.path(p) for p in warehouse.partitions("process_log") if p.rows}
        return cls(files, taker) if files else None

    def _month(self, month: str) -> _Month:
        with self._lock:
            if month not in self._months:
                self._months[month] = self._load(month)
                if len(self._months) > _KEPT_IN_MEMORY:
                    self._months.popitem(last=False)
            self._months.move_to_end(month)
            return self._months[month]

    def _load(self, month: str) -> _Month:
        import pyarrow as pa

        table = read_parquet(self._files[month], list(dict.fromkeys([*_COLUMNS, self._taker])))
        keys = table.column(schema.KEY_HASH).to_numpy()
        at = Column(whole(table.column("ThoiDiemXuLy"))).seconds
        order = np.lexsort((at, keys))
        blank = pa.chunked_array([pa.nulls(len(table), pa.string())])
        action = table.column(ACTION) if ACTION in table.column_names else blank
        rows = StepRows(
            dossier=np.zeros(len(table), np.int64),
            at=at,
            begin=Column(whole(table.column("NgayBatDau"))).seconds,
            due=Column(whole(table.column("NgayKetThucTheoQuyDinh"))).seconds,
            status=Column(whole(table.column("TrangThai"))).numbers(0).astype(np.int64),
            division=_names(table.column(self._taker) if self._taker in table.column_names else blank, self._divisions),
            action=_names(action, self._actions),
        )
        order = order[at[order] != NAT]
        return _Month(keys[order], rows.where(order))

    def steps(self, facts: DossierFacts) -> StepRows:
        """All steps of a chunk of dossiers, which must hold MaHoSo."""
        months = schema.dossier_code_months(facts.chunk.column("MaHoSo")).dictionary_encode()
        months = whole(months)
        hashes: npt.NDArray[np.uint64] = facts.chunk.column(schema.KEY_HASH).to_numpy()
        indices = months.indices.to_numpy()
        parts = []
        for number, month in enumerate(months.dictionary.to_pylist()):
            if month not in self._files:
                continue
            log, rows = self._month(month), np.flatnonzero(indices == number)
            asked, places = log.of(hashes[rows])
            part = log.rows.where(places)
            parts.append([rows[asked], *(getattr(part, name) for name in _ARRAYS[1:])])
        if not parts:
            return no_steps()
        joined = {name: np.concatenate([part[at] for part in parts]) for at, name in enumerate(_ARRAYS)}
        found = StepRows(**joined, divisions=tuple(self._divisions), actions=tuple(self._actions))
        return found.where(np.lexsort((found.at, found.dossier)))
