"""How fast a year is scored: `tthc` against DuckDB, Polars, pandas, and against merely reading the columns.

    python benchmarks/score.py --date 2026-11-21 [--sizes 1 5 20] [--repeats 3] [--folder DIR]

Every measurement is a process of its own, so that peak memory is its own; engines take turns, and the best of the
repeats is shown (the rest is other programs on the machine). All engines must give the same counts.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import peers
from document import as_the_command, environment, load, peak_mib, table, write_section
from generated import MONTHS, Size, make_warehouse, run_of, without_month
from generated_log import log_of

from tthc_cli.__main__ import ENVIRONMENT

MILLION = 1_000_000
OURS = ("tthc", "again", "both")
LAST_MONTH = "2023-12"


def digest_of(found: Any) -> str:
    """A hash of counts by unit and procedure."""
    return _digest(peers.own_counts(found))


def _digest(counts: dict[tuple[str, int], Any]) -> str:
    text = hashlib.sha256()
    for key in sorted(counts):
        text.update(repr((key, counts[key].tolist())).encode())
    return text.hexdigest()


def measure_tthc(root: Path, period: str, threads: int) -> dict[str, Any]:
    from tthc_cli.counting.dossier_pass import count_dossiers
    from tthc_cli.indicators.registry import MEASURES

    run = run_of(root, period)
    context = run.context
    begun = time.perf_counter(), time.process_time()
    found = count_dossiers(run.warehouse, context, MEASURES, threads)
    return _measured(begun) | {"digest": digest_of(found), "counts": int(found.counts.size)}


def measure_both(root: Path, period: str, threads: int) -> dict[str, Any]:
    """The pass that also counts the marks of dossiers by the nine criteria."""
    from tthc_cli import rulebooks
    from tthc_cli.counting.dossier_pass import count_dossiers
    from tthc_cli.scoring.run import joined

    run = run_of(root, period)
    nine = rulebooks.choose("law", run.period.last_day.date(), None, "nine-criteria")
    both = joined(run, replace(run, rulebook=nine))
    assert both is not None
    context = both.context
    begun = time.perf_counter(), time.process_time()
    found = count_dossiers(both.warehouse, context, both.measures, threads)
    return _measured(begun) | {"counts": int(found.counts.size)}


def measure_floor(root: Path, period: str, threads: int) -> dict[str, Any]:
    """Reading all columns that verdicts may ask for, of all chunks that counting looks at, and nothing else."""
    from concurrent.futures import ThreadPoolExecutor

    import pyarrow.parquet as pq

    from tthc_cli.counting.dossier_pass import chunk_columns, chunks_of

    run = run_of(root, period)
    columns = chunk_columns(run.context)
    jobs = chunks_of(run.warehouse, run.context)

    def read(job: tuple[Any, int]) -> int:
        with pq.ParquetFile(run.warehouse.path(job[0])) as file:
            return int(file.read_row_group(job[1], columns=columns, use_threads=False).num_rows)

    begun = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(threads) as pool:
        rows = sum(pool.map(read, jobs))
    return _measured(begun) | {"rows": rows}


def _peer(root: Path, period: str, count: Callable[[Any], Any]) -> dict[str, Any]:
    from tthc_cli.counting.dossier_pass import chunk_columns

    run = run_of(root, period)
    paths = [run.warehouse.path(p) for p in run.warehouse.partitions("dossiers")]
    inputs = peers.prepare(paths, chunk_columns(run.context), run.context)
    begun = time.perf_counter(), time.process_time()
    found = count(inputs)
    return _measured(begun) | {"digest": _digest(peers.canonical(found, inputs))}


def measure_duckdb(root: Path, period: str, threads: int) -> dict[str, Any]:
    return _peer(root, period, lambda inputs: peers.count_duckdb(inputs, threads))


def measure_polars(root: Path, period: str, threads: int) -> dict[str, Any]:
    assert int(os.environ["POLARS_MAX_THREADS"]) == threads
    return _peer(root, period, peers.count_polars)


def measure_pandas(root: Path, period: str, _threads: int) -> dict[str, Any]:
    return _peer(root, period, peers.count_pandas)


def measure_again(root: Path, period: str, threads: int) -> dict[str, Any]:
    """Scoring again after one more month came in, with the counts of the others kept."""
    from tthc_cli.counting.dossier_pass import count_dossiers
    from tthc_cli.indicators.registry import MEASURES

    run = run_of(root, period)
    with tempfile.TemporaryDirectory() as cache:
        count_dossiers(without_month(run.warehouse, LAST_MONTH), run.context, MEASURES, threads, cache=Path(cache))
        begun = time.perf_counter(), time.process_time()
        found = count_dossiers(run.warehouse, run.context, MEASURES, threads, cache=Path(cache))
        out = _measured(begun)
        size = sum(p.stat().st_size for p in Path(cache).iterdir())
    return out | {"digest": digest_of(found), "kept_mb": size / 1e6}


def measure_command(root: Path, period: str, _threads: int, *options: str) -> dict[str, Any]:
    """The whole command: start-up, counting, scores of every unit, storing them; nothing kept from before."""
    shutil.rmtree(root.parent / "scores", ignore_errors=True)
    begun = time.perf_counter(), time.process_time()
    command = [sys.executable, "-m", "tthc_cli", "score", "--year", period, "--quiet", *options]
    subprocess.run(command, cwd=root.parent, check=True, stdout=subprocess.DEVNULL, env=environment())
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return _measured(begun) | {"cpu": usage.ru_utime + usage.ru_stime, "peak_mb": usage.ru_maxrss / 1024}


def measure_command_all(root: Path, period: str, threads: int) -> dict[str, Any]:
    return measure_command(root, period, threads, "--evaluation", "all")


def measure_officials(root: Path, period: str, threads: int) -> dict[str, Any]:
    (root.parent / "tthc.toml").write_text('[officials]\nkeep = "code"\n', "utf-8")
    return measure_command(root, period, threads, "--subjects", "officials")


PASSES: dict[str, Callable[[Path, str, int], dict[str, Any]]] = {
    "floor": measure_floor, "tthc": measure_tthc, "duckdb": measure_duckdb, "polars": measure_polars,
    "pandas": measure_pandas, "again": measure_again, "command": measure_command, "both": measure_both,
    "command-all": measure_command_all, "officials": measure_officials,
}  # fmt: skip


def _measured(begun: tuple[float, float]) -> dict[str, Any]:
    taken = {"seconds": time.perf_counter() - begun[0], "cpu": time.process_time() - begun[1]}
    return taken | {"peak_mb": peak_mib()}


@dataclass(frozen=True)
class Asked:
    """One thing to measure."""

    engine: str
    millions: int
    threads: int
    period: str = "2023"
    logged: bool = False
    """On the warehouse that has a process log."""


def measure(asked: Asked, root: Path) -> dict[str, Any]:
    """Measure in a process of its own."""
    command = [sys.executable, __file__, "--one", asked.engine, "--root", str(root), "--period", asked.period]
    command += ["--threads", str(asked.threads)]
    told = environment() | {"POLARS_MAX_THREADS": str(asked.threads)}
    if asked.engine in OURS:
        told |= ENVIRONMENT
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, env=told)
    out: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return out


def _plan(sizes: list[int]) -> list[Asked]:
    asked = []
    for millions in sizes:
        for threads in (1, 2):
            asked += [Asked(engine, millions, threads) for engine in ("floor", "tthc")]
        asked += [Asked(engine, millions, 2) for engine in ("duckdb", "polars", "again", "command")]
        asked.append(Asked("tthc", millions, 2, "2023Q4"))
    if 1 in sizes:
        asked.append(Asked("pandas", 1, 1))
    return asked


def _plan_both(sizes: list[int]) -> list[Asked]:
    plain = ("tthc", "both", "command", "command-all")
    asked = [Asked(engine, m, 2, logged=logged) for m in sizes for logged in (False, True) for engine in plain]
    return asked + [Asked("officials", m, 2, logged=True) for m in sizes]


def _all(plan: list[Asked], repeats: int, folder: Path, least: str) -> dict[Asked, dict[str, Any]]:
    """The best of some repeats, by seconds or by CPU time."""
    sizes = sorted({asked.millions for asked in plan})
    roots = {
        (m, log is not None): make_warehouse(folder, Size(m * MILLION), log).root
        for m in sizes
        for log in (None, log_of)
    }
    best: dict[Asked, dict[str, Any]] = {}
    for turn in range(repeats):
        for asked in plan:
            found = measure(asked, roots[asked.millions, asked.logged])
            print(turn + 1, asked, {k: v for k, v in found.items() if k != "digest"}, flush=True)
            if asked not in best or found[least] < best[asked][least]:
                best[asked] = found
    for millions in sizes:
        digests = {
            d
            for a, f in best.items()
            if a.millions == millions and a.period == "2023" and not a.logged and (d := f.get("digest"))
        }
        assert len(digests) == 1, f"counts differ at {millions} million"
    return best


NAMES = {
    "floor": "merely reading the columns",
    "tthc": "tthc, the pass over the data",
    "both": "tthc, the pass for both evaluations",
    "command": "`tthc score`, the whole command",
    "command-all": "`tthc score --evaluation all`",
    "officials": "`tthc score --subjects officials`",
    "again": "tthc, after one more month came in",
    "duckdb": "DuckDB, one SQL statement",
    "polars": "Polars, streaming",
    "pandas": "pandas, plain",
}


def _order(item: tuple[Asked, dict[str, Any]]) -> tuple[int, bool, str, int, int]:
    asked = item[0]
    return asked.millions, asked.logged, asked.period, list(NAMES).index(asked.engine), asked.threads


def report(best: dict[Asked, dict[str, Any]], sizes: list[int], repeats: int) -> str:
    """The section of docs/benchmarks.md."""
    rows = []
    for asked, found in sorted(best.items(), key=_order):
        label = NAMES[asked.engine] + (f", {asked.period} only" if asked.period != "2023" else "")
        rows.append([
            asked.millions, label, asked.threads, f"{found['seconds']:.2f}", f"{found['cpu']:.2f}",
            f"{found['peak_mb']:.0f}",
        ])  # fmt: skip
    shown = table(["million dossiers", "what", "threads", "seconds", "CPU seconds", "peak MiB"], rows)
    ratios = []
    for m in sizes:
        own, command = best[Asked("tthc", m, 2)], best[Asked("command", m, 2)]

        def ratio(engine: str, what: dict[str, Any], key: str, m: int = m) -> str:
            return f"{what[key] / best[Asked(engine, m, 2)][key]:.2f}"

        again = best[Asked("again", m, 2)]
        ratios.append([
            m, *(f"{ratio(e, own, 'seconds')} ({ratio(e, own, 'cpu')})" for e in ("duckdb", "polars", "floor")),
            *(f"{ratio(e, command, 'seconds')} ({ratio(e, command, 'cpu')})" for e in ("duckdb", "polars")),
            f"{again['seconds'] / own['seconds']:.2f} ({again['cpu'] / own['cpu']:.2f})",
            *(f"{best[Asked(e, m, 1)]['seconds'] / best[Asked(e, m, 2)]['seconds']:.2f}" for e in ("tthc", "floor")),
        ])  # fmt: skip
    headings = [
        "million", "pass, of DuckDB", "of Polars", "of the floor", "whole command, of DuckDB", "of Polars",
        "one more month, of all", "speed-up by the second thread", "of the floor",
    ]  # fmt: skip
    goals = ["goal", "0.30", "0.30", "1.50", "0.60", "0.90", "0.20", "1.70", ""]
    pieces = [
        f"""A generated province (200 units, 400 procedures, dossiers received in 15 months, all of them of concern to
the year scored) is stored as ingest stores it. Best of {repeats} runs in turn; every engine gave the same counts by
unit and procedure of all verdicts on dossiers and of the handling times of 2.2, by the law's reading (waiting moves a
due time by the working time waited) and without a process log. What SQL has no word for (the work calendar, procedures
of the catalogue, dossiers complained about, which columns a file had) the other engines get ready-made as tables; their
queries are in `benchmarks/peers/`, and `tests/test_peers.py` keeps them equal. The pass of `tthc` also counts the
lengths of handling that medians need, and the fields that dossiers name, which the others do not; it runs with the
settings of libraries that the command makes. The whole command starts Python, counts, scores every unit, and stores
scores and kept counts. The floor reads the same columns of the same row groups with pyarrow and does nothing with
them. Load of the machine when it ended, of a minute and of a quarter of an hour: {load()}.""",
        shown,
        "Time as a share of the other's; in brackets the share of CPU time, which a busy machine disturbs less:",
        table(headings, [*ratios, goals]),
    ]
    if len(sizes) > 1:
        for engine in ("tthc", "command"):
            low, high = (best[Asked(engine, m, 2)] for m in (min(sizes), max(sizes)))
            growth = high["peak_mb"] / low["peak_mb"] - 1
            pieces.append(
                f"{NAMES[engine]}: from {min(sizes)} to {max(sizes)} million dossiers peak memory changed by "
                f"{growth:+.0%} (goal: under +10 %, and under 0.5 GB = 477 MiB), time by a factor of "
                f"{high['seconds'] / low['seconds']:.1f}."
            )
    return "\n\n".join(pieces)


def report_both(best: dict[Asked, dict[str, Any]], sizes: list[int], repeats: int) -> str:
    """The section of docs/benchmarks.md about both evaluations."""
    rows, shown = [], []
    for m in sizes:
        for logged in (False, True):
            ratios = []
            for engine, alone in (("both", "tthc"), ("command-all", "command")):
                two, one = (best[Asked(e, m, 2, logged=logged)] for e in (engine, alone))
                ratios.append(f"{two['cpu'] / one['cpu']:.2f}")
            rows.append([m, "three steps a dossier" if logged else "none", *ratios])
    for asked, found in sorted(best.items(), key=_order):
        shown.append([
            asked.millions, NAMES[asked.engine], "yes" if asked.logged else "no", f"{found['cpu']:.2f}",
            f"{found['peak_mb']:.0f}",
        ])  # fmt: skip
    about = f"""Decision 766 and the nine criteria of units from one pass over dossiers (`--evaluation all`), against
Decision 766 alone; and the nine criteria of a thousand officials, who take part by the steps of a process log. The
province of the section above, and the same with a log of three steps a finished dossier. CPU time, which a busy
machine disturbs less, on two threads, the least of {repeats} runs in turn; as a share of that of the one evaluation
(goal: 1.30):"""
    return "\n\n".join([
        about, table(["million", "process log", "the pass", "the whole command"], rows),
        table(["million dossiers", "what", "process log", "CPU seconds", "peak MiB"], shown),
    ])  # fmt: skip


PROVINCES, COMMUNES, A_YEAR, YEARS = 34, 3_300, 100 * MILLION, 5


def country(best: dict[Asked, dict[str, Any]], sizes: list[int], folder: Path) -> str:
    """A plan for the whole country, from the costs measured at the largest size."""
    m = max(sizes)
    own, again = best[Asked("tthc", m, 2)], best[Asked("again", m, 2)]
    per_million, cpu = own["seconds"] / m, own["cpu"] / m
    files = list((folder / Size(m * MILLION).name / "warehouse" / "dossiers").glob("*.parquet"))
    size = sum(f.stat().st_size for f in files) / (m * MILLION)
    kept = again["kept_mb"] / MONTHS
    year = A_YEAR / MILLION
    rows = [
        ["dossiers", f"{year / PROVINCES:.1f} million a year", f"{year:.0f} million a year"],
        ["storage of five years, dossiers as generated here", f"{size * A_YEAR * YEARS / PROVINCES / 1e9:.1f} GB",
         f"{size * A_YEAR * YEARS / 1e9:.0f} GB"],
        ["scoring a year from nothing, two cores", f"{per_million * year / PROVINCES:.0f} s",
         f"{per_million * year / 60:.0f} min"],
        ["the same in CPU time", f"{cpu * year / PROVINCES:.0f} s", f"{cpu * year / 60:.0f} min"],
        ["scoring again after one more month came in", f"{again['seconds'] / m * year / PROVINCES:.1f} s",
         f"{again['seconds'] / m * year:.0f} s"],
        ["counts kept for that, a month scored", f"{kept:.1f} MB", f"{kept * PROVINCES:.0f} MB"],
        ["memory", f"{own['peak_mb']:.0f} MiB", f"{own['peak_mb']:.0f} MiB a worker"],
    ]  # fmt: skip
    shown = table(["", f"one of {PROVINCES} provinces", f"the country, {COMMUNES:,} communes"], rows)
    return f"""Unit costs, measured above at {m} million dossiers: {per_million:.3f} s a million on two cores,
{cpu:.3f} s of CPU, {size:.0f} bytes a dossier stored, {own["peak_mb"]:.0f} MiB of memory. Extrapolated in proportion:

{shown}

- A province: any laptop with two cores and 4 GB; its warehouse stays with it.
- The country: every province scores itself and hands over its scores; or one machine holds {PROVINCES} workspaces and
  scores them in turn. A larger machine or a Dask cluster divides the CPU time by its cores: chunks are counted
  independently and only counts (not dossiers) travel.
- Real exports compress less than generated ones; with process logs, storage and reading time grow by the log's rows.
  Ingest costs far more than scoring: see `benchmarks/ingest.py`."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--date", help="day of the measurement, for the document")
    parser.add_argument("--sizes", type=int, nargs="+", default=[1, 5, 20], help="million dossiers")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "tthc-benchmarks")
    parser.add_argument("--print-only", action="store_true", help="leave docs/benchmarks.md as it is")
    parser.add_argument("--only-both", action="store_true", help="only the section about both evaluations")
    parser.add_argument("--one", choices=PASSES, help=argparse.SUPPRESS)
    parser.add_argument("--root", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--period", default="2023", help=argparse.SUPPRESS)
    parser.add_argument("--threads", type=int, default=2, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.one:
        if args.one in OURS:
            as_the_command()
        print(json.dumps(PASSES[args.one](args.root, args.period, args.threads)))
        return
    if not args.date and not args.print_only:
        parser.error("--date is needed")
    found = {"both": ("Both evaluations in one pass", report_both(*_measured_all(args, _plan_both, "cpu")))}
    if not args.only_both:
        best, sizes, repeats = _measured_all(args, _plan, "seconds")
        found["score"] = ("Scoring", report(best, sizes, repeats))
        found["plan"] = ("The whole country", country(best, sizes, args.folder))
    for name, (title, text) in found.items():
        if not args.print_only:
            write_section(name, title, args.date, text)
        print(text)


def _measured_all(
    args: argparse.Namespace, plan: Callable[[list[int]], list[Asked]], least: str
) -> tuple[dict[Asked, dict[str, Any]], list[int], int]:
    return _all(plan(args.sizes), args.repeats, args.folder, least), args.sizes, args.repeats


if __name__ == "__main__":
    main()
