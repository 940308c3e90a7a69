"""The log of a workspace: a line for people and a record for programs a run, in files that are turned by their size."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import IO, Any

RUNS = "runs.jsonl"
"""Beside the log: a JSON object a run."""


def append(path: Path, line: str, most: int, keep: int) -> None:
    """Add a line to a file; one that would grow beyond `most` bytes is put aside first, as NAME.1, of which `keep` are
    kept. A line is written in one go, so that two runs do not mix theirs. Raises OSError."""
    data = (line + "\n").encode("utf-8", "backslashreplace")
    path.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileNotFoundError):  # another run has just turned it
        if path.exists() and path.stat().st_size + len(data) > most:
            _turn(path, keep)
    with path.open("a+b", buffering=0) as stream:
        if _cut_off(stream):
            data = b"\n" + data
        if stream.write(data) != len(data):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))


def _cut_off(stream: IO[bytes]) -> bool:
    """Whether the last line has no end: the run that wrote it was cut off."""
    if not stream.seek(0, os.SEEK_END):
        return False
    stream.seek(-1, os.SEEK_END)
    return stream.read(1) != b"\n"


def _turn(path: Path, keep: int) -> None:
    for number in range(keep, 0, -1):
        older = _aside(path, number - 1) if number > 1 else path
        if older.exists():
            older.replace(_aside(path, number))
    if not keep:
        path.unlink()


def _aside(path: Path, number: int) -> Path:
    return path.with_name(f"{path.name}.{number}")


def latest_first(folder: Path, keep: int) -> Iterator[dict[str, Any]]:
    """The records of runs, the last one first; a line that is no record (of a run that was cut off) is passed over."""
    path = folder / RUNS
    for file in (path, *(_aside(path, number) for number in range(1, keep + 1))):
        try:
            lines = file.read_text(encoding="utf-8", errors="replace").split("\n")
        except OSError:
            continue
        for line in reversed(lines):
            try:
                found = json.loads(line)
            except ValueError:
                continue
            if _is_record(found):
                yield found


def _is_record(found: Any) -> bool:
    if not isinstance(found, dict) or not isinstance(found.get("command"), str):
        return False
    told = isinstance(found.get("exit"), int) and isinstance(found.get("seconds", 0), int)
    return told and all(is_moment(found.get(name)) for name in ("start", "end"))


def is_moment(value: Any) -> bool:
    """Whether a stored value is a moment in ISO form, without a zone."""
    try:
        return datetime.fromisoformat(value).tzinfo is None
    except (TypeError, ValueError):
        return False
