"""`tthc ingest` against merely reading and writing the same file with the libraries it stands on.

    python benchmarks/ingest.py [--date 2026-11-21] [--rows 1000000] [--large 5000000] [--same-only]

First against DuckDB and Polars at all of the work, not only the reading and writing (`same_ingest`); the rows stored
must be the same. Then, in one run: our time over pyarrow's, DuckDB's and Polars' (CSV to Parquet: the whole file, and
only the columns that we keep; dates as dates, codes and counts as numbers, zstd), XLSX over fastexcel, a file with 1%
odd dates over the clean one, a folder of small workbooks, rows a second, peak memory at both sizes. With --date the
figures go to docs/benchmarks.md. Each piece runs in a process of its own, in turn with the others, so that a machine
that slows down slows all of them.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import same_ingest
from document import as_the_command, environment, load, peak_mib, table, write_section

from tthc_cli.__main__ import ENVIRONMENT

ROOT = Path(__file__).resolve().parents[1]
DATES = "%d/%m/%Y %H:%M:%S"
SMALL_ROWS = 300
T = TypeVar("T")


def columns_of(path: Path, kept: bool) -> dict[str, str]:
    """Column of the file -> its type in the data dictionary, "text" for personal ones; or without those."""
    from tthc_cli.schema import table

    names = path.open(encoding="utf-8").readline().strip().split(",")
    types = {c.name: c.type for c in table("dossiers").stored}
    return {name: types.get(name, "text") for name in names if name in types or not kept}


def ours(path: Path, work: Path) -> int:
    from tthc_cli.ingest import ingest
    from tthc_cli.workspace import Settings, Workspace

    return ingest([path], Workspace(work, Settings())).accepted


def with_pyarrow(path: Path, work: Path, kept: bool = False) -> int:
    import pyarrow as pa
    from pyarrow import csv, parquet

    columns = columns_of(path, kept)
    kinds = {"timestamp": pa.timestamp("s"), "category": pa.dictionary(pa.int32(), pa.string()), "amount": pa.int64()}
    types = {n: kinds.get(t, pa.string() if t in ("text", "presence") else pa.int8()) for n, t in columns.items()}
    rows = csv.read_csv(
        path,
        parse_options=csv.ParseOptions(newlines_in_values=True),
        convert_options=csv.ConvertOptions(
            column_types=types,
            include_columns=list(types),
            timestamp_parsers=[DATES, "%d/%m/%Y"],
            strings_can_be_null=True,
        ),
    ).unify_dictionaries()
    low = [n for n, t in columns.items() if t == "category"]
    parquet.write_table(rows, work / "a.parquet", compression="zstd", use_dictionary=low, row_group_size=131_072)
    return len(rows)


def _typed(path: Path, small: T, large: T, text: T) -> dict[str, T]:
    """Every column of the file -> its type: `small` for codes, flags and counts, `large` for amounts, else `text`."""
    kinds = {"enum": small, "flag": small, "count": small, "amount": large}
    return {name: kinds.get(kind, text) for name, kind in columns_of(path, kept=False).items()}


def with_duckdb(path: Path, work: Path, kept: bool = False) -> int:
    import duckdb

    chosen = ", ".join(
        f"try_strptime({n}, ['{DATES}', '%d/%m/%Y']) AS {n}" if t == "timestamp" else n
        for n, t in columns_of(path, kept).items()
    )
    out = work / "a.parquet"
    columns = _typed(path, "TINYINT", "BIGINT", "VARCHAR")
    source = f"read_csv('{path}', columns={columns}, header=true, auto_detect=false, delim=',', quote='\"')"
    duckdb.sql(f"COPY (SELECT {chosen} FROM {source}) TO '{out}' (FORMAT parquet, COMPRESSION zstd)")
    return int(duckdb.sql(f"SELECT count(*) FROM '{out}'").fetchall()[0][0])


def with_polars(path: Path, work: Path, kept: bool = False) -> int:
    import polars as pl

    columns = columns_of(path, kept)
    dates = [n for n, t in columns.items() if t == "timestamp"]
    out = work / "a.parquet"
    (
        pl.scan_csv(path, schema=_typed(path, pl.Int8, pl.Int64, pl.String))
        .select(list(columns))
        .with_columns(pl.col(n).str.strptime(pl.Datetime("ms"), DATES, strict=False) for n in dates)
        .sink_parquet(out, compression="zstd")
    )
    return int(pl.scan_parquet(out).select(pl.len()).collect().item())


def with_fastexcel(path: Path, work: Path) -> int:
    import fastexcel
    from pyarrow import parquet, table

    rows = fastexcel.read_excel(path).load_sheet(0, dtypes="string").to_arrow()
    parquet.write_table(table(rows), work / "a.parquet", compression="zstd")
    return int(rows.num_rows)


WHOLE = {
    "tthc": "`tthc ingest`", "pyarrow": "pyarrow, read_csv and write_table", "duckdb": "DuckDB, COPY",
    "polars": "Polars, scan_csv and sink_parquet",
}  # fmt: skip
KEPT = {f"{name}-kept": f"{label}, kept columns" for name, label in WHOLE.items() if name != "tthc"}
CSV = WHOLE | KEPT
BARE_CSV = [name for name in CSV if name != "tthc"]
GOALS = {"pyarrow": "1.30", "duckdb": "under 1", "polars": "under 1"}
BARE: dict[str, Callable[[Path, Path, bool], int]] = {
    "pyarrow": with_pyarrow, "duckdb": with_duckdb, "polars": with_polars,
}  # fmt: skip
PIECES: dict[str, Callable[[Path, Path], int]] = {
    "tthc": ours, "fastexcel": with_fastexcel,
    **{name: partial(run, kept=False) for name, run in BARE.items()},
    **{f"{name}-kept": partial(run, kept=True) for name, run in BARE.items()},
}  # fmt: skip


SAME = {"tthc-same": "`tthc ingest`", "duckdb-same": "DuckDB", "polars-same": "Polars"}
PIECES |= {"tthc-same": ours, "duckdb-same": same_ingest.ingest_duckdb, "polars-same": same_ingest.ingest_polars}
SAME_DONE = """all columns read as text, dates of two shapes that must exist, numbers tried, words of lists looked up,
impossible rows left out, the newest row of each key, a Parquet file (zstd) a month in order of unit, procedure and key,
SHA-256 of what is read and written"""
SAME_GOALS: dict[str, Any] = {"time": "0.60", "memory": ("0.25", "0.10"), "growth": "5.5"}


def piece(name: str, path: Path) -> None:
    """Run one piece in this process and print what it took, and what it stored where that is compared."""
    if PIECES[name] is ours:
        as_the_command()
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        start = time.perf_counter()
        rows = PIECES[name](path, Path(folder))
        found = {"s": time.perf_counter() - start, "cpu": time.process_time(), "rows": rows, "mib": peak_mib()}
        stored = Path(folder, "warehouse", "dossiers") if name == "tthc-same" else Path(folder)
        told = {"digest": same_ingest.digest_of(path, stored)} if name in SAME else {}
    print(json.dumps(found | told))


Run = dict[str, Any]


def measure(name: str, path: Path) -> Run:
    """One piece in a process of its own."""
    command = [sys.executable, __file__, "--piece", name, str(path)]
    told = environment() | (ENVIRONMENT if name in ("tthc", "tthc-same") else {})
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=told)
    found: Run = json.loads(done.stdout)
    return found


def in_turn(pieces: dict[str, tuple[str, Path]], rounds: int) -> dict[str, Run]:
    """The fastest of some rounds of each piece; in a round every piece has its turn."""
    runs: dict[str, list[Run]] = {label: [] for label in pieces}
    for _ in range(rounds):
        for label, (name, path) in pieces.items():
            runs[label].append(measure(name, path))
    return {label: min(found, key=lambda run: run["s"]) for label, found in runs.items()}


def make_csv(path: Path, rows: int) -> Path:
    sys.path.insert(0, str(ROOT / "sample_data"))
    from stream import write_stream

    if not path.exists():
        write_stream(path, rows)
    return path


def make_dirty(clean: Path, path: Path) -> Path:
    """The same file with one date in a hundred rows written as day/month/two-digit year."""
    chance = random.Random(766)
    with clean.open(encoding="utf-8") as source, path.open("w", encoding="utf-8") as out:
        names = source.readline()
        out.write(names)
        for line in source:
            if chance.random() < 0.01:
                line = line.replace("/2023 ", "/23 ", 1)
            out.write(line)
    return path


def make_tables(clean: Path, folder: Path, rows: int, small: int) -> tuple[Path, Path, Path]:
    """An XLSX and an HTML table of the first rows; a folder of small workbooks of the next ones."""
    import csv

    page, book, many = folder / "a.xls", folder / "a.xlsx", folder / "many"
    many.mkdir()
    with clean.open(encoding="utf-8", newline="") as source, page.open("w", encoding="utf-8") as html:
        lines = csv.reader(source)
        head = next(lines)
        first = list(islice(lines, rows))
        html.write("<html><head><meta charset='utf-8'></head><body><table>")
        for cells in (head, *first):
            html.write("<tr><td>" + "</td><td>".join(cells) + "</td></tr>")
        html.write("</table></body></html>")
        write_book(book, [head, *first])
        for number in range(small):
            write_book(many / f"{number:03d}.xlsx", [head, *islice(lines, SMALL_ROWS)])
    return book, page, many


def write_book(path: Path, rows: Sequence[Sequence[str]]) -> None:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Hồ sơ")
    for cells in rows:
        sheet.append(cells)
    book.save(path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--date", help="day of the measurement, for the document")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--large", type=int, default=5_000_000, help="0 to leave out the larger file")
    parser.add_argument("--sheet-rows", type=int, default=50_000)
    parser.add_argument("--small-books", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--same-only", action="store_true", help="only against DuckDB and Polars at the same work")
    parser.add_argument("--folder", type=Path, help="where files are made (8 GB for 5 million rows)")
    parser.add_argument("--piece", nargs=2, metavar=("NAME", "FILE"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.piece:
        piece(given.piece[0], Path(given.piece[1]))
        return
    folder = Path(tempfile.mkdtemp(prefix="tthc-bench-", dir=given.folder))
    try:
        told(given, "same", "Ingest, the same work", same_work(given, folder))
        if not given.same_only:
            told(given, "ingest", "Ingest", all_measured(given, folder))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def told(given: argparse.Namespace, section: str, title: str, text: str) -> None:
    """Print a section, and write it into the document if that is asked for."""
    print(text, flush=True)
    if given.date:
        write_section(section, title, given.date, text)


def same_work(given: argparse.Namespace, folder: Path) -> str:
    """Ours over that of engines that do the same, as Markdown."""
    file = make_csv(folder / "clean.csv", given.rows)
    proof = same_ingest.make_proof(file, folder / "proof.csv")
    assert len({measure(name, proof)["digest"] for name in SAME}) == 1
    sizes = {given.rows: in_turn({name: (name, file) for name in SAME}, given.rounds)}
    if given.large:
        file = make_csv(folder / "large.csv", given.large)
        sizes[given.large] = in_turn({name: (name, file) for name in SAME}, 1)
    lines, ratios, grown = [], [], list[str]()
    for memory, (rows, runs) in zip(SAME_GOALS["memory"], sizes.items(), strict=False):
        assert {run["rows"] for run in runs.values()} == {rows}
        assert len({run["digest"] for run in runs.values()}) == 1
        lines += [
            (f"{rows:,}", SAME[n], f"{r['s']:.2f}", f"{r['cpu']:.2f}", f"{r['mib']:.0f}") for n, r in runs.items()
        ]
        own = runs["tthc-same"]
        for key, what, goal in (
            ("s", "time", SAME_GOALS["time"]),
            ("cpu", "time of cores", ""),
            ("mib", "memory", memory),
        ):
            shares = (f"{own[key] / runs[name][key]:.2f}" for name in ("duckdb-same", "polars-same"))
            ratios.append((f"{what} at {rows:,} rows", *shares, goal))
    if given.large:
        small, large = (runs["tthc-same"] for runs in sizes.values())
        for key, what in (("s", "time"), ("cpu", "time of cores")):
            grown.append(
                f"- From {given.rows:,} to {given.large:,} rows the {what} of `tthc ingest` grew by a factor of "
                f"{large[key] / small[key]:.1f} (goal: {SAME_GOALS['growth']})."
            )
    heads = ("rows", "what", "seconds", "seconds of cores", "peak MiB")
    return f"""
Every engine does all of the work of `tthc ingest` on a clean export: {SAME_DONE}. The rows stored are the
same, also of a file with repeated keys, dates alone and wrong, and numbers that are none: that is checked in every run.
The fastest of {given.rounds} rounds in turn (of the larger file: one); the time of all cores is disturbed less by other
programs on the machine. Load of the machine when it ended, of a minute and of a quarter of an hour: {load()}.

{table(heads, lines)}

{table(("`tthc ingest` takes", "of DuckDB", "of Polars", "goal, of the faster"), ratios)}

{chr(10).join(grown)}
"""


def all_measured(given: argparse.Namespace, folder: Path) -> str:
    """Every measurement, as Markdown."""
    clean = make_csv(folder / "clean.csv", given.rows)
    dirty = make_dirty(clean, folder / "dirty.csv")
    took = in_turn({name: (name, clean) for name in CSV} | {"dirty": ("tthc", dirty)}, given.rounds)
    assert all(took[name]["rows"] == given.rows for name in CSV)
    book, page, many = make_tables(clean, folder, given.sheet_rows, given.small_books)
    sheets = in_turn(
        {"bare": ("fastexcel", book), "XLSX": ("tthc", book), "HTML": ("tthc", page), "small": ("tthc", many)}, 2
    )
    lines = [line(given.rows, name, took[name], took["tthc"]) for name in CSV]
    growth = ""
    if given.large:
        file = make_csv(folder / "large.csv", given.large)
        large = in_turn({name: (name, file) for name in CSV}, 1)
        lines += [line(given.large, name, large[name], large["tthc"]) for name in CSV]
        more = large["tthc"]["mib"] / took["tthc"]["mib"] - 1
        growth = (
            f"- Peak memory of `tthc ingest`: {took['tthc']['mib']:.0f} MiB at {given.rows:,} rows, "
            f"{large['tthc']['mib']:.0f} MiB at {given.large:,} ({more:+.0%})."
        )
    heads = ("rows", "what", "seconds", "seconds of cores", "peak MiB", "tthc takes", "of cores")
    speeds = {"CSV": took["tthc"], "XLSX": sheets["XLSX"], "HTML": sheets["HTML"]}
    small = sheets["small"]
    ratios = table(
        ("what", "ratio", "goal"),
        [
            *(
                (f"CSV, tthc over {CSV[name]}", ratio(took["tthc"], took[name]), GOALS.get(name, ""))
                for name in BARE_CSV
            ),
            ("CSV with 1% odd dates over the clean one", ratio(took["dirty"], took["tthc"]), "1.50"),
            ("XLSX, tthc over fastexcel", ratio(sheets["XLSX"], sheets["bare"]), "1.40"),
        ],
    )
    told = ", ".join(f"{name} {run['rows'] / run['s']:,.0f}" for name, run in speeds.items())
    return f"""
Clean UTF-8 CSV as an export writes it (36 columns, 555 bytes a row) to Parquet. `tthc ingest` is the whole of it:
checks, account of rows, the newest row of each key, months sorted by unit and procedure. The others turn the same file
into Parquet with zstd, dates as dates, codes and counts as numbers, unsorted and unchecked: all of it, and, as "kept
columns", without the personal columns that `tthc ingest` drops. The fastest of {given.rounds} rounds in turn (of the
larger file: one); the time of all cores is disturbed less by other programs on the machine.

{table(heads, lines)}

{ratios}

- Rows a second: {told} ({given.sheet_rows:,} rows of XLSX and HTML).
- {given.small_books} workbooks of {SMALL_ROWS} rows: {small["s"]:.1f} s, {given.small_books / small["s"]:.0f} a second.
{growth}
"""


def ratio(one: Run, other: Run) -> str:
    return f"{one['s'] / other['s']:.2f}"


def line(rows: int, name: str, run: Run, ours: Run) -> tuple[object, ...]:
    """One row of the table: what a piece took, and our time over its time."""
    compared = ("", "") if run is ours else (f"{ratio(ours, run)} ×", f"{ours['cpu'] / run['cpu']:.2f} ×")
    return (f"{rows:,}", CSV[name], f"{run['s']:.2f}", f"{run['cpu']:.2f}", f"{run['mib']:.0f}", *compared)


if __name__ == "__main__":
    main()
