"""Titles between the rows that say to whom the rows below belong: "I. Sở Công Thương", "Lĩnh vực: Đất đai"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tthc_cli.ingest.vectors import arrow, vector
from tthc_cli.text import fold, nfc

_NUMBERING = re.compile(r"^\s*(?:[IVXLC]+|\d+|[A-Za-z])\s*[.)\-:/]\s*|^\s*[-+*•]\s*")
_UNIT = re.compile(
    r"(so|ban|ubnd|uy ban nhan dan|chi cuc|cuc|van phong|phong|trung tam|xa|phuong|thi tran|huyen|thanh pho|thi xa|quan"
    r"|cong an|bao hiem xa hoi|kho bac|thanh tra|dac khu)\b"
)
_FIRST = frozenset(
    word
    for line in (
        "sở so ban ubnd ủy uỷ uy chi cục cuc văn van phòng phong trung xã xa phường phuong thị thi huyện huyen",
        "thành thanh quận quan công cong bảo bao kho đặc dac",
    )
    for word in line.split()
)
"""First words of units, so that "Sổ", "Số liệu", "Bản", "Quản lý" are none."""
_MANY = re.compile(r"\b(nganh|cac|cap|so ban|khoi)\b")
_FIELD = re.compile(r"^\s*lĩnh\s+vực\s*:?\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Groups:
    """From which row on which unit and field hold; `rows` ascends."""

    rows: npt.NDArray[np.int64]
    units: tuple[str | None, ...]
    fields: tuple[str | None, ...]

    def _column(self, values: Sequence[str | None], numbers: npt.NDArray[np.int64]) -> pa.Array:
        place = np.searchsorted(self.rows, numbers, side="right") - 1
        return pa.array([None, *values], pa.string()).take(arrow(place + 1))

    def units_of(self, numbers: npt.NDArray[np.int64]) -> pa.Array:
        """The unit under whose title each row stands."""
        return self._column(self.units, numbers)

    def fields_of(self, numbers: npt.NDArray[np.int64]) -> pa.Array:
        """The field under whose title each row stands."""
        return self._column(self.fields, numbers)


def title(text: str) -> tuple[str, str] | None:
    """("unit" or "field", name) of a group title; name "" for a title over several units; None for other text.

    >>> title("I. Sở Công Thương"), title("II. Sở, ban, ngành"), title("Lĩnh vực: Đất đai"), title("Ghi chú")
    (('unit', 'Sở Công Thương'), ('unit', ''), ('field', 'Đất đai'), None)
    >>> title("Số liệu tạm tính"), title("Bản tổng hợp")
    (None, None)
    """
    bare = nfc(_NUMBERING.sub("", text, count=1)).rstrip(":").strip()
    folded = fold(bare)
    if folded.startswith("linh vuc"):
        return "field", _FIELD.sub("", bare)
    if _MANY.search(folded):
        return "unit", ""
    is_unit = _UNIT.match(folded) and bare.split(" ")[0].lower() in _FIRST and len(bare) < 150
    return ("unit", bare) if is_unit else None


def find_groups(columns: Sequence[pa.Array], rows: npt.NDArray[np.int64], first: int, name: str) -> Groups | None:
    """The group titles of a sheet held in memory: its own name, and rows from index `first` on with one filled cell."""
    if not columns:
        return None
    of_sheet = title(name)
    filled = np.zeros(len(rows), np.int32)
    for column in columns:
        filled += vector(column.is_valid())
    at: list[int] = []
    units: list[str | None] = []
    fields: list[str | None] = []
    unit: str | None = of_sheet[1] or None if of_sheet and of_sheet[0] == "unit" else None
    if unit is not None:
        at, units, fields = [0], [unit], [None]
    field: str | None = None
    for index in np.flatnonzero(filled == 1):
        if index < first:
            continue
        text = next(column[int(index)].as_py() for column in columns if column[int(index)].is_valid)
        found = title(text)
        if found is None:
            continue
        kind, name = found
        unit, field = (name or None, None) if kind == "unit" else (unit, name or None)
        at.append(int(rows[index]))
        units.append(unit)
        fields.append(field)
    return Groups(np.array(at, np.int64), tuple(units), tuple(fields)) if at else None
