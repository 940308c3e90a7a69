"""The apology letters that were issued up to a moment: the register's (table `apologies`); of dossiers that the
register does not have, those that the process log tells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from tthc_cli import schema
from tthc_cli.facts.columns import NAT, Column, Times, whole
from tthc_cli.storage.parquet import read_footer, read_parquet

if TYPE_CHECKING:
    import pyarrow as pa

    from tthc_cli.storage.warehouse import Warehouse

Keys = npt.NDArray[np.uint64]
ACTION = "NoiDungXuLy"
_REGISTER = (schema.KEY_HASH, "SoVanBan", "NgayBanHanh", "NgayHenTraCu", "NgayHenTraMoi")


@dataclass(frozen=True)
class IssuedLetters:
    """The first letter of each dossier that has any, in order of `keys`; times in seconds, NAT where blank, midnight
    where no time of day is given."""

    keys: Keys
    count: npt.NDArray[np.int64]
    """How many letters the dossier has."""
    issued: Times
    old_due: Times
    new_due: Times
    numbers: tuple[str, ...]
    """SoVanBan; "" for a letter that only the log tells."""

    @classmethod
    def none(cls) -> IssuedLetters:
        blank = np.zeros(0, np.int64)
        return cls(np.zeros(0, np.uint64), blank, blank, blank, blank, ())

    @classmethod
    def of(cls, warehouse: Warehouse, at: int) -> IssuedLetters:
        """What the stored tables tell of letters issued by a moment (seconds since 1970)."""
        register = _first_of_each(*_registered(warehouse), at)
        logged = _first_of_each(*_logged(warehouse), at)
        only_logged = np.flatnonzero(~np.isin(logged.keys, register.keys))
        both = IssuedLetters._joined(register, logged._at(only_logged))
        return both._at(np.argsort(both.keys, kind="stable"))

    def _at(self, places: npt.NDArray[np.intp]) -> IssuedLetters:
        numbers = tuple(self.numbers[i] for i in places.tolist())
        return IssuedLetters(
            self.keys[places], self.count[places], self.issued[places], self.old_due[places], self.new_due[places],
            numbers,
        )  # fmt: skip

    def _joined(self, other: IssuedLetters) -> IssuedLetters:
        arrays = ("keys", "count", "issued", "old_due", "new_due")
        joined = {name: np.concatenate([getattr(self, name), getattr(other, name)]) for name in arrays}
        return IssuedLetters(**joined, numbers=self.numbers + other.numbers)

    def find(self, hashes: Keys) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
        """Which of some dossiers have a letter, and where it stands here."""
        if not len(self.keys):
            return np.zeros(0, np.intp), np.zeros(0, np.intp)
        at = np.minimum(np.searchsorted(self.keys, hashes), len(self.keys) - 1)
        rows = np.flatnonzero(self.keys[at] == hashes)
        return rows, at[rows]


def _registered(warehouse: Warehouse) -> tuple[Keys, Times, Times, Times, list[str]]:
    table = warehouse.read("apologies", list(_REGISTER))
    old, new = _seconds(table, "NgayHenTraCu"), _seconds(table, "NgayHenTraMoi")
    numbers = [number or "" for number in table.column("SoVanBan").to_pylist()]
    return _keys(table), _seconds(table, "NgayBanHanh"), old, new, numbers


def _logged(warehouse: Warehouse) -> tuple[Keys, Times, Times, Times, list[str]]:
    """The steps of the log that issued a letter; it does not tell the dates that the letter gives."""
    import pyarrow as pa
    import pyarrow.compute as pc

    phrase = schema.table("process_log").column(ACTION).codes[1][0]
    columns = [schema.KEY_HASH, "ThoiDiemXuLy", ACTION]
    found = []
    for partition in warehouse.partitions("process_log"):
        path = warehouse.path(partition)
        if partition.rows and ACTION in read_footer(path).schema.to_arrow_schema().names:
            if read_parquet(path, [ACTION]).column(ACTION).null_count == partition.rows:
                continue
            rows = read_parquet(path, columns)
            found.append(rows.filter(pc.equal(rows.column(ACTION).cast(pa.string()), phrase)).drop_columns(ACTION))
    if not found:
        blank = np.zeros(0, np.int64)
        return np.zeros(0, np.uint64), blank, blank, blank, []
    table = pa.concat_tables(found)
    unknown = np.full(len(table), NAT)
    return _keys(table), _seconds(table, "ThoiDiemXuLy"), unknown, unknown, [""] * len(table)


def _first_of_each(keys: Keys, issued: Times, old: Times, new: Times, numbers: list[str], at: int) -> IssuedLetters:
    """The first letter of each dossier issued by a moment, and how many there are."""
    seen = np.flatnonzero((keys != 0) & (issued != NAT) & (issued <= at))
    order = seen[np.lexsort((np.array(numbers, dtype=object)[seen].astype(str), issued[seen], keys[seen]))]
    found, first, count = np.unique(keys[order], return_index=True, return_counts=True)
    rows = order[first]
    chosen = tuple(numbers[i] for i in rows.tolist())
    return IssuedLetters(found, count.astype(np.int64), issued[rows], old[rows], new[rows], chosen)


def _keys(table: pa.Table) -> Keys:
    keys: Keys = table.column(schema.KEY_HASH).to_numpy()
    return keys


def _seconds(table: pa.Table, name: str) -> Times:
    return Column(whole(table.column(name))).seconds
