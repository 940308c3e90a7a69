"""Turn a block of texts into typed rows of a table: noise lines out, values cleaned, faults counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tthc_cli.ingest.cleaning import clean_codes, officials
from tthc_cli.ingest.cleaning.added_up import added_up
from tthc_cli.ingest.cleaning.check import check
from tthc_cli.ingest.cleaning.clean import CATEGORY, Cleaned, Fault, Manner, clean, enum_code, words
from tthc_cli.ingest.cleaning.legacy_fonts import Font, convert
from tthc_cli.ingest.cleaning.named_periods import dated_by_name
from tthc_cli.ingest.files.raw import Block
from tthc_cli.ingest.issues import SCHEMA, shown
from tthc_cli.ingest.layout.groups import Groups
from tthc_cli.ingest.layout.locate import Located, judge
from tthc_cli.ingest.storing import personal
from tthc_cli.ingest.storing.exported import in_lines
from tthc_cli.ingest.storing.standing import keys_of
from tthc_cli.ingest.vectors import arrow, one_piece, text_column, vector
from tthc_cli.schema import (
    KEY_HASH,
    ROW,
    SHEET,
    SOURCE,
    UNIT_KEY,
    TableSpec,
    arrow_schema,
    dossier_code_months,
    key_hash,
)
from tthc_cli.text import nfc

FIRST_DAY = 7_305
"""1/1/1990 in days since 1970, from which events are counted by day."""
DAYS = 40_543


@dataclass(frozen=True, slots=True)
class Plan:
    """How the rows of one sheet are to be read."""

    spec: TableSpec
    located: Located
    source: str
    sheet: str
    manners: Mapping[str, Manner] = field(default_factory=dict)
    """Column -> how it is written, where that is not the usual way."""
    keep_personal: bool = False
    groups: Groups | None = None
    """Titles between the rows, when the sheet has no column for the unit or field."""
    fonts: Mapping[int, Font] = field(default_factory=dict)
    """Position -> the legacy font in which the column is written."""
    officials: bytes | None = None
    """The key by which names of officials are hashed; None where officials are not kept."""
    workbook: bool = False
    """The texts are cells of a workbook: a number among them is written with a point."""
    periods: Mapping[str, str] = field(default_factory=dict)
    """Kind -> the period of that kind that the name of the file tells."""

    @property
    def personal(self) -> dict[str, int]:
        """Personal column -> position, when they are kept for letters."""
        if not self.keep_personal or self.spec.name != "dossiers":
            return {}
        return {name: at for at, name in reversed(self.located.match.columns.items()) if name in personal.COLUMNS}

    @property
    def columns(self) -> dict[str, int]:
        """Stored column -> position."""
        kept = {c.name for c in self.spec.stored if c.type != "official" or self.officials is not None}
        return {name: at for at, name in self.located.match.columns.items() if name in kept}

    @property
    def acted(self) -> int | None:
        """Position of the names of those who acted, when their hashes are kept."""
        if self.officials is None or self.spec.name != "process_log":
            return None
        return next((at for at, name in self.located.match.columns.items() if name == "NguoiXuLy"), None)

    @property
    def unseen(self) -> set[int]:
        """Positions that are read, and of which nothing may be told."""
        return {*self.personal.values()} | (set() if self.acted is None else {self.acted})

    @property
    def wanted(self) -> set[int]:
        """Positions to read: those of stored columns, and the first two columns, where totals and titles stand."""
        types = {c.name: c.type for c in self.spec.columns}
        withheld = {at for at, name in self.located.match.columns.items() if types[name] in ("personal", "official")}
        lead = set(range(min(2, len(self.located.headings)))) - withheld
        parts = (at for places in self.located.match.parts.values() for at in places)
        return {*self.columns.values(), *lead, *self.unseen, *parts}


@dataclass(frozen=True, slots=True)
class Shaped:
    """What became of a block."""

    rows: pa.Table
    months: tuple[tuple[str, npt.NDArray[np.int64] | None], ...]
    """Each partition with the positions of its rows, None = all of them."""
    read: int
    rejected: int
    skipped: int
    issues: pa.Table
    event_days: npt.NDArray[np.int64]
    """Events on each day from 1/1/1990, shape (DAYS,)."""
    latest: int
    """Seconds since 1970 of the latest event; 0 when there is none."""
    personal: pa.Table | None = None
    """The personal columns of the accepted rows, when they are kept for letters."""
    advance: int = 0
    """Rows the block takes up, when it counts them from 1; see `numbered`."""
    told: int = 0
    """The time of export, in seconds since 1970, that lines which are no data tell; 0 for none."""


def shape(plan: Plan, block: Block) -> Shaped:
    """Type, check and sort out the rows of a block."""
    keep, skipped, exported = _data_rows(plan, block)
    texts = {at: c if keep is None else c.filter(arrow(keep)) for at, c in block.columns.items()}
    for position, font in plan.fonts.items():
        texts[position] = _converted(texts[position], font)
    numbers = block.rows if keep is None else block.rows[keep]
    n = len(numbers)
    cleaned: dict[str, Cleaned] = {}
    places, added = plan.columns, plan.located.match.parts
    for column in plan.spec.stored:
        at = places.get(column.name)
        parts = {p: heading for p, heading in added.get(column.name, {}).items() if p in texts}
        if parts:
            cleaned[column.name] = added_up(column, parts, at, texts)
        elif at is not None and at in texts:
            cleaned[column.name] = clean(column, texts[at], plan.spec.name, plan.manners.get(column.name, Manner()))
    cleaned |= dated_by_name(plan.spec, plan.columns, texts, plan.periods, n)
    _officials(plan, cleaned, texts)
    _under_titles(plan, cleaned, numbers)
    faults = [f for c in cleaned.values() for f in c.faults] + check(plan.spec, cleaned, n)
    bad = np.zeros(n, bool)
    for fault in faults:
        if fault.severity == "rejected":
            bad[fault.at] = True
    days, latest = _events(plan.spec, cleaned, bad)
    rows = _table(plan, cleaned, numbers, n)
    issues = _issues(plan, faults, numbers, block)
    if bad.any():
        keys = keys_of(rows, plan.spec, np.flatnonzero(bad))
        faulty = np.concatenate([f.at for f in faults])
        told = pa.concat_arrays([keys.take(arrow(faulty)), pa.nulls(len(issues) - len(faulty), pa.uint64())])
        issues = issues.append_column("key", told)
        rows = rows.filter(arrow(~bad))
    ragged = len(block.ragged)
    kept = _personal(plan, cleaned, texts, bad) if plan.personal else None
    return Shaped(
        rows, _months(plan.spec, rows), n + ragged, int(bad.sum()) + ragged, skipped, issues, days, latest, kept,
        block.advance, exported,
    )  # fmt: skip


def _personal(
    plan: Plan, cleaned: Mapping[str, Cleaned], texts: Mapping[int, pa.Array], bad: npt.NDArray[np.bool_]
) -> pa.Table:
    n = len(bad)
    columns = {"MaHoSo": cleaned["MaHoSo"].array}
    for name in personal.COLUMNS:
        at = plan.personal.get(name)
        columns[name] = texts[at] if at is not None else pa.nulls(n, pa.string())
    columns["_source"] = text_column([plan.source] * n)
    return pa.table(columns).filter(arrow(~bad))


def _officials(plan: Plan, cleaned: dict[str, Cleaned], texts: Mapping[int, pa.Array]) -> None:
    """Give steps without a typed code the hash of who acted."""
    if plan.acted is None or plan.officials is None or plan.acted not in texts or "MaHoSo" not in cleaned:
        return
    typed = cleaned.get("MaCanBo")
    codes = officials.filled(
        None if typed is None else typed.array, texts[plan.acted], cleaned["MaHoSo"].array, plan.officials
    )
    cleaned["MaCanBo"] = Cleaned(codes, () if typed is None else typed.faults)


def _converted(texts: pa.Array, font: Font) -> pa.Array:
    encoded = texts.dictionary_encode()
    plain = text_column([convert(t, font) for t in encoded.dictionary.to_pylist()])
    return plain.take(encoded.indices)


def _under_titles(plan: Plan, cleaned: dict[str, Cleaned], numbers: npt.NDArray[np.int64]) -> None:
    """Give rows the unit and field of the title above them, where the sheet has no such column."""
    if plan.groups is None:
        return
    for name, texts in (("DonViXuLy", plan.groups.units_of(numbers)), ("TenLinhVuc", plan.groups.fields_of(numbers))):
        if name not in cleaned and texts.null_count < len(texts):
            cleaned[name] = clean(plan.spec.column(name), texts, plan.spec.name)


def _anchor(plan: Plan) -> int | None:
    return next((plan.columns[k] for k in plan.spec.key if k in plan.columns), None)


def _data_rows(plan: Plan, block: Block) -> tuple[npt.NDArray[np.bool_] | None, int, int]:
    """(mask of the rows that are data, None for all; lines that are none and not blank; the time of export that these
    tell, 0 for none)."""
    at = _anchor(plan)
    n = len(block.rows)
    if at is None or n == 0:
        return None, 0, 0
    suspects = _suspects(block.columns[at], plan.located.heading_cells[at])
    if not len(suspects):
        return None, 0, 0
    picked = arrow(suspects)
    positions = sorted(set(block.columns) - plan.unseen)
    columns = {p: block.columns[p].take(picked).to_pylist() for p in positions}
    titles = plan.located.heading_cells
    typed = {
        p: words(plan.spec.column(name))
        for name, p in plan.columns.items()
        if plan.spec.column(name).type not in ("text", "category", "presence")
    }
    keep = np.ones(n, bool)
    aside = []
    for i, row in enumerate(suspects.tolist()):
        cells = {p: (columns[p][i] or "") for p in positions}
        filled = [p for p in positions if cells[p].strip()]
        if not filled:
            keep[row] = False
            continue
        repeated = sum(nfc(cells[p]) in titles[p] for p in filled) * 2 > len(filled)
        if repeated:
            verdict = "heading"
        elif len(positions) == 1:
            verdict = "data"
        else:
            telling = sum(_telling(cells[p], typed.get(p)) for p in filled if p == at or p in typed)
            verdict = judge([cells[p] for p in positions], telling)
        if verdict != "data":
            keep[row] = False
            aside.append([cells[p] for p in filled])
    return (None if keep.all() else keep), len(aside), in_lines(aside)


def _suspects(anchor: pa.Array, headings: frozenset[str]) -> npt.NDArray[np.int64]:
    """Rows whose key is blank, very short, holds a blank or a letter beyond ASCII, or is as long as a heading."""
    n = len(anchor)
    offsets = np.frombuffer(anchor.buffers()[1], np.int32)[anchor.offset : anchor.offset + n + 1]
    data = np.frombuffer(anchor.buffers()[2] or b"", np.uint8)[offsets[0] : offsets[-1]]
    size = np.diff(offsets)
    doubt = size < 5
    for heading in headings:
        doubt |= size == len(heading.encode())
    blanks = np.flatnonzero((data == 32) | (data >= 128))
    if len(blanks):
        doubt[np.searchsorted(offsets, blanks + offsets[0], side="right") - 1] = True
    if anchor.null_count:
        doubt |= vector(anchor.is_null())
    return np.flatnonzero(doubt)


def _telling(text: str, known: Mapping[str, int] | None) -> bool:
    """Whether a cell speaks for its row being data: it holds a digit, or a word known for its column."""
    return any(c.isdigit() for c in text) or bool(known and enum_code(known, text) is not None)


def _events(
    spec: TableSpec, cleaned: Mapping[str, Cleaned], bad: npt.NDArray[np.bool_]
) -> tuple[npt.NDArray[np.int64], int]:
    days = np.zeros(DAYS, np.int64)
    latest = 0
    for name in spec.events:
        column = cleaned.get(name)
        if column is None or column.seconds is None or column.blank is None:
            continue
        seconds = column.seconds[~(column.blank | bad)]
        if len(seconds):
            days += np.bincount(seconds // 86_400 - FIRST_DAY, minlength=DAYS)[:DAYS]
            latest = max(latest, int(seconds.max()))
    return days, latest


def _constant(text: str, n: int) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(arrow(np.zeros(n, np.int32)), text_column([text]))


def _table(plan: Plan, cleaned: Mapping[str, Cleaned], numbers: npt.NDArray[np.int64], n: int) -> pa.Table:
    schema = arrow_schema(plan.spec.name)
    derived: dict[str, pa.Array] = {
        SOURCE: _constant(plan.source, n), SHEET: _constant(plan.sheet, n), ROW: arrow(numbers, pa.int32()),
    }  # fmt: skip
    if KEY_HASH in schema.names:
        codes = cleaned["MaHoSo"].array if "MaHoSo" in cleaned else pa.nulls(n, pa.string())
        derived[KEY_HASH] = arrow(key_hash(codes))
    if UNIT_KEY in schema.names:
        derived[UNIT_KEY] = _units(cleaned, n)
    columns = []
    for column in schema:
        if column.name in derived:
            columns.append(derived[column.name])
        elif column.name in cleaned:
            columns.append(cleaned[column.name].array)
        else:
            columns.append(pa.nulls(n, column.type))
    return pa.Table.from_arrays(columns, schema=schema)


def _units(cleaned: Mapping[str, Cleaned], n: int) -> pa.Array:
    """DonViXuLy, else the unit code that MaHoSo starts with."""
    given = cleaned["DonViXuLy"].array if "DonViXuLy" in cleaned else pa.nulls(n, CATEGORY)
    if not given.null_count:
        return given
    codes = clean_codes.units_of_dossiers(cleaned["MaHoSo"].array)
    changed = pc.coalesce(
        given.cast(pa.string()), text_column([clean_codes.unit(c) if c else None for c in codes.to_pylist()])
    )
    return changed.dictionary_encode().cast(CATEGORY)


def _months(spec: TableSpec, rows: pa.Table) -> tuple[tuple[str, npt.NDArray[np.int64] | None], ...]:
    if not len(rows):
        return ()
    if spec.partition is None:
        return (("all", None),)
    column = one_piece(rows.column(spec.partition))
    if pa.types.is_timestamp(column.type):
        days = vector(column.cast(pa.int64()), 0) // 86_400
        first = int(days.min())
        used = np.flatnonzero(np.bincount(days - first)) + first
        months = used.astype("datetime64[D]").astype("datetime64[M]")
        texts = np.datetime_as_string(months)
        if column.null_count and used[0] == 0:
            texts[0] = "none"
        first_of = np.append(True, texts[1:] != texts[:-1])
        names = texts[first_of]
        if len(names) == 1:
            return ((str(names[0]), None),)
        code = (np.cumsum(first_of) - 1)[np.searchsorted(used, days)]
    else:
        encoded = dossier_code_months(column).dictionary_encode()
        names, code = np.array(encoded.dictionary.to_pylist()), vector(encoded.indices)
    return tuple((str(name), np.flatnonzero(code == i)) for i, name in enumerate(names))


def numbered(shaped: Shaped, base: int) -> Shaped:
    """The same rows with `base` added to their numbers."""
    if not shaped.advance or not base:
        return shaped
    rows, issues = shaped.rows, shaped.issues
    at = rows.schema.get_field_index(ROW)
    rows = rows.set_column(at, rows.schema.field(at), arrow(vector(rows.column(at)) + base, pa.int32()))
    if len(issues):
        at = issues.schema.get_field_index("row")
        issues = issues.set_column(at, issues.schema.field(at), arrow(vector(issues.column(at)) + base, pa.int32()))
    return replace(shaped, rows=rows, issues=issues)


def _issues(plan: Plan, faults: list[Fault], numbers: npt.NDArray[np.int64], block: Block) -> pa.Table:
    parts = []
    wordy = {c.name for c in plan.spec.columns if c.type in ("enum", "flag", "text", "category", "presence")}
    many = np.bincount(np.concatenate([f.at for f in faults])) > 1 if faults else np.zeros(0, bool)
    for fault in faults:
        size = len(fault.at)
        values = [
            shown(fault.column, v, words=fault.column in wordy and not many[i])
            for i, v in zip(fault.at.tolist(), fault.values, strict=True)
        ]
        parts.append(
            pa.table(
                [
                    text_column([fault.code] * size), text_column([fault.severity] * size),
                    text_column([plan.sheet] * size), arrow(numbers[fault.at], pa.int32()),
                    text_column([fault.column] * size),
                    text_column(values),
                ],
                schema=SCHEMA,
            )
        )  # fmt: skip
    rows = [
        *(("ragged_row", "rejected", plan.sheet, row, "", "") for row in block.ragged),
        *(("mixed_encoding", "warning", plan.sheet, row, "", "") for row in block.guessed),
    ]
    if rows:
        parts.append(
            pa.table([pa.array(c, f.type) for c, f in zip(zip(*rows, strict=True), SCHEMA, strict=True)], schema=SCHEMA)
        )
    return pa.concat_tables(parts) if parts else pa.Table.from_batches([], SCHEMA)
