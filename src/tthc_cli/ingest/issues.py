"""Rejected rows and warnings: kept a file for each source, and written for a clerk as issues.csv."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow as pa

from tthc_cli.errors import Issue, Severity
from tthc_cli.ingest.quoting import quoted
from tthc_cli.ingest.storing.outdone import outdone
from tthc_cli.ingest.storing.standing import still_standing
from tthc_cli.messages import Lang, say
from tthc_cli.private import MASK, is_private, name
from tthc_cli.schema import EXPORTED_AT, ROW, SHEET, SOURCE, all_tables
from tthc_cli.storage.location import remove, write_atomic
from tthc_cli.storage.parquet import read_parquet
from tthc_cli.storage.warehouse import Partition, SourceRecord, Warehouse
from tthc_cli.text import no_formula

ISSUES = "issues~rows"
"""Name, in the manifest, of the stored issues; the month of such a file is the id of its source."""
LOSERS = "~superseded"
"""Suffix of the manifest name under which the superseded rows of a table are kept, to be restored if need be."""
SCHEMA = pa.schema(
    [("code", pa.string()), ("severity", pa.string()), ("sheet", pa.string()), ("row", pa.int32()),
     ("column", pa.string()), ("value", pa.string())]
)  # fmt: skip

_CODE = re.compile(r"(?=[^\d]*\d)[^\W_](?:[\w./\-–]{0,40}[^\W_])?")
_CODES = {"MaHoSo", "MaTTHC", "MaDonVi", "DonViXuLy", "MaPAKN", "MaPhieu", "SoQuyetDinh"}

FOR_THE_GROUP = 0o640
"""Who may read the lists of issues: their owner and its group."""


def one_issue(code: str, severity: Severity, sheet: str, row: int, column: str, value: str) -> pa.Table:
    """A single issue."""
    cells = (code, severity, sheet, row, column, value)
    return pa.table([pa.array([c], f.type) for c, f in zip(cells, SCHEMA, strict=True)], schema=SCHEMA)


def keyed(issues: pa.Table) -> pa.Table:
    """Issues as stored: with a hash of the key of the row, for rejected rows that have one."""
    return issues if "key" in issues.column_names else issues.append_column("key", pa.nulls(len(issues), pa.uint64()))


def shown(column: str, value: str, words: bool = True, size: int = 80) -> str:
    """A value as an issue may show it: short, on one line, only what `quoted` lets through.

    Without `words`, a value without a digit is masked too: in a row whose cells have slipped it may be a name.
    """
    text = " ".join(value[: size * 8].split())[:size]
    if not words and text and not any(c.isdigit() for c in text):
        return MASK
    return text if column in _CODES and _CODE.fullmatch(text) and not is_private(text) else quoted(text)


def neutral(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    guarded = no_formula(text)
    return "".join(c if c.isprintable() else " " for c in guarded)


def issues_of(warehouse: Warehouse) -> Iterator[tuple[SourceRecord, pa.Table]]:
    """The stored issues of every source."""
    stored: dict[str, Partition] = {p.month: p for p in warehouse.partitions(ISSUES)}
    for source in sorted(warehouse.sources, key=lambda s: (s.path, s.id)):
        part = stored.get(source.id)
        if part is not None:
            yield source, read_parquet(warehouse.path(part))


def all_issues(warehouse: Warehouse) -> Iterator[Issue]:
    """Every issue of the warehouse, by file, sheet and row."""
    yield from conflicts(warehouse)
    yield from outdone(warehouse, LOSERS)
    places = still_standing(warehouse, issues_of(warehouse))
    for source, table in issues_of(warehouse):
        for batch in table.to_batches(max_chunksize=65_536):
            rows = batch.to_pydict()
            for code, severity, sheet, row, column, value in zip(*(rows[n] for n in SCHEMA.names), strict=True):
                yield Issue(code, severity, source.path, name(sheet), row, column, shown(column, value))
                place = places.pop((source.id, sheet, row), None) if severity == "rejected" else None
                if place is not None:
                    yield Issue("older_stands", "rejected", source.path, sheet, row, "", place)


def conflicts(warehouse: Warehouse) -> Iterator[Issue]:
    """Rows of hand-kept tables that another file of the same time contradicts: the one that does not stand."""
    paths = {s.id: s.path for s in warehouse.sources}
    for spec in all_tables():
        if not spec.hand_kept or not warehouse.has(spec.name + LOSERS):
            continue
        data = [c.name for c in spec.stored]
        stands = {tuple(r[k] for k in spec.key): r for r in warehouse.read(spec.name).to_pylist()}
        fell = [
            row for part in warehouse.partitions(spec.name + LOSERS)
            for row in read_parquet(warehouse.path(part)).to_pylist()
        ]  # fmt: skip
        for row in fell:
            key = tuple(row[k] for k in spec.key)
            other = stands.get(key)
            if (
                other is not None and other[SOURCE] != row[SOURCE] and other[EXPORTED_AT] == row[EXPORTED_AT]
                and any(other[c] != row[c] for c in data)
            ):  # fmt: skip
                parts = (shown(c, str(k)) for c, k in zip(spec.key, key, strict=True) if k is not None)
                value = f"{' / '.join(parts)}: {paths[other[SOURCE]]}"
                yield Issue("conflict", "warning", paths[row[SOURCE]], row[SHEET], row[ROW], spec.key[0], value)


def write_csv(path: Path, issues: Iterable[Issue], lang: Lang = "vi") -> Counter[str]:
    """Write the list; rows by code are returned. Without issues the file is removed."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    heads = ("file", "sheet", "row", "column", "value", "severity", "issue", "next", "code")
    writer.writerow([say(f"ingest.issue_{h}", lang) for h in heads])
    counts: Counter[str] = Counter()
    for issue in issues:
        counts[issue.code] += 1
        writer.writerow(
            [neutral(t) for t in (
                issue.file, issue.sheet, str(issue.row) if issue.row else "", issue.heading(lang), issue.value,
                say(f"ingest.severity_{issue.severity}", lang), issue.message(lang), issue.next_step(lang), issue.code,
            )]
        )  # fmt: skip
    if counts:
        write_atomic(path, b"\xef\xbb\xbf" + buffer.getvalue().encode("utf-8", "replace"), mode=FOR_THE_GROUP)
    else:
        remove(path)
    return counts
