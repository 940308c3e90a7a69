"""How fast the lists at a moment are: of one unit, and of the whole province, against the counting pass over it.

    python benchmarks/lists.py --date 2026-11-28 [--millions 5] [--repeats 3] [--folder DIR]

Every measurement is a process of its own; the best of the repeats is shown. A province's list is made with its first
1,000 rows and the totals of all, as a screen or a page shows it. Goals: one unit under 2 s; the province under 1.3
times the pass; memory under 0.5 GB (477 MiB).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path
from typing import Any

from document import environment, peak_mib, table, write_section
from generated import Size, make_warehouse, unit_code
from score import MILLION, measure_tthc

from tthc_cli.__main__ import ENVIRONMENT

AT = datetime(2023, 12, 20, 10)
ROWS = 1000
PASS = "pass"


def measure(root: Path, name: str, unit: str) -> dict[str, Any]:
    """One list, or the counting pass over a year, in this process."""
    if name == PASS:
        return measure_tthc(root, "2023", 2)
    from tthc_cli import jobs
    from tthc_cli.jobs.lists import Part, kind_of_list

    office = jobs.open_workspace(str(root.parent))
    kind = kind_of_list(name)
    begun = time.perf_counter(), time.process_time()
    made, _ = jobs.list_at(office, kind, AT, Part(unit=unit or None, most=None if unit else ROWS))  # type: ignore[arg-type]
    seconds, cpu = time.perf_counter() - begun[0], time.process_time() - begun[1]
    return {"seconds": seconds, "cpu": cpu, "peak_mb": peak_mib(), "rows": len(made.rows) + made.more}


def apart(root: Path, name: str, unit: str) -> dict[str, Any]:
    """The same in a process of its own."""
    command = [sys.executable, __file__, "--one", name, "--root", str(root), "--unit", unit]
    told = environment() | ENVIRONMENT
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, env=told)
    out: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return out


def report(best: dict[tuple[str, bool], dict[str, Any]], millions: int, repeats: int) -> str:
    """The section of docs/benchmarks.md."""
    counted = best[PASS, False]
    rows = []
    for (name, of_unit), found in best.items():
        if name == PASS:
            continue
        shares = [f"{found[key] / counted[key]:.2f}" if not of_unit else "" for key in ("seconds", "cpu")]
        rows.append([
            f"`{name}`", "one unit" if of_unit else "province", f"{found['rows']:,}", f"{found['seconds']:.2f}",
            f"{found['cpu']:.2f}", f"{found['peak_mb']:.0f}", *shares,
        ])  # fmt: skip
    headings = ["list", "of", "rows", "seconds", "CPU seconds", "peak MiB", "of the pass", "of its CPU"]
    return f"""{millions} million generated dossiers of 200 units, without a process log, at {AT:%d/%m/%Y %H:%M}; best
of {repeats}. The counting pass over 2023 took {counted["seconds"]:.2f} s ({counted["cpu"]:.2f} s of CPU, peak
{counted["peak_mb"]:.0f} MiB). Of a province the first {ROWS:,} rows are made, with the totals of all. Goals: a unit
under 2 s, the province under 1.3 of the pass, memory under 477 MiB.

{table(headings, rows)}"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--date", help="day of the measurement, for the document")
    parser.add_argument("--millions", type=int, default=5)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "tthc-benchmarks")
    parser.add_argument("--print-only", action="store_true", help="leave docs/benchmarks.md as it is")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    parser.add_argument("--root", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--unit", default="", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.one:
        print(json.dumps(measure(args.root, args.one, args.unit)))
        return
    if not args.date and not args.print_only:
        parser.error("--date is needed")
    from tthc_cli.statements.registry import LISTS, OfDossiers

    root = make_warehouse(args.folder, Size(args.millions * MILLION)).root
    (root.parent / "tthc.toml").touch()
    asked = [(PASS, False), *((k.name, u) for u in (False, True) for k in LISTS if isinstance(k, OfDossiers))]
    best: dict[tuple[str, bool], dict[str, Any]] = {}
    for turn in range(args.repeats):
        for name, of_unit in asked:
            found = apart(root, name, unit_code(3) if of_unit else "")
            print(turn + 1, name, of_unit, found, flush=True)
            if (name, of_unit) not in best or found["cpu"] < best[name, of_unit]["cpu"]:
                best[name, of_unit] = found
    text = report(best, args.millions, args.repeats)
    if not args.print_only:
        write_section("lists", "Lists at a moment", args.date, text)
    print(text)


if __name__ == "__main__":
    main()
