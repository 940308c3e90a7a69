"""`tthc ingest` against merely reading and writing the same file with the libraries it stands on.

    python benchmarks/ingest.py [--rows 1000000] [--large 5000000]

Prints ratios of one run: our time over pyarrow, DuckDB and Polars (CSV to Parquet, the columns that we keep, dates as
dates), XLSX over fastexcel, a file with 1% odd dates over the clean one; rows a second; peak memory at both sizes.
Each piece runs in a process of its own, so that its peak memory is its own. Beside the time on the clock stands the
time of all cores, which other programs on the machine disturb less.
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
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DATES = "%d/%m/%Y %H:%M:%S"


def kept_columns(path: Path) -> dict[str, str]:
    """Column of the file -> its type in the data dictionary, personal ones left out."""
    from tthc_cli.schema import table

    names = path.open(encoding="utf-8").readline().strip().split(",")
    types = {c.name: c.type for c in table("dossiers").stored}
    return {name: types[name] for name in names if name in types}


def ours(path: Path, work: Path) -> int:
    from tthc_cli.ingest import ingest
    from tthc_cli.workspace import Settings, Workspace

    return ingest([path], Workspace(work, Settings())).accepted


def with_pyarrow(path: Path, work: Path) -> int:
    import pyarrow as pa
    from pyarrow import csv, parquet

    columns = kept_columns(path)
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


def with_duckdb(path: Path, work: Path) -> int:
    import duckdb

    chosen = ", ".join(
        f"try_strptime({n}, ['{DATES}', '%d/%m/%Y']) AS {n}" if t == "timestamp" else n
        for n, t in kept_columns(path).items()
    )
    out = work / "a.parquet"
    source = f"read_csv('{path}', all_varchar=true, header=true)"
    duckdb.sql(f"COPY (SELECT {chosen} FROM {source}) TO '{out}' (FORMAT parquet, COMPRESSION zstd)")
    return int(duckdb.sql(f"SELECT count(*) FROM '{out}'").fetchall()[0][0])


def with_polars(path: Path, work: Path) -> int:
    import polars as pl

    columns = kept_columns(path)
    dates = [n for n, t in columns.items() if t == "timestamp"]
    out = work / "a.parquet"
    (
        pl.scan_csv(path, infer_schema=False)
        .select(list(columns))
        .with_columns(pl.col(n).str.strptime(pl.Datetime, DATES, strict=False) for n in dates)
        .sink_parquet(out, compression="zstd")
    )
    return int(pl.scan_parquet(out).select(pl.len()).collect().item())


def with_fastexcel(path: Path, work: Path) -> int:
    import fastexcel
    from pyarrow import parquet, table

    rows = fastexcel.read_excel(path).load_sheet(0, dtypes="string").to_arrow()
    parquet.write_table(table(rows), work / "a.parquet", compression="zstd")
    return int(rows.num_rows)


PIECES: dict[str, Callable[[Path, Path], int]] = {
    "tthc": ours, "pyarrow": with_pyarrow, "duckdb": with_duckdb, "polars": with_polars, "fastexcel": with_fastexcel,
}  # fmt: skip


def peak_mib() -> float:
    """Peak memory of this process since it began (not its parent's, as getrusage would say)."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def piece(name: str, path: Path) -> None:
    """Run one piece in this process and print what it took."""
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        start = time.perf_counter()
        rows = PIECES[name](path, Path(folder))
        taken = time.perf_counter() - start
    print(json.dumps({"s": taken, "cpu": time.process_time(), "rows": rows, "mib": peak_mib()}))


def measure(name: str, path: Path, rounds: int) -> dict[str, float]:
    """The fastest of some rounds."""
    runs = []
    for _ in range(rounds):
        command = [sys.executable, __file__, "--piece", name, str(path)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        runs.append(json.loads(done.stdout))
    return min(runs, key=lambda run: float(run["s"]))


def make_csv(path: Path, rows: int) -> Path:
    sys.path.insert(0, str(ROOT / "sample_data"))
    from stream import write_stream

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


def make_tables(clean: Path, folder: Path, rows: int) -> tuple[Path, Path]:
    """An XLSX and an HTML table of the first rows."""
    import csv

    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Hồ sơ")
    page = folder / "a.xls"
    with clean.open(encoding="utf-8", newline="") as source, page.open("w", encoding="utf-8") as html:
        html.write("<html><head><meta charset='utf-8'></head><body><table>")
        for number, cells in enumerate(csv.reader(source)):
            if number > rows:
                break
            sheet.append(cells)
            html.write("<tr><td>" + "</td><td>".join(cells) + "</td></tr>")
        html.write("</table></body></html>")
    book.save(folder / "a.xlsx")
    return folder / "a.xlsx", page


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--large", type=int, default=5_000_000, help="0 to leave out the memory run")
    parser.add_argument("--sheet-rows", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--piece", nargs=2, metavar=("NAME", "FILE"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.piece:
        piece(given.piece[0], Path(given.piece[1]))
        return
    folder = Path(tempfile.mkdtemp(prefix="tthc-bench-"))
    try:
        clean = make_csv(folder / "clean.csv", given.rows)
        took = {name: measure(name, clean, given.rounds) for name in ("tthc", "pyarrow", "duckdb", "polars")}
        for name, run in took.items():
            ratio, cores = (took["tthc"][unit] / run[unit] for unit in ("s", "cpu"))
            print(
                f"CSV {given.rows:,} {name:9} {run['s']:7.2f} s  {run['cpu']:7.2f} s of cores  {run['mib']:6.0f} MiB  "
                f"tthc / {name} = {ratio:.2f}, of cores {cores:.2f}"
            )
            assert run["rows"] == given.rows
        dirty = measure("tthc", make_dirty(clean, folder / "dirty.csv"), given.rounds)
        print(f"1% odd dates        {dirty['s']:7.2f} s  dirty / clean = {dirty['s'] / took['tthc']['s']:.2f}")
        book, page = make_tables(clean, folder, given.sheet_rows)
        bare, read, html = measure("fastexcel", book, 2), measure("tthc", book, 2), measure("tthc", page, 2)
        print(f"XLSX {given.sheet_rows:,}         {read['s']:7.2f} s  tthc / fastexcel = {read['s'] / bare['s']:.2f}")
        speeds = {"CSV": took["tthc"], "XLSX": read, "HTML": html}
        print("rows a second: " + ", ".join(f"{n} {r['rows'] / r['s']:,.0f}" for n, r in speeds.items()))
        if given.large:
            large = measure("tthc", make_csv(folder / "large.csv", given.large), 1)
            growth = large["mib"] / took["tthc"]["mib"] - 1
            print(f"CSV {given.large:,} tthc {large['s']:.2f} s  {large['mib']:.0f} MiB, {growth:+.0%} memory")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
