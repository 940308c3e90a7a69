"""Counting on one and on two Dask workers of this machine: the same counts, and the speed-up by the second worker.

    python benchmarks/cluster.py [--date 2026-11-21] [--millions 20] [--rounds 3]

The workers are processes with one thread each, started before the clock; the dossiers are those of `score.py`.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path
from typing import Any

from document import table, write_section
from generated import Size, make_warehouse, run_of
from score import MILLION, digest_of

from tthc_cli.counting.cluster import on_cluster
from tthc_cli.counting.dossier_pass import count_dossiers
from tthc_cli.indicators.registry import MEASURES


def measured(run: Any, workers: int, rounds: int) -> tuple[float, set[str]]:
    """The least seconds of some rounds, and the hashes of what was counted."""
    import distributed

    with (
        distributed.LocalCluster(
            n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=":0", silence_logs=50
        ) as cluster,
        distributed.Client(cluster, set_as_default=False) as client,
    ):
        client.wait_for_workers(workers)
        seconds, digests = [], set()
        for _ in range(rounds):
            begun = time.perf_counter()
            found = count_dossiers(run.warehouse, run.context, MEASURES, engine=on_cluster(cluster.scheduler_address))
            seconds.append(time.perf_counter() - begun)
            digests.add(digest_of(found))
    return min(seconds), digests


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--date", help="day of the measurement, for the document")
    parser.add_argument("--millions", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "tthc-benchmarks")
    given = parser.parse_args()
    run = run_of(make_warehouse(given.folder, Size(given.millions * MILLION)).root, "2023")
    begun = time.perf_counter()
    here = digest_of(count_dossiers(run.warehouse, run.context, MEASURES, 2))
    local = time.perf_counter() - begun
    one, by_one = measured(run, 1, given.rounds)
    two, by_two = measured(run, 2, given.rounds)
    if by_one | by_two != {here}:
        raise SystemExit("the cluster counts something else than this machine")
    rows = [
        ("one worker", f"{one:.2f}", ""),
        ("two workers", f"{two:.2f}", f"{one / two:.2f} × one worker (goal: 1.6)"),
        ("two threads of one process, no cluster", f"{local:.2f}", f"{one / local:.2f} ×"),
    ]
    text = (
        f"{given.millions} million dossiers, a year; the least of {given.rounds} rounds. All gave the same counts.\n\n"
    )
    text += table(("counted by", "seconds", "speed-up"), rows)
    print(text)
    if given.date:
        write_section("cluster", "Dask", given.date, text)


if __name__ == "__main__":
    main()
