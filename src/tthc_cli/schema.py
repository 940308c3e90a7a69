"""The contract between reading and scoring: canonical tables, their columns, types and codes.

The tables are described once, in `dictionary/*.toml` (one file a table); this module turns the description into
Python objects and Arrow schemas. Fields of the national specification keep their names (`MaHoSo`, `NgayHenTra`);
what is derived here is English snake_case and starts with an underscore in stored tables.

How a value is stored, by type:

| type        | stored as                  | null means                                  |
|-------------|----------------------------|---------------------------------------------|
| text        | string                     | blank                                       |
| category    | dictionary<int32, string>  | blank                                       |
| timestamp   | timestamp[s], local, naive; midnight = no time of day was given | blank          |
| date        | date32                     | blank                                       |
| enum        | int8 code                  | blank, or the source has no such column     |
| flag        | int8 0/1                   | the source has no such column (blank = 0)   |
| presence    | int8 0/1: the cell was filled; its content is not kept | the source has no such column |
| count       | int32                      | the source has no such column (blank = 0)   |
| amount      | int64, đồng                | blank, or the source has no such column     |
| decimal     | string, canonical ("12.5") | blank                                       |
| official    | category: a typed code or a keyed hash | blank, or the workspace keeps no officials |
| personal    | not stored                 | –                                           |
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from tthc_cli.messages import Lang

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

ColumnType = Literal[
    "text",
    "category",
    "timestamp",
    "date",
    "enum",
    "flag",
    "presence",
    "count",
    "amount",
    "decimal",
    "official",
    "personal",
]
Normaliser = Literal["procedure", "dossier", "unit", "period", "published_period", "indicator", "none"]

UNKNOWN_CODE = 0
"""The code of a word that nobody knows, where blank means something else (KenhThucHien: blank counts as direct)."""
SOURCE, SHEET, ROW = "_source", "_sheet", "_row"
"""Provenance of a stored row: source id (category), sheet name (category), row number from 1 (int32)."""
EXPORTED_AT = "_exported_at"
"""When the file that holds the row was exported (timestamp[s]); the newest row of a key wins."""
UNIT_KEY = "_unit"
"""Dossiers only (category): DonViXuLy as given, else the unit code that MaHoSo starts with; null if neither."""
KEY_HASH = "_key"
"""Dossiers, process log, slips, petitions, findings and inspected dossiers (uint64): `key_hash` of MaHoSo (0 where
that is blank)."""


@dataclass(frozen=True, slots=True)
class Column:
    """One field of a table, as the data dictionary describes it."""

    name: str
    type: ColumnType
    meaning_vi: str
    meaning_en: str
    headings: tuple[str, ...] = ()
    """Headings seen for it, besides its own name; matched folded (`folding.fold`)."""
    codes: dict[int, tuple[str, ...]] = field(default_factory=dict)
    """For an enum: code -> the words seen for it, the first being its label. For a category: the phrases that alone are
    kept, each in its first spelling; a text without any is blank."""
    required: bool = False
    """A row without it is rejected."""
    normalise: Normaliser = "none"
    unknown: bool = False
    """Of an enum: a word that nobody knows is stored as `UNKNOWN_CODE`, apart from blank."""
    parts: tuple[str, ...] = ()
    """Of an amount: those of its headings that each name a part of it; standing side by side, they are added up."""


@dataclass(frozen=True, slots=True)
class Order:
    """Two dates of a row, and what it is called and done when the later one lies on a day before the earlier."""

    earlier: str
    later: str
    code: str
    severity: Literal["rejected", "warning"]


_TABLE_KEYS = {
    "place", "vi", "en", "key", "partition", "signature", "column", "events", "order", "further", "hashed",
    "names_unit", "remarks", "unless",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class TableSpec:
    """One canonical table."""

    name: str
    label_vi: str
    label_en: str
    key: tuple[str, ...]
    """Rows with equal key are the same thing; the newest wins."""
    partition: str | None
    """By whose month ("2023-04", or "none") the table is stored in files: a timestamp column, or MaHoSo for the
    yymmdd inside the dossier code; None = one file."""
    signature: tuple[tuple[str, ...], ...]
    """A sheet is of this kind when its headings match every column of one of these sets."""
    columns: tuple[Column, ...]
    events: tuple[str, ...] = ()
    """Dates of things that happened (not due dates): the latest of a file tells when it was exported. A table without
    any is kept by hand (see `hand_kept`)."""
    order: tuple[Order, ...] = ()
    """Which dates cannot lie before which."""
    further: str | None = None
    """The column of which, in exports of the same time, the greater value stands."""
    hashed: bool = False
    """Whether rows carry KEY_HASH, by which tables are joined on MaHoSo."""
    names_unit: str | None = None
    """The column by which rows belong to a unit that is scored."""
    remarks: tuple[str, ...] = ()
    """Headings of what a draft of the table says to people: neither read nor missed."""
    unless: tuple[str, ...] = ()
    """Headings with any of which a sheet is not of this kind."""

    @property
    def hand_kept(self) -> bool:
        """Kept by people: a new version of such a file, under the same path, takes the place of the one before."""
        return not self.events

    def column(self, name: str) -> Column:
        return next(c for c in self.columns if c.name == name)

    @property
    def stored(self) -> tuple[Column, ...]:
        """The columns that are kept: all but personal ones."""
        return tuple(c for c in self.columns if c.type != "personal")


def _column(raw: dict[str, object]) -> Column:
    codes_raw = raw.get("codes", {})
    assert isinstance(codes_raw, dict)
    known = {
        "name", "type", "vi", "en", "headings", "codes", "required", "normalise", "parts", "unknown",
    }  # fmt: skip
    unknown = set(raw) - known
    if unknown:
        raise ValueError(f"data dictionary: column {raw.get('name')}: unknown keys {sorted(unknown)}")
    if "parts" in raw and raw["type"] != "amount":
        raise ValueError(f"data dictionary: column {raw.get('name')}: only amounts have parts")
    return Column(
        name=str(raw["name"]),
        type=raw["type"],  # type: ignore[arg-type]
        meaning_vi=str(raw["vi"]),
        meaning_en=str(raw["en"]),
        headings=tuple(raw.get("headings", ())),  # type: ignore[arg-type]
        codes={int(code): tuple(words) for code, words in codes_raw.items()},
        required=bool(raw.get("required", False)),
        unknown=bool(raw.get("unknown", False)),
        normalise=raw.get("normalise", "none"),  # type: ignore[arg-type]
        parts=tuple(raw.get("parts", ())),  # type: ignore[arg-type]
    )


_DICTIONARY = Path(__file__).parent / "dictionary"


@cache
def _raw(name: str) -> dict[str, Any]:
    return tomllib.loads((_DICTIONARY / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def word_file(name: str) -> dict[str, Any]:
    """Words that are no column's alone, from `dictionary/words/<name>.toml`."""
    return tomllib.loads((_DICTIONARY / "words" / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def table_names() -> tuple[str, ...]:
    """Names of the tables there are, in the order in which they are told of."""
    names = (file.stem for file in _DICTIONARY.glob("*.toml"))
    return tuple(sorted(names, key=lambda name: (_raw(name)["place"], name)))


@cache
def table(name: str) -> TableSpec:
    """The description of one canonical table, from `dictionary/<name>.toml`. Raises ValueError where it holds what
    nobody knows, or names a column that it does not have."""
    raw = _raw(name)
    found = _table(name, raw)
    known = {column.name for column in found.columns}
    named = {*found.events, *(n for o in found.order for n in (o.earlier, o.later))}
    named |= {n for n in (found.further, found.names_unit) if n is not None}
    if set(raw) - _TABLE_KEYS or not named <= known:
        raise ValueError(f"data dictionary: table {name}: {sorted(set(raw) - _TABLE_KEYS | named - known)}")
    return found


def _table(name: str, raw: dict[str, Any]) -> TableSpec:
    return TableSpec(
        name=name,
        label_vi=raw["vi"],
        label_en=raw["en"],
        key=tuple(raw["key"]),
        partition=raw.get("partition"),
        signature=tuple(tuple(s) for s in raw["signature"]),
        columns=tuple(_column(c) for c in raw["column"]),
        events=tuple(raw.get("events", ())),
        order=tuple(Order(*one) for one in raw.get("order", ())),
        further=raw.get("further"),
        hashed=bool(raw.get("hashed", False)),
        names_unit=raw.get("names_unit"),
        remarks=tuple(raw.get("remarks", ())),
        unless=tuple(raw.get("unless", ())),
    )


def all_tables() -> tuple[TableSpec, ...]:
    """Every canonical table."""
    return tuple(table(name) for name in table_names())


def dossier_code_months(codes: pa.Array | pa.ChunkedArray) -> pa.Array:
    """The month of the yymmdd inside each dossier code, as "2023-04"; "none" where there is no such date."""
    import pyarrow as pa
    import pyarrow.compute as pc

    array = codes.combine_chunks() if isinstance(codes, pa.ChunkedArray) else codes
    parts = pc.extract_regex(array, r"-(?P<yy>\d\d)(?P<mm>0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])-")
    month = pc.binary_join_element_wise(
        pc.binary_join_element_wise("20", pc.struct_field(parts, "yy"), ""), pc.struct_field(parts, "mm"), "-"
    )
    return pc.fill_null(month, "none")


@cache
def arrow_schema(name: str) -> pa.Schema:
    """The Arrow schema in which a table is stored: its kept columns, then provenance and derived columns."""
    import pyarrow as pa

    category = pa.dictionary(pa.int32(), pa.string())
    types = {
        "text": pa.string(), "category": category, "timestamp": pa.timestamp("s"), "date": pa.date32(),
        "enum": pa.int8(), "flag": pa.int8(), "presence": pa.int8(), "count": pa.int32(), "amount": pa.int64(),
        "decimal": pa.string(), "official": category,
    }  # fmt: skip
    spec = table(name)
    fields = [pa.field(c.name, types[c.type]) for c in spec.stored]
    if name == "dossiers":
        fields.append(pa.field(UNIT_KEY, category))
    if spec.hashed:
        fields.append(pa.field(KEY_HASH, pa.uint64()))
    fields += [
        pa.field(SOURCE, category), pa.field(SHEET, category), pa.field(ROW, pa.int32()),
        pa.field(EXPORTED_AT, pa.timestamp("s")),
    ]  # fmt: skip
    return pa.schema(fields)


def key_hash(keys: pa.Array | pa.ChunkedArray) -> npt.NDArray[np.uint64]:
    """A stable 64-bit hash of each text (its UTF-8 bytes), 0 for null or "". Shape (n,).

    The same text hashes the same in every run and version; it joins tables on MaHoSo without holding the texts.
    """
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    array = keys.combine_chunks() if isinstance(keys, pa.ChunkedArray) else keys
    if pa.types.is_dictionary(array.type):
        array = array.cast(pa.string())
    array = (pc.fill_null(array, "") if array.null_count else array).cast(pa.large_binary())
    n = len(array)
    out = np.zeros(n, np.uint64)
    if n == 0:
        return out
    offsets = np.frombuffer(array.buffers()[1], np.int64)[array.offset : array.offset + n + 1]
    data = np.frombuffer(array.buffers()[2] or b"", np.uint8)
    lengths = offsets[1:] - offsets[:-1]
    prime = np.uint64(0x9E3779B97F4A7C15)
    for length in np.flatnonzero(np.bincount(lengths)).tolist():
        if length == 0:
            continue
        rows = np.flatnonzero(lengths == length)
        words = -(-length // 8)
        anywhere = np.ndarray((len(data) - length + 1,), f"V{length}", data, strides=(1,))
        padded = anywhere[offsets[rows]].astype(f"V{words * 8}")
        mixed = np.full(len(rows), length * 0x9E3779B97F4A7C15 % 2**64, np.uint64)
        for word in padded.view(np.uint64).reshape(-1, words).T:
            mixed ^= word
            mixed *= prime
            mixed ^= mixed >> np.uint64(32)
            mixed *= np.uint64(0xD6E8FEB86659FD93)
            mixed ^= mixed >> np.uint64(29)
        mixed[mixed == 0] = 1
        out[rows] = mixed
    return out


@cache
def _spoken() -> dict[str, str]:
    return {column.name: column.headings[0] for spec in all_tables() for column in spec.columns if column.headings}


def headed(name: str, lang: Lang) -> str:
    """A column as people head it, with its name in the dictionary; what is no column stays as it is.

    >>> headed("NgayTiepNhan", "vi"), headed("NgayTiepNhan", "en")
    ('Ngày tiếp nhận (NgayTiepNhan)', 'NgayTiepNhan')
    """
    heading = _spoken().get(name) if lang == "vi" else None
    return name if heading is None else f"{heading} ({name})"
