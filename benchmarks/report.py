"""How long scorecards of many units take to write, and how large they are: 200 units, and all communes of the country.

    python benchmarks/report.py --date 2026-11-21 [--folder DIR]

Every measurement is a process of its own, so that peak memory is its own.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from document import table, write_section
from generated import Size, make_warehouse

UNITS = (200, 3_300)
DOSSIERS_A_UNIT = 300
WHAT = {
    "xlsx": "xlsx, a sheet for every unit",
    "xlsx-summary": "xlsx, summary",
    "html": "html, a section for every unit",
    "html-summary": "html, summary",
}


def _scored(units: int, folder: Path) -> Path:
    """A workspace with the score of a province of so many units."""
    warehouse = make_warehouse(folder, Size(units * DOSSIERS_A_UNIT, departments=20, communes=units - 20))
    workspace = warehouse.root.parent
    command = [sys.executable, "-m", "tthc_cli", "score", "--year", "2023", "--quiet"]
    subprocess.run(command, cwd=workspace, check=True, stdout=subprocess.DEVNULL)
    return workspace


def write_one(workspace: Path, what: str) -> dict[str, Any]:
    """Write one scorecard."""
    from tthc_cli import render, scorestore

    wanted, _, summary = what.partition("-")
    card = scorestore.load(workspace / "scores", *scorestore.latest(workspace / "scores"))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"card.{wanted}"
        begun = time.perf_counter()
        render.write(wanted, card, path, "vi", units=() if summary else None)
        seconds = time.perf_counter() - begun
        size = sum(p.stat().st_size for p in Path(folder).rglob("*") if p.is_file())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": seconds, "peak_mb": peak, "size_mb": size / 1e6}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--date", help="day of the measurement, for the document")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "tthc-benchmarks")
    parser.add_argument("--one", choices=WHAT, help=argparse.SUPPRESS)
    parser.add_argument("--workspace", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.one:
        print(json.dumps(write_one(args.workspace, args.one)))
        return
    if not args.date:
        parser.error("--date is needed")
    rows = []
    for units in UNITS:
        workspace = _scored(units, args.folder)
        for what, label in WHAT.items():
            command = [sys.executable, __file__, "--one", what, "--workspace", str(workspace)]
            done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
            found = json.loads(done.stdout.splitlines()[-1])
            rows.append([units, label, *(f"{found[k]:.1f}" for k in ("seconds", "peak_mb", "size_mb"))])
            print(*rows[-1], flush=True)
    shown = table(["units", "what", "seconds", "peak MiB", "megabytes written"], rows)
    goals = "Goals at 3,300 units: xlsx summary under 60 s and 1 GB; html under 20 MB."
    write_section("report", "Scorecards", args.date, f"{shown}\n\n{goals}")


if __name__ == "__main__":
    main()
