"""The columns of a chunk of dossiers as arrays, each found out once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from tthc_cli import schema
from tthc_cli.facts.catalogue import UNKNOWN, match_procedures
from tthc_cli.facts.columns import Column, Numbers, Times, by_index, whole
from tthc_cli.facts.context import READ_COLUMNS, Context
from tthc_cli.facts.once import once
from tthc_cli.verdicts import Mask

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass
class DossierColumns:
    """Columns of n dossiers; every array has shape (n,) and is not to be changed."""

    chunk: pa.Table
    context: Context
    _names: dict[str, tuple[npt.NDArray[np.int32], list[str | None]]] = field(default_factory=dict)
    _columns: dict[str, Column] = field(default_factory=dict)

    @property
    def n(self) -> int:
        return int(self.chunk.num_rows)

    @property
    def shape(self) -> tuple[int, ...]:
        return (self.n,)

    def _column(self, name: str) -> Column:
        if name not in self._columns:
            self._columns[name] = Column(self._stored(name))
        return self._columns[name]

    def _stored(self, name: str) -> pa.Array:
        """A column; blank where the file was stored before there was such a column."""
        import pyarrow as pa

        place = self.chunk.schema.get_field_index(name)
        return pa.nulls(self.n) if place < 0 else whole(self.chunk.column(place))

    def time(self, name: str) -> Times:
        """A timestamp column, NAT where blank; an array of its own."""
        return self._column(name).seconds

    def known(self, name: str) -> Mask:
        """Where a column is not blank."""
        return self._column(name).known

    def known_rows(self, name: str) -> npt.NDArray[np.intp]:
        """Numbers of the rows where a column is not blank."""
        return self._column(name).known_rows

    def time_at(self, name: str, rows: npt.NDArray[np.intp]) -> Times:
        """A timestamp column at some rows, NAT where blank. Shape of rows."""
        return self._column(name).seconds_at(rows)

    def code(self, name: str, blank: int = UNKNOWN) -> Numbers:
        """A code, flag, count or amount, UNKNOWN (-1) where blank."""
        return self._column(name).numbers(blank)

    def names(self, name: str) -> tuple[npt.NDArray[np.int32], list[str | None]]:
        """A category column as (index of each row, values); the last value is None, for blank."""
        if name not in self._names:
            import pyarrow as pa

            column = self._column(name)
            if column.blank:
                return np.zeros(self.n, np.int32), [None]
            if not pa.types.is_dictionary(column.array.type):
                column = Column(column.array.dictionary_encode())
            values: list[str | None] = [*column.array.dictionary.to_pylist(), None]
            self._names[name] = (column.numbers(len(values) - 1), values)
        return self._names[name]

    def parts_of_columns(self, start: int, stop: int) -> dict[str, Column]:
        """Some rows of the columns that verdicts may ask for."""
        return {name: self._column(name).part(start, stop) for name in READ_COLUMNS}

    def told(self, *names: str) -> Mask:
        """Whether the file of each dossier had any of the columns."""
        alike = self.context.told_alike
        if alike is not None:
            return np.full(self.n, not alike.isdisjoint(names))
        indices, sources = self.names(schema.SOURCE)
        known = [any(c in self.context.told.get(s or "", frozenset()) for c in names) for s in sources]
        return by_index(np.array(known), indices)

    @once
    def procedure(self) -> npt.NDArray[np.int32]:
        """Index of the procedure in the catalogue; `catalogue.unlisted` when it is not there."""
        catalogue = self.context.catalogue
        code_index, codes = self.names("MaTTHC")
        by_code = match_procedures(catalogue, codes, [None] * len(codes))
        found: npt.NDArray[np.int32] = by_index(by_code, code_index)
        rows = np.flatnonzero(found == catalogue.unlisted)
        if len(rows):
            name_index, names = self.names("TenTTHC")
            used, place = np.unique(name_index[rows], return_inverse=True)
            by_name = match_procedures(catalogue, [None] * len(used), [names[i] for i in used])
            found = found.copy()
            found[rows] = by_name[place]
        return found

    @once
    def status(self) -> Numbers:
        return self.code("TrangThaiHoSo")
