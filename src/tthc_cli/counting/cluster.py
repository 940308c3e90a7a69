"""Counting on a Dask cluster: the very same chunk function as on this machine, run by the cluster's workers.

Needs the extra `tthc-cli[cluster]`, and the warehouse under the same path or URL on every worker. Counts are whole
numbers that add up in any order, so the result is the same at any number of workers, and when a worker is lost midway:
its chunks are counted again by the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from tthc_cli.counting.dossier_pass import Engine, Job, StoredCounts, count_stored
from tthc_cli.counting.kept_counts import smallest
from tthc_cli.errors import InputError

if TYPE_CHECKING:
    from tthc_cli.counting.measures import Measures
    from tthc_cli.facts.context import Context

Shared = tuple["Context", "Measures"]
"""What every chunk is counted with."""
_MOST_A_TASK = 8
"""Chunks handed out together."""
_ATTEMPTS = 5
"""How often chunks are handed out again after workers that held what they need were lost."""
CONNECT_SECONDS = 20
_M_MMAP_THRESHOLD, _LARGEST = -3, 32 << 20
"""Of mallopt(3): from how many bytes on memory is taken from the system, and given back, by itself; and the most that
it can be set to."""


@cache
def _keep_freed_memory() -> None:
    """Let this process use freed memory again. Dask starts workers so that glibc gives every larger array back to the
    system at once; to ask for it again and again took as long as a third of the counting."""
    from ctypes import CDLL

    with suppress(OSError, AttributeError, TypeError):  # another C library
        CDLL(None).mallopt(_M_MMAP_THRESHOLD, _LARGEST)


def _count(jobs: Sequence[Job], shared: Shared) -> list[StoredCounts]:
    _keep_freed_memory()
    return [_light(count_stored(path, group, *shared)) for path, group in jobs]


def _light(found: StoredCounts) -> StoredCounts:
    """The same, in fewer bytes to send."""
    if found.counts is None:
        return found
    lengths = found.counts.lengths
    lengths = replace(lengths, tenths=smallest(lengths.tenths), dossiers=smallest(lengths.dossiers))
    return replace(found, counts=replace(found.counts, lengths=lengths))


def on_cluster(scheduler: str) -> Engine:
    """Count on the Dask cluster whose scheduler listens at an address such as "tcp://10.0.0.5:8786".

    Raises InputError when the extra is not installed, the scheduler does not answer, or chunks keep getting lost.
    """
    try:
        import distributed
    except ModuleNotFoundError:
        raise InputError("no_cluster_extra") from None

    def run(jobs: Sequence[Job], context: Context, measures: Measures) -> Iterator[tuple[int, StoredCounts]]:
        try:
            client: Any = distributed.Client(scheduler, set_as_default=False, timeout=CONNECT_SECONDS)
        except (OSError, ValueError) as error:
            raise InputError("no_scheduler", address=scheduler, detail=str(error)) from None
        shared = context, measures
        return _counted(client, jobs, shared, scheduler, _begun(client, jobs, range(len(jobs)), shared))

    return run


def _begun(client: Any, jobs: Sequence[Job], places: Sequence[int], shared: Shared) -> dict[Any, Sequence[int]]:
    """The tasks that were handed out, and the places of the jobs of each."""
    scattered = client.scatter(shared, broadcast=True, hash=False)
    tasks = _tasks(places, sum(client.nthreads().values()))
    futures = client.map(_count, [[jobs[p] for p in task] for task in tasks], shared=scattered, pure=False, retries=2)
    return dict(zip(futures, tasks, strict=True))


def _tasks(places: Sequence[int], threads: int) -> list[Sequence[int]]:
    """Several at a time, so that less time goes into handing out; fewer towards the end, so that all end together."""
    tasks = []
    while places:
        size = min(_MOST_A_TASK, max(1, len(places) // (2 * max(1, threads))))
        tasks.append(places[:size])
        places = places[size:]
    return tasks


def _counted(
    client: Any, jobs: Sequence[Job], shared: Shared, scheduler: str, tasks: dict[Any, Sequence[int]]
) -> Iterator[tuple[int, StoredCounts]]:
    from distributed import as_completed

    left = set(range(len(jobs)))
    with client:
        for attempt in range(_ATTEMPTS):
            if attempt:
                tasks = _begun(client, jobs, sorted(left), shared)
            for future in as_completed(tasks, loop=client.loop):
                if future.status == "finished":
                    left.difference_update(tasks[future])
                    yield from zip(tasks[future], future.result(), strict=True)
                    future.release()
                elif future.status == "error" and not _lost(future.exception()):
                    future.result()  # raises
            if not left:
                return
        raise InputError("chunks_lost", address=scheduler, left=len(left))


def _lost(error: BaseException) -> bool:
    """Whether a chunk failed because of its workers rather than of itself."""
    from concurrent.futures import CancelledError

    from distributed import KilledWorker

    return isinstance(error, KilledWorker | CancelledError)
