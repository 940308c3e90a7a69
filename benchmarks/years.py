"""A file that grows and is exported again every day under one path, against the same rows taken in once.

    python benchmarks/years.py [--date 2026-11-21] [--days 400] [--rows-a-day 250] [--rounds 5]

After so many days: what the next day's ingest costs and how large the warehouse is, over those of a workspace that took
in the last day's file alone. With --date the figures go to docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from document import environment, table, write_section

from ingest import make_csv
from tthc_cli.__main__ import ENVIRONMENT

FIRST_DAY = 1_700_000_000
EXPORT = "exports/ho_so.csv"


def put(root: Path, day: int, head: str, lines: list[str]) -> None:
    """The export of a day."""
    path = root / EXPORT
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(head + "".join(lines), encoding="utf-8")
    os.utime(path, (FIRST_DAY + day * 86_400, FIRST_DAY + day * 86_400))


def take_in(root: Path) -> float:
    """Ingest the export of a workspace in this process; seconds of all cores."""
    from tthc_cli.ingest import ingest
    from tthc_cli.workspace import Settings, Workspace

    before = time.process_time()
    ingest([root / "exports"], Workspace(root, Settings()))
    return time.process_time() - before


def warmed(root: Path, warm: Path) -> None:
    """Print the seconds of the ingest of `root`, after one of `warm` has loaded everything."""
    take_in(warm)
    print(json.dumps(take_in(root)))


def next_day(root: Path, warm: Path, scratch: Path) -> float:
    """Seconds of the ingest of a copy of a workspace, in a process of its own."""
    for source, copy in ((root, scratch / "root"), (warm, scratch / "warm")):
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(source, copy)
    command = [sys.executable, __file__, "--piece", str(scratch / "root"), str(scratch / "warm")]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment() | ENVIRONMENT)
    return float(json.loads(done.stdout))


def sizes(root: Path) -> tuple[int, int, int]:
    """(bytes of the files that the manifest names and of itself, bytes on disk, bytes of the manifest)."""
    from tthc_cli.storage.warehouse import open_warehouse

    folder = root / "warehouse"
    found = open_warehouse(folder)
    manifest = (folder / "manifest.json").stat().st_size
    named = sum((folder / p.file).stat().st_size for parts in found.tables.values() for p in parts)
    return named + manifest, sum(p.stat().st_size for p in folder.rglob("*") if p.is_file()), manifest


def measured(given: argparse.Namespace, folder: Path) -> str:
    """The simulation and its figures, as Markdown."""
    source = make_csv(folder / "all.csv", (given.days + 1) * given.rows_a_day)
    head, *lines = source.read_text(encoding="utf-8").splitlines(keepends=True)
    daily, once, warm = folder / "daily", folder / "once", folder / "warm"
    for day in range(1, given.days + 1):
        put(daily, day, head, lines[: day * given.rows_a_day])
        take_in(daily)
    put(once, given.days, head, lines[: given.days * given.rows_a_day])
    take_in(once)
    found = {"every day": sizes(daily), "once": sizes(once)}
    put(warm, 0, head, lines[: given.rows_a_day])
    for root in (daily, once):
        put(root, given.days + 1, head, lines)
    costs: dict[str, list[float]] = {"every day": [], "once": []}
    for _ in range(given.rounds):
        for name, root in (("every day", daily), ("once", once)):
            costs[name].append(next_day(root, warm, folder / "scratch"))
    rows = [
        (name, *(f"{size / 2**20:.2f}" for size in found[name][:2]), f"{found[name][2]:,}", f"{min(costs[name]):.2f}")
        for name in found
    ]
    ratios = [f"{found['every day'][i] / found['once'][i]:.2f} ×" for i in (0, 1)]
    rows.append(("ratio", *ratios, "", f"{min(costs['every day']) / min(costs['once']):.2f} ×"))
    heads = ("taken in", "warehouse MiB", "on disk MiB", "bytes of manifest", "next day, seconds of cores")
    return f"""
A file that grows by {given.rows_a_day} rows a day is exported again under one path on {given.days} days and taken in
every day, or its last version once; then the next day's file is taken in. "On disk" counts the files of the warehouse
just before, too, which stay for readers until the next run. The least of {given.rounds} rounds in turn.

{table(heads, rows)}
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--date", help="day of the measurement, for the document")
    parser.add_argument("--days", type=int, default=400)
    parser.add_argument("--rows-a-day", type=int, default=250)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--piece", nargs=2, metavar=("FOLDER", "WARM"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.piece:
        warmed(*map(Path, given.piece))
        return
    folder = Path(tempfile.mkdtemp(prefix="tthc-bench-"))
    try:
        text = measured(given, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(text)
    if given.date:
        write_section("years", "A file exported every day", given.date, text)


if __name__ == "__main__":
    main()
