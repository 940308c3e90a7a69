"""The processes that open workbooks: each is asked one thing at a time, and is used again for the next file."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, BinaryIO, cast

import pyarrow as pa

from tthc_cli import machine

LEAST_PATIENCE, PATIENCE = 60, 900
"""Seconds after which an answer about a small file, or any file, is given up and its process killed."""
_PACE = 100_000
"""Bytes of a file for which one more second is given."""
CHILDREN = max(2, min(os.cpu_count() or 1, 8))
"""Workbooks read at a time."""


class Child:
    """The process that opens workbooks; see `workbook_child`."""

    def __init__(self) -> None:
        command = machine.child_command("tthc_cli.ingest.files.books.workbook_child")
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
        )  # fmt: skip
        self.owner = os.getpid()
        self.file = ""
        """The workbook that it has open."""

    @property
    def alive(self) -> bool:
        return self.owner == os.getpid() and self._process.poll() is None

    def ask(self, request: dict[str, Any]) -> tuple[dict[str, Any], pa.Table | None]:
        """The answer and the rows that go with it. Raises EOFError when the process dies of the request."""
        requests, answers = cast(BinaryIO, self._process.stdin), cast(BinaryIO, self._process.stdout)
        watch = threading.Timer(_patience(request["file"]), self._process.kill)
        watch.daemon = True
        watch.start()
        try:
            requests.write(json.dumps(request).encode() + b"\n")
            requests.flush()
            answer = json.loads(answers.readline())
            return answer, pa.ipc.open_stream(answers).read_all() if answer.get("rows") else None
        except (OSError, ValueError):
            self._process.kill()
            self._process.wait()
            raise EOFError from None
        finally:
            watch.cancel()


def _patience(file: str) -> float:
    size = Path(file).stat().st_size if Path(file).exists() else 0
    return min(PATIENCE, LEAST_PATIENCE + size / _PACE)


_turn = threading.Semaphore(CHILDREN)
_idle: list[Child] = []
"""Processes that wait for a request; a list is changed in one step by any thread."""


def ask(file: Path, **request: Any) -> tuple[dict[str, Any], pa.Table | None]:
    """What a process says of a file, and rows. Raises EOFError when the process dies of it."""
    path = str(file.resolve())
    with _turn:
        child = _child_for(path)
        answer, rows = child.ask({"file": path, **request})
        child.file = path
        _idle.append(child)
    return answer, rows


def _child_for(file: str) -> Child:
    """An idle process, best the one that has the file open; else a new one."""
    waiting: list[Child] = []
    while _idle:
        try:
            waiting.append(_idle.pop())
        except IndexError:
            break
        if waiting[-1].file == file:
            break
    usable = [child for child in waiting if child.alive]
    child = usable.pop() if usable else Child()
    _idle.extend(usable)
    return child
