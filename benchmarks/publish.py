"""How long a public site takes to write, how large it is, and how much memory it takes: all communes of the country in
eight months, the workbooks of the newest; then published again with nothing changed, and with one month scored again.

    python benchmarks/publish.py [--date 2026-11-28] [--units 3300] [--months 8]

Every publication is a process of its own with those that it starts; memory is that of all of them together, what they
share counted once (PSS), looked at every tenth of a second.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from document import environment, table, write_section
from generated import Size, make_warehouse

DOSSIERS_A_UNIT = 60
DEPARTMENTS = 20


@dataclass(frozen=True)
class Cost:
    """What one publication took."""

    seconds: float
    cores: float
    """Seconds of all cores."""
    peak_mib: float


def workspace_of(units: int, months: int, folder: Path) -> Path:
    """A workspace with the scores of so many units in so many months."""
    warehouse = make_warehouse(
        folder, Size(units * DOSSIERS_A_UNIT, departments=DEPARTMENTS, communes=units - DEPARTMENTS)
    )
    root = Path(str(warehouse.root)).parent
    for month in range(13 - months, 13):
        run(root, "score", "--month", f"2023-{month:02d}")
    return root


def run(root: Path, *words: str) -> Cost:
    """One command, measured."""
    begun = time.perf_counter()
    command = [sys.executable, "-m", "tthc_cli", *words, "--quiet"]
    process = subprocess.Popen(command, cwd=root, env=environment(), stdout=subprocess.DEVNULL)
    peak, used = 0.0, dict[int, float]()
    while process.poll() is None:
        found = family(process.pid)
        peak = max(peak, sum(map(shared_mib, found)))
        used |= {one: seconds for one in found if (seconds := core_seconds(one))}
        time.sleep(0.1)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)}: {process.returncode}")
    return Cost(time.perf_counter() - begun, sum(used.values()), peak)


def core_seconds(process: int) -> float:
    """Seconds of cores that a process has used so far."""
    with suppress(OSError):
        user, system = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
    return 0.0


def family(process: int) -> Sequence[int]:
    """A process and those below it."""
    found = [process]
    for one in found:
        with suppress(OSError):
            for task in Path(f"/proc/{one}/task").iterdir():
                found += map(int, (task / "children").read_text(encoding="ascii").split())
    return found


def shared_mib(process: int) -> float:
    """Memory of a process; what it shares with others is parted among them."""
    with suppress(OSError):
        for line in Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return 0.0


def measured(given: argparse.Namespace, folder: Path) -> str:
    """The three publications, as Markdown."""
    root, site = workspace_of(given.units, given.months, folder), folder / "site"
    rows = []
    for what in ("first", "nothing changed", "newest month scored again by other rules"):
        if what.startswith("newest"):
            (root / "tthc.toml").write_text("[scoring]\ngrade_from = 60\n", encoding="utf-8")
            run(root, "score", "--month", "2023-12")
        cost = run(root, "publish", "--out", str(site))
        files = [path.stat().st_size for path in site.rglob("*") if path.is_file()]
        pages = sum(path.suffix == ".html" for path in site.rglob("*"))
        rows.append(
            (what, f"{cost.seconds:.1f}", f"{cost.cores:.1f}", f"{cost.peak_mib:.0f}", f"{pages:,}", f"{len(files):,}",
             f"{sum(files) / 1e6:.0f}")
        )  # fmt: skip
        print(*rows[-1], flush=True)
    heads = ("publication", "seconds", "seconds of cores", "peak MiB", "pages", "files", "site MB")
    return f"""
{given.units:,} units in {given.months} months, workbooks of the newest month alone. Memory is that of all processes
together.

{table(heads, rows)}
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--date", help="day of the measurement, for the document")
    parser.add_argument("--units", type=int, default=3300)
    parser.add_argument("--months", type=int, default=8)
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="tthc-bench-"))
    try:
        text = measured(given, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(text)
    if given.date:
        write_section("publish", "A public site", given.date, text)


if __name__ == "__main__":
    main()
