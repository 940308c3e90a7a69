"""Counting on a Dask cluster: the very same chunk function as on this machine, run by the cluster's workers.

Needs the extra `tthc-cli[cluster]`, and the warehouse under the same path or URL on every worker. Counts are whole
numbers that add up in any order, so the result is the same at any number of workers, and when a worker is lost midway:
its chunks are counted again by the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from tthc_cli.errors import InputError
from tthc_cli.indicators.counting import Engine, Job, StoredCounts, count_stored

if TYPE_CHECKING:
    from tthc_cli.indicators.context import Context

_ATTEMPTS = 5
"""How often chunks are handed out again after workers that held what they need were lost."""
CONNECT_SECONDS = 20


def _count(job: Job, context: Context) -> StoredCounts:
    path, group = job
    return count_stored(path, group, context)


def on_cluster(scheduler: str) -> Engine:
    """Count on the Dask cluster whose scheduler listens at an address such as "tcp://10.0.0.5:8786".

    Raises InputError when the extra is not installed, the scheduler does not answer, or chunks keep getting lost.
    """
    try:
        import distributed
    except ModuleNotFoundError:
        raise InputError("no_cluster_extra") from None

    def run(jobs: Sequence[Job], context: Context) -> Iterator[tuple[int, StoredCounts]]:
        try:
            client: Any = distributed.Client(scheduler, set_as_default=False, timeout=CONNECT_SECONDS)
        except (OSError, ValueError) as error:
            raise InputError("no_scheduler", address=scheduler, detail=str(error)) from None
        with client:
            yield from _counted(client, jobs, context, scheduler)

    return run


def _counted(client: Any, jobs: Sequence[Job], context: Context, scheduler: str) -> Iterator[tuple[int, StoredCounts]]:
    from distributed import as_completed

    left = set(range(len(jobs)))
    for _ in range(_ATTEMPTS):
        if not left:
            return
        places = sorted(left)
        shared = client.scatter(context, broadcast=True, hash=False)
        futures = client.map(_count, [jobs[p] for p in places], context=shared, pure=False, retries=2)
        place_of = {future.key: place for future, place in zip(futures, places, strict=True)}
        for future in as_completed(futures, loop=client.loop):
            if future.status == "finished":
                place = place_of[future.key]
                left.discard(place)
                yield place, future.result()
                future.release()
            elif future.status == "error" and not _lost(future.exception()):
                future.result()  # raises
    if left:
        raise InputError("chunks_lost", address=scheduler, left=len(left))


def _lost(error: BaseException) -> bool:
    """Whether a chunk failed because of its workers rather than of itself."""
    from concurrent.futures import CancelledError

    from distributed import KilledWorker

    return isinstance(error, KilledWorker | CancelledError)
