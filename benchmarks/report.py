"""How long scorecards of many units take to write, how large they are, and how soon a page can be used: 200 units, and
all communes of the country; 150 units in a browser.

    python benchmarks/report.py --date 2026-11-21 [--folder DIR]

Every measurement is a process of its own, so that peak memory is its own; the browser starts anew for every opening.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from document import environment, peak_mib, table, write_section
from generated import Size, make_warehouse

UNITS = (200, 3_300)
OPENED = (150, 3_300)
DOSSIERS_A_UNIT = 300
WHAT = {
    "xlsx": "xlsx, a sheet for every unit",
    "xlsx-summary": "xlsx, summary",
    "xlsx-per-unit": "xlsx, a workbook for every unit",
    "html": "html, a section for every unit",
    "html-summary": "html, summary",
}
TIMES_OPENED = 5
SLOWER = (1, 4)
"""A processor so many times slower, as the browser's own tools imitate it."""
MEASURE = """
window.longest = 0;
new PerformanceObserver((list) => {
  for (const task of list.getEntries()) window.longest = Math.max(window.longest, task.duration);
}).observe({ type: "longtask", buffered: true });
const shown = () => new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(performance.now()))));
window.measured = new Promise((tell) => document.addEventListener("DOMContentLoaded", async () => {
  const ready = performance.now();
  const search = document.getElementById("search");
  search.value = "mau 7";
  search.dispatchEvent(new Event("input"));
  const filtered = await shown();
  search.value = "";
  search.dispatchEvent(new Event("input"));
  const before = await shown();
  document.querySelectorAll("#ranking-table th button")[4].click();
  tell({ ready, filtered, sort: (await shown()) - before });
}));
"""
"""Runs before the page's own script. Ready: sorting and filtering work; filtered: a first search is on the screen."""


def _scored(units: int, folder: Path) -> Path:
    """A workspace with the score of a province of so many units."""
    warehouse = make_warehouse(folder, Size(units * DOSSIERS_A_UNIT, departments=20, communes=units - 20))
    workspace = Path(str(warehouse.root)).parent
    command = [sys.executable, "-m", "tthc_cli", "score", "--year", "2023", "--quiet"]
    subprocess.run(command, cwd=workspace, check=True, stdout=subprocess.DEVNULL)
    return workspace


def write_one(workspace: Path, what: str, folder: Path) -> dict[str, Any]:
    """Write one scorecard into an empty folder."""
    from tthc_cli import render
    from tthc_cli.storage import stored_scores

    wanted, _, part = what.partition("-")
    card = stored_scores.load(workspace / "scores", *stored_scores.latest(workspace / "scores"))
    begun, used = time.perf_counter(), time.process_time()
    if part == "per-unit":
        render.write_xlsx_per_unit(card, folder, "vi")
    else:
        render.write(wanted, card, folder / f"card.{wanted}", "vi", units=() if part == "summary" else None)
    seconds, cpu = time.perf_counter() - begun, time.process_time() - used
    files = [p for p in folder.rglob("*") if p.is_file()]
    return {
        "seconds": seconds,
        "cpu": cpu,
        "peak_mb": peak_mib(),
        "files": len(files),
        "size_mb": sum(p.stat().st_size for p in files) / 1e6,
    }


def _written(workspace: Path, what: str, folder: Path) -> dict[str, Any]:
    """The same in a process of its own."""
    command = [sys.executable, __file__, "--one", what, "--workspace", str(workspace), "--folder", str(folder)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, env=environment())
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def opened(page: Path, slower: int) -> dict[str, float] | None:
    """Milliseconds from the start of the navigation; medians. None where Playwright or Chromium is not installed."""
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return None
    if browser is None:
        return None
    runs = []
    with sync_playwright() as playwright:
        for _ in range(TIMES_OPENED):
            running = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu"])
            tab = running.new_page(viewport={"width": 1366, "height": 768})
            tab.context.new_cdp_session(tab).send("Emulation.setCPUThrottlingRate", {"rate": slower})
            tab.add_init_script(MEASURE)
            tab.goto(page.as_uri())
            runs.append({**tab.evaluate("window.measured"), "longest": tab.evaluate("window.longest")})
            running.close()
    return {key: statistics.median(run[key] for run in runs) for key in runs[0]}


def _opening(folder: Path) -> str:
    """The table of pages opened in a browser."""
    rows = []
    for units in OPENED:
        with tempfile.TemporaryDirectory() as name:
            size = _written(_scored(units, folder), "html", Path(name))["size_mb"]
            for slower in SLOWER:
                found = opened(Path(name) / "card.html", slower)
                if found is None:
                    return "Playwright or Chromium is not installed: how soon pages can be used was not measured."
                times = (f"{found[key] / 1000:.2f}" for key in ("ready", "filtered", "sort", "longest"))
                rows.append([units, f"{size:.1f}", f"÷ {slower}" if slower > 1 else "as it is", *times])
                print(*rows[-1], flush=True)
    heads = ["units", "megabytes", "processor", "ready", "first search shown", "a sort shown", "longest task"]
    return (
        f"Opened from disk in headless Chromium that has just started (medians of {TIMES_OPENED}), from the start of "
        "the navigation until the ranking can be sorted and filtered, until a first search is on the screen, and "
        f"how long a sort takes; of 3,300 units this is the index.\n\n{table(heads, rows)}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--date", help="day of the measurement, for the document")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "tthc-benchmarks")
    parser.add_argument("--one", choices=WHAT, help=argparse.SUPPRESS)
    parser.add_argument("--workspace", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.one:
        print(json.dumps(write_one(args.workspace, args.one, args.folder)))
        return
    if not args.date:
        parser.error("--date is needed")
    opening = _opening(args.folder)
    rows = []
    for units in UNITS:
        workspace = _scored(units, args.folder)
        for what, label in WHAT.items():
            with tempfile.TemporaryDirectory() as name:
                found = _written(workspace, what, Path(name))
            numbers = (f"{found[k]:.1f}" for k in ("seconds", "cpu", "peak_mb", "size_mb"))
            rows.append([units, label, *numbers, found["files"]])
            print(*rows[-1], flush=True)
    shown = table(["units", "what", "seconds", "CPU seconds", "peak MiB", "megabytes written", "files"], rows)
    goals = (
        "Goals at 3,300 units: xlsx summary under 60 s and 1 GB; html under 20 MB. At 150 units: html under 2 MB and "
        "usable within a second."
    )
    write_section("report", "Scorecards", args.date, f"{shown}\n\n{opening}\n\n{goals}")


if __name__ == "__main__":
    main()
