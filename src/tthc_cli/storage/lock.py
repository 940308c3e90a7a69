"""The lock of a workspace: one run at a time writes, and whoever is kept out is told who holds it since when.

The lock itself is the system's, and goes with the process. Beside it lies, while it is held, a small file that tells
about the holder; one that a run which died left behind speaks of that run.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from tthc_cli import clock
from tthc_cli.errors import InputError, LockedError
from tthc_cli.machine import lives
from tthc_cli.storage.location import write_atomic
from tthc_cli.storage.run_log import is_moment

LOCK = ".tthc.lock"
HOLDER = ".tthc.holder.json"
POLL = 0.1
"""Seconds between two tries of a run that waits."""


@dataclass(frozen=True, slots=True)
class Holder:
    """A run that holds, or held, the lock."""

    command: str
    machine: str
    process: int
    since: str
    """ISO, Vietnam's time."""


def holder(root: Path) -> Holder | None:
    """Who took the lock last and has not given it back; None when nobody, or when it cannot be told."""
    try:
        found = Holder(**json.loads((root / HOLDER).read_bytes()))
    except (OSError, ValueError, TypeError):
        return None
    texts = (found.command, found.machine)
    whole = all(isinstance(t, str) for t in texts) and isinstance(found.process, int) and is_moment(found.since)
    return found if whole else None


def is_held(root: Path) -> bool:
    """Whether a run holds the lock now. The lock is tried only where somebody is said to have it."""
    from filelock import FileLock, Timeout

    told = holder(root)
    if told is None or (told.machine == _machine() and not lives(told.process) and told.process != os.getpid()):
        return False
    tried = FileLock(root / LOCK, timeout=0)
    try:
        tried.acquire()
    except (Timeout, OSError):
        return True
    tried.release()
    return False


@contextmanager
def lock(root: Path, command: str, wait: float, waiting: Callable[[LockedError], None] | None) -> Iterator[None]:
    """Hold the lock of a folder. Waits up to `wait` seconds for another run, telling `waiting` once whom for; raises
    LockedError when it is held still."""
    from filelock import FileLock, Timeout

    root.mkdir(parents=True, exist_ok=True)
    held = FileLock(root / LOCK, timeout=0)
    until = time.monotonic() + wait
    told = False
    while True:
        try:
            held.acquire()
            break
        except Timeout:
            error = _locked(root)
            if time.monotonic() >= until:
                raise error from None
            if waiting is not None and not told:
                waiting(error)
            told = True
            time.sleep(min(POLL, max(0.0, until - time.monotonic())))
        except OSError as error:
            raise InputError("cannot_write", path=str(root), detail=error) from None
    try:
        with suppress(OSError):
            write_atomic(root / HOLDER, _described(command))
        yield
    finally:
        with suppress(OSError):
            (root / HOLDER).unlink(missing_ok=True)
        held.release()


def _described(command: str) -> bytes:
    now = clock.now().replace(microsecond=0).isoformat()
    return json.dumps(asdict(Holder(command or "python", _machine(), os.getpid(), now))).encode()


def _machine() -> str:
    import socket

    return socket.gethostname()


def _locked(root: Path) -> LockedError:
    found = holder(root)
    if found is None:
        return LockedError("locked", path=str(root))
    since = datetime.fromisoformat(found.since)
    return LockedError(
        "locked_by", path=str(root), command=found.command, process=found.process, machine=found.machine,
        time=f"{since:%H:%M:%S}", day=since.date(),
    )  # fmt: skip
