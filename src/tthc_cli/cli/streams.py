"""Standard output and error as a run needs them: UTF-8 whatever the locale says, and never what ends it.

What cannot be written (a closed pipe, a full disk) is dropped from there on: the job that it tells about is done, and
its exit code is its own. That something is missing is said on standard error, but for a pipe: whoever closed it, as
`head` does, had enough.
"""

from __future__ import annotations

import io
import os
import select
from contextlib import suppress
from typing import TYPE_CHECKING, TextIO

from tthc_cli.machine import PIPE_CLOSED

if TYPE_CHECKING:
    from typing_extensions import Buffer


class Forgiving(io.RawIOBase):
    """A raw stream that takes everything, and keeps the first error in `failed`."""

    def __init__(self, raw: io.RawIOBase) -> None:
        self._raw = raw
        self.failed: OSError | None = None

    def write(self, data: Buffer, /) -> int:
        size = memoryview(data).nbytes
        while self.failed is None:
            try:
                written = self._raw.write(data)
                if written is not None:
                    return written
                select.select([], [self.fileno()], [])  # a pipe that takes no more for now
            except OSError as error:
                self.failed = error
        return size

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return self._raw.isatty()

    def fileno(self) -> int:
        return self._raw.fileno()


def forgiving(stream: TextIO | None, by_line: bool = False) -> TextIO:
    """A stream of the process made UTF-8 and forgiving; where there is none (closed by the caller), one to nowhere."""
    if stream is None:
        return open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123
    buffer = getattr(stream, "buffer", None)
    raw = getattr(buffer, "raw", buffer)
    if not isinstance(raw, io.RawIOBase):
        return stream
    with suppress(OSError):
        stream.flush()
    written = io.BufferedWriter(Forgiving(raw))
    return io.TextIOWrapper(written, encoding="utf-8", errors="replace", line_buffering=by_line or stream.isatty())


def what_failed(stream: TextIO) -> OSError | None:
    """Write out what a stream still holds; what went wrong with it, unless its reader merely had enough."""
    stream.flush()
    raw = getattr(getattr(stream, "buffer", None), "raw", None)
    failed = raw.failed if isinstance(raw, Forgiving) else None
    return None if failed is None or failed.errno in PIPE_CLOSED else failed
