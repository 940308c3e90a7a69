"""Have workbooks opened before their turn, so that several are read at a time while rows are taken in in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Container, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from tthc_cli.ingest.files.books import read_sheet
from tthc_cli.ingest.files.find import SPREADSHEETS, Found, kind_of
from tthc_cli.ingest.files.raw import GridSheet

SMALL = 8 << 20
"""Bytes of a workbook up to which it is held as a whole before its turn; of a larger one a sheet at a time."""


class ReadAhead:
    """Reads workbooks on several threads, each of which lets a process of its own do the work."""

    def __init__(self, pool: ThreadPoolExecutor, threads: int) -> None:
        self._pool = pool
        self._threads = threads
        self._coming: dict[Path, Future[list[GridSheet] | None]] = {}

    def each(self, files: Iterable[Found], known: Container[int]) -> Iterator[Found]:
        """The files as they come, those next in turn being read already, except files of a `known` size: they may
        turn out to be in the warehouse."""
        left = iter(files)
        window = deque(islice(left, 1))
        while window:
            for found in islice(left, self._threads + 1 - len(window)):
                window.append(found)
                if found.size <= SMALL and found.size not in known:
                    self._begin(found)
            found = window.popleft()
            yield found
            self._coming.pop(found.path, None)

    def _begin(self, found: Found) -> None:
        self._coming[found.path] = self._pool.submit(_whole, found.path)

    def sheets(self, path: Path) -> Iterator[GridSheet]:
        """The sheets of a workbook, as `read_sheet.sheets` gives them; the next is read while one is taken in."""
        coming = self._coming.pop(path, None)
        whole = coming.result() if coming is not None else None
        if whole is not None:
            yield from whole
            return
        sheets = read_sheet.sheets(path)
        following = self._pool.submit(next, sheets, None)
        while (sheet := following.result()) is not None:
            following = self._pool.submit(next, sheets, None)
            yield sheet


def _whole(path: Path) -> list[GridSheet] | None:
    """All sheets of a workbook; None for another file."""
    return list(read_sheet.sheets(path)) if kind_of(path) in SPREADSHEETS else None


@contextmanager
def read_ahead(threads: int) -> Iterator[ReadAhead]:
    """A reader for the time of one run."""
    pool = ThreadPoolExecutor(threads)
    try:
        yield ReadAhead(pool, threads)
    finally:
        pool.shutdown(cancel_futures=True)
