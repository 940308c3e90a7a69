"""Files in the making: named so that what a run which died left is known from what a run that lives is writing.

The name tells machine and process. A file of a process of this machine that lives is left alone; one of a process that
is gone, or that nobody has touched for a day, is swept by the next run that writes there.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

from tthc_cli import clock

A_DAY = 86_400.0
"""Nobody writes on one file for so long: older ones are swept whoever their process was, or the machine."""
_FILE = re.compile(r"\.[^/]+\.(?:(?P<machine>[0-9a-f]{8})-)?(?P<process>\d+)\.tmp")
"""Earlier versions named the process alone."""
_FOLDER = re.compile(r"tthc-(?P<machine>[0-9a-f]{8})-(?P<process>\d+)-.+")

_busy: set[Path] = set()
"""What this process is writing; anything else with its number was left by another that had it."""


@cache
def _machine() -> str:
    import socket

    return hashlib.sha256(socket.gethostname().encode()).hexdigest()[:8]


def _owner() -> str:
    return f"{_machine()}-{os.getpid()}"


@contextmanager
def in_the_making(place: Path, restricted: bool = False) -> Iterator[Path]:
    """A file beside `place` to write before it takes its place; nothing is left of it when that fails.

    One that is `restricted` is left, under a name that nothing here sweeps: whoever writes it overwrites it first.
    """
    temporary = place.with_name(f".{place.name}.{_owner()}{'.restricted' if restricted else ''}.tmp")
    _sweep_once(place.parent, os.getpid())
    _busy.add(temporary)
    try:
        yield temporary
    except BaseException:
        if not restricted:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
        raise
    finally:
        _busy.discard(temporary)


@contextmanager
def working_folder() -> Iterator[Path]:
    """A folder among the temporary ones, which its owner alone may look into."""
    import tempfile

    with tempfile.TemporaryDirectory(prefix=f"tthc-{_owner()}-", ignore_cleanup_errors=True) as name:
        _busy.add(Path(name))
        try:
            yield Path(name)
        finally:
            _busy.discard(Path(name))


@cache
def _sweep_once(folder: Path, _process: int) -> None:
    sweep(folder)


def sweep(folder: Path) -> None:
    """Delete the files in a folder, not below it, that a run which died was writing."""
    for path in _listed(folder):
        if _left(path, _FILE):
            with suppress(OSError):
                path.unlink(missing_ok=True)


def sweep_below(folder: Path) -> None:
    """The same in the folder and all below it."""
    for inner in (folder, *(p for p in _listed(folder) if p.is_dir() and not p.is_symlink())):
        sweep(folder) if inner == folder else sweep_below(inner)


def sweep_temporary() -> None:
    """Delete the temporary folders that a run which died left on this machine."""
    import tempfile

    for path in _listed(Path(tempfile.gettempdir())):
        if _left(path, _FOLDER) and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)


def _listed(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _left(path: Path, pattern: re.Pattern[str]) -> bool:
    """Whether a file or folder is of our kind, and its process is gone."""
    found = pattern.fullmatch(path.name)
    if not found or path in _busy:
        return False
    try:
        old = clock.instant() - path.lstat().st_mtime > A_DAY
    except OSError:
        return False
    return old or (found["machine"] == _machine() and not lives(int(found["process"])))


def lives(process: int) -> bool:
    """Whether another process of that number runs here; on Windows none can be asked without harm."""
    if process == os.getpid():
        return False
    if sys.platform == "win32":
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True
