"""The procedures catalogue as arrays, and how a dossier finds its procedure: by code, else by name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from tthc_cli import schema
from tthc_cli.text import fold

if TYPE_CHECKING:
    import pyarrow as pa

UNKNOWN = -1
"""A fact that the catalogue does not tell."""

Level = npt.NDArray[np.int8]


@dataclass(frozen=True)
class Catalogue:
    """Facts about procedures; every array has one entry a procedure, plus a last one: "procedure not listed"."""

    codes: tuple[str, ...]
    names: tuple[str, ...]
    fields: tuple[str, ...]
    """Name of each procedure's field, else the field's code; "" when the catalogue tells neither."""
    field_names: dict[str, str]
    """Code of a field -> its name."""
    online_level: Level
    """0 information only, 1 partly online, 2 fully online, UNKNOWN."""
    returns_document: Level
    has_fee: Level
    for_citizens: Level
    duration: npt.NDArray[np.float64]
    """Statutory duration in its own unit; NaN when not given."""
    duration_unit: Level
    """1 working hours, 2 days, 3 working days, 4 months; UNKNOWN."""
    parts_published: npt.NDArray[np.int32]
    """Constituent parts made public (7 = all); UNKNOWN."""
    levels: tuple[frozenset[str], ...]
    """Levels that handle it: tinh, so, huyen, xa."""
    handlers: tuple[tuple[str, ...], ...]
    """Units that handle it, as written in the catalogue; empty = every unit of the levels."""
    valid_from: npt.NDArray[np.int64]
    valid_to: npt.NDArray[np.int64]
    """Days since 1970 of the first and last day in force."""
    by_code: dict[str, int]
    by_name: dict[str, int]

    def __len__(self) -> int:
        return len(self.codes)

    @property
    def unlisted(self) -> int:
        """Index that stands for a procedure the catalogue does not list."""
        return len(self.codes)

    @property
    def unassigned(self) -> tuple[bool, ...]:
        """Of each procedure, whether it belongs to the departments that have dossiers of it: no agency is named, and
        either no level or that of departments."""
        return tuple(
            not handlers and (not levels or "so" in levels)
            for handlers, levels in zip(self.handlers, self.levels, strict=True)
        )

    def find(self, code: str | None, name: str | None) -> int:
        """Index of the procedure with this code, else with this name; `unlisted` when neither is known."""
        if code:
            found = self.by_code.get(code)
            if found is not None:
                return found
        if name:
            return self.by_name.get(fold(name), self.unlisted)
        return self.unlisted

    def label(self, index: int) -> str:
        return f"{self.codes[index]} {self.names[index]}".strip()


def split_list(text: str | None) -> tuple[str, ...]:
    """The parts of a cell that lists several things, separated by ";" or ","."""
    if not text:
        return ()
    separator = ";" if ";" in text else ","
    return tuple(part.strip() for part in text.split(separator) if part.strip())


def _citizens(text: str | None) -> int:
    """1 when citizens are among the subjects, 0 when not, UNKNOWN when the cell is blank."""
    parts = split_list(text)
    if not parts:
        return UNKNOWN
    words = {fold(w) for w in schema.table("dossiers").column("LoaiDoiTuong").codes[1]} | {"1"}
    return int(any(fold(p) in words for p in parts))


def _handling_levels(text: str | None) -> frozenset[str]:
    codes = schema.table("units").column("Cap").codes
    words = {fold(word): names[0] for names in codes.values() for word in (*names, f"Cấp {names[0]}")}
    return frozenset(words[fold(p)] for p in split_list(text) if fold(p) in words)


_FIRST_DAY, _LAST_DAY = -(2**31), 2**31 - 1


def load_catalogue(table: pa.Table) -> Catalogue:
    """Arrays from the stored `procedures` table, in order of code. Empty table: an empty catalogue."""
    rows = sorted(table.to_pylist(), key=lambda r: str(r["MaTTHC"]))

    def small(name: str) -> Level:
        return np.array([UNKNOWN if r[name] is None else r[name] for r in rows] + [UNKNOWN], np.int8)

    def days(name: str, blank: int) -> npt.NDArray[np.int64]:
        values = [blank if r[name] is None else (r[name].toordinal() - 719163) for r in rows]
        return np.array([*values, blank], np.int64)

    parts = [UNKNOWN if r["SoThanhPhanCongKhai"] is None else r["SoThanhPhanCongKhai"] for r in rows]
    durations = [float("nan") if r["ThoiHanGiaiQuyet"] is None else float(r["ThoiHanGiaiQuyet"]) for r in rows]
    names = tuple(str(r["TenTTHC"] or "") for r in rows)
    field_names = {str(r["MaLinhVuc"]): str(r["TenLinhVuc"]) for r in rows if r["MaLinhVuc"] and r["TenLinhVuc"]}
    by_name: dict[str, int] = {}
    twice: set[str] = set()
    for index, name in enumerate(names):
        folded = fold(name)
        if folded in by_name:
            twice.add(folded)
        by_name[folded] = index
    for folded in twice | {""}:
        by_name.pop(folded, None)
    return Catalogue(
        codes=tuple(str(r["MaTTHC"]) for r in rows),
        names=names,
        fields=tuple(str(r["TenLinhVuc"] or field_names.get(r["MaLinhVuc"] or "", r["MaLinhVuc"]) or "") for r in rows),
        field_names=field_names,
        online_level=small("MucDoDVC"),
        returns_document=small("TraKetQua"),
        has_fee=small("CoPhiLePhi"),
        for_citizens=np.array([_citizens(r["DoiTuongThucHien"]) for r in rows] + [UNKNOWN], np.int8),
        duration=np.array([*durations, float("nan")]),
        duration_unit=small("DonViThoiHan"),
        parts_published=np.array([*parts, UNKNOWN], np.int32),
        levels=tuple(_handling_levels(r["CapThucHien"]) for r in rows),
        handlers=tuple(split_list(r["CoQuanThucHien"]) for r in rows),
        valid_from=days("HieuLucTu", _FIRST_DAY),
        valid_to=days("HieuLucDen", _LAST_DAY),
        by_code={str(r["MaTTHC"]): i for i, r in enumerate(rows)},
        by_name=by_name,
    )


def match_procedures(
    catalogue: Catalogue, codes: Sequence[str | None], names: Sequence[str | None]
) -> npt.NDArray[np.int32]:
    """Index in the catalogue of each (code, name) pair. Shape (n,)."""
    return np.array([catalogue.find(c, n) for c, n in zip(codes, names, strict=True)], np.int32)
