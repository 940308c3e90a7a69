"""Whatever happens to a file on its way here, all its rows are there, or it is said that they are not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import pytest

from tests.ingest.conftest import GOOD, Desk, dossiers
from tests.ingest.fuzz import KINDS, Damaged, Kind, Mutant, Outcome, breach, damaged, keys
from tthc_cli.ingest import ingest
from tthc_cli.ingest.files.books import read_sheet
from tthc_cli.ingest.files.pages import read_html
from tthc_cli.ingest.files.raw import Block, GridSheet
from tthc_cli.ingest.files.texts import read_csv
from tthc_cli.ingest.issues import LOSERS
from tthc_cli.schema import SOURCE
from tthc_cli.storage.parquet import read_parquet

SEEDS = range(35)
"""Five files of each damage, for each kind."""


def outcomes(desk: Desk, files: list[Damaged]) -> dict[str, Outcome]:
    """Take the files in, all in one run, and tell what came of each."""
    desk.put("a.csv", dossiers(GOOD))
    for file in files:
        desk.put(file.name, file.mutant.data)
    report = ingest([desk.exports], desk.workspace)
    warehouse = desk.warehouse
    path_of = {source.id: source.path for source in warehouse.sources}
    stored = defaultdict(list)
    for part in (*warehouse.partitions("dossiers"), *warehouse.partitions(f"dossiers{LOSERS}")):
        rows = read_parquet(warehouse.path(part), ["MaHoSo", SOURCE])
        for code, source in zip(*(column.to_pylist() for column in rows.columns), strict=True):
            stored[path_of[source]].append(code)
    rejected = defaultdict(set)
    for issue in desk.issues():
        if issue.severity == "rejected":
            rejected[issue.file].add((issue.sheet, issue.row))
    found = {}
    for file in files:
        path = f"exports/{file.name}"
        mine = [p for p in path_of.values() if p == path or p.startswith(f"{path} › ")]
        sheets = [s for s in report.sheets if s.path in mine]
        left = [f for f in report.left_out if f.path == path or f.path.startswith(f"{path} › ")]
        found[file.name] = Outcome(
            [code for p in mine for code in stored[p]],
            sum(s.rows_read for s in sheets),
            sum(s.rejected for s in sheets),
            sum(s.accepted + s.superseded + s.rejected for s in sheets),
            sum(len(rejected[p]) for p in mine),
            [f.path for f in left],
            [f.reason for f in left],
        )
    return found


def breaches(desk: Desk, kind: Kind, seeds: range) -> list[str]:
    files = damaged(kind, seeds)
    found = outcomes(desk, files)
    said = {f: breach(kind, keys(kind, f.tag), f.mutant, found[f.name]) for f in files}
    return [f"{file.name} ({file.mutation}): {what}" for file, what in said.items() if what]


@pytest.mark.parametrize("name", KINDS)
def test_no_row_is_lost_in_silence(desk: Desk, name: str) -> None:
    assert breaches(desk, KINDS[name], SEEDS) == []


@pytest.mark.parametrize("name", KINDS)
def test_whole_file_is_read(desk: Desk, name: str) -> None:
    kind = KINDS[name]
    whole = Damaged(f"a{kind.suffix}", 7, "", Mutant(kind.make(7)))
    found = outcomes(desk, [whole])[whole.name]
    assert sorted(found.stored) == sorted(keys(kind, 7))
    assert (found.read, found.rejected) == (kind.rows, 0)


def dropping(real: Callable[..., Any], drop: Callable[[Any], Any]) -> Callable[..., Any]:
    return lambda *arguments, **named: drop(real(*arguments, **named))


def two_thirds(rows: Any) -> Any:
    return rows[: len(rows) * 2 // 3]


def of_block(block: Block) -> Block:
    rows = two_thirds(block.rows)
    return replace(block, columns={at: column.slice(0, len(rows)) for at, column in block.columns.items()}, rows=rows)


def of_sheets(found: Iterable[GridSheet]) -> list[GridSheet]:
    return [
        sheet.part([two_thirds(column) for column in sheet.columns], two_thirds(sheet.rows), sheet.name)
        for sheet in found
    ]


BREAKS = {
    "csv": (read_csv.CsvSheet, "_parse", of_block),
    "csv_1258": (read_csv.CsvSheet, "_parse", of_block),
    "csv_quoted": (read_csv.CsvSheet, "_parse", of_block),
    "zip_of_csv": (read_csv.CsvSheet, "_parse", of_block),
    "html": (read_html, "sheets", of_sheets),
    "xlsx": (read_sheet, "sheets", of_sheets),
    "xls": (read_sheet, "sheets", of_sheets),
}


@pytest.mark.parametrize("name", BREAKS)
def test_law_finds_a_reader_that_loses_rows(desk: Desk, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """A reader is broken on purpose: it gives two thirds of the rows and says nothing."""
    place, attribute, drop = BREAKS[name]
    kind = KINDS[name]
    whole = [Damaged(f"{tag}{kind.suffix}", tag, "", Mutant(kind.make(tag))) for tag in range(5)]
    monkeypatch.setattr(place, attribute, dropping(getattr(place, attribute), drop))
    found = outcomes(desk, whole)
    assert all(breach(kind, keys(kind, f.tag), f.mutant, found[f.name]) for f in whole)


def test_law_finds_a_member_that_is_lost() -> None:
    kind = KINDS["zip_of_csv"]
    codes = keys(kind, 1)
    rest = Outcome(stored=codes[20:], read=40, accounted=40)
    assert breach(kind, codes, Mutant(b""), rest)
    assert not breach(kind, codes, Mutant(b""), replace(rest, refused=["a.zip › thang 1.csv"]))
    assert breach(kind, codes, Mutant(b""), replace(rest, stored=codes[21:], refused=["a.zip › thang 1.csv"]))


@pytest.mark.parametrize(("rejected", "joined", "kept"), [(0, 0, False), (1, 0, False), (1, 1, True), (2, 0, True)])
def test_law_counts_what_was_told(rejected: int, joined: int, kept: bool) -> None:
    """Two rows are missing: they are told, or one line that is told was two."""
    kind = KINDS["csv"]
    codes = keys(kind, 1)
    read = 58 + rejected
    found = Outcome(stored=codes[:-2], read=read, rejected=rejected, accounted=read, listed=rejected)
    assert (breach(kind, codes, Mutant(b"", joined), found) == "") is kept
