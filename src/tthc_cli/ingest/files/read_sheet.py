"""Read workbooks (XLSX, XLSB, XLS, ODS): every cell as text, sheet by sheet, by processes of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, cast

import pyarrow as pa

from tthc_cli.ingest.files.find import kind_of
from tthc_cli.ingest.files.raw import GridSheet, Merge
from tthc_cli.ingest.layout.merged_cells import merges_of
from tthc_cli.ingest.vectors import one_piece

_MARKS = (b"\xcc", b"\xcd")
"""First bytes of combining marks in UTF-8."""
_AT_ONCE = 1 << 20
PATIENCE = 900
"""Seconds after which a sheet that is still not read is given up, and its process killed."""


class UnreadableError(Exception):
    """A file that claims to be of a kind cannot be read as such; `detail` is the reader's own word."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail


class _Child:
    """The process that opens workbooks; see `workbook_child`."""

    def __init__(self) -> None:
        # -P: what lies in the current folder is data, even when it is called json.py.
        command = [sys.executable, "-P", "-m", "tthc_cli.ingest.files.workbook_child"]
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
        watch = threading.Timer(PATIENCE, self._process.kill)
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


CHILDREN = max(2, min(os.cpu_count() or 1, 8))
"""Workbooks read at a time."""
_turn = threading.Semaphore(CHILDREN)
_idle: list[_Child] = []
"""Processes that wait for a request; a list is changed in one step by any thread."""


def _ask(**request: Any) -> tuple[dict[str, Any], pa.Table | None]:
    with _turn:
        child = _child_for(request["file"])
        try:
            answer, rows = child.ask(request)
        except EOFError:
            raise UnreadableError("ingest.left_harmful", "") from None
        child.file = request["file"] if request["ask"] != "merges" else child.file
        _idle.append(child)
    if "error" in answer:
        raise UnreadableError(_reason(answer["error"].lower()), answer["error"][:200])
    return answer, rows


def _child_for(file: str) -> _Child:
    """An idle process, best the one that has the file open; else a new one."""
    waiting: list[_Child] = []
    while _idle:
        try:
            waiting.append(_idle.pop())
        except IndexError:
            break
        if waiting[-1].file == file:
            break
    usable = [child for child in waiting if child.alive]
    child = usable.pop() if usable else _Child()
    _idle.extend(usable)
    return child


def _reason(text: str) -> str:
    if "password" in text or "encrypt" in text:
        return "ingest.left_locked"
    return "ingest.left_harmful" if "cell limit" in text else "ingest.left_damaged"


def sheets(path: Path) -> Iterator[GridSheet]:
    """The sheets of a workbook, hidden ones included and marked.

    Raises UnreadableError when the workbook is damaged, protected by a password, or takes too much memory.
    """
    kind = kind_of(path)
    file = {"file": str(path.resolve()), "by_name": path.suffix.lower() == f".{kind}"}
    book = _ask(ask="names", **file)[0]
    for number, name in enumerate(book["names"]):
        answer, rows = _ask(ask="sheet", sheet=number, **file)
        columns = [] if rows is None else [_text(column) for column in rows.columns]
        merges = partial(_merges, path, kind, number)
        yield GridSheet(name, columns, answer["hidden"], merges=merges, workbook=True, made=book["made"])


def _merges(path: Path, kind: str, number: int) -> list[Merge]:
    if kind != "xls":
        return merges_of(path, kind, number)
    return [(at, top, bottom) for at, top, bottom in _ask(ask="merges", file=str(path), sheet=number)[0]["merges"]]


def _text(column: pa.ChunkedArray) -> pa.Array:
    import pyarrow.compute as pc

    whole = one_piece(column)
    if not pa.types.is_string(whole.type):
        whole = whole.cast(pa.string())
    data = memoryview(whole.buffers()[2] or b"")
    marks = any(mark in bytes(data[i : i + _AT_ONCE]) for i in range(0, len(data), _AT_ONCE) for mark in _MARKS)
    return pc.utf8_normalize(whole, form="NFC") if marks else whole
