"""What the machine underneath can do, and where its programs lie: the only module that asks which system this is.

Linux, macOS and Windows differ in what they refuse. Each refusal that stops nothing is taken here, so that no caller
has to know of it; what was tried on which system is in docs/machines.md.
"""

from __future__ import annotations

import codecs
import errno
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib.abc import MetaPathFinder
from pathlib import Path

WINDOWS = sys.platform == "win32"
MAC = sys.platform == "darwin"

PIPE_CLOSED = {errno.EPIPE, errno.ESHUTDOWN, errno.ECONNRESET} | ({errno.EINVAL} if WINDOWS else set())
"""What writing to a pipe gives whose reader has gone."""


class _WithoutPandas(MetaPathFinder):
    """Pandas is for notebooks (`tthc_cli.frames`). pyarrow would load it before its first conversion: half a second and
    50 MB that no command has a use for."""

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> None:
        if fullname == "pandas":
            raise ModuleNotFoundError(fullname, name=fullname)


def leave_out_pandas() -> None:
    """From now on pandas is not found in this process."""
    sys.meta_path.insert(0, _WithoutPandas())


def frozen() -> bool:
    """Whether the program runs from a bundle, without a Python of its own beside it."""
    return bool(getattr(sys, "frozen", False))


CHILD = "--tthc-child"
"""First argument by which a bundle is told to run one of its modules."""


def child_command(module: str) -> list[str]:
    """The command that runs a module of the program in a process of its own."""
    if frozen():
        return [sys.executable, CHILD, module]
    # -P: what lies in the current folder is data, even when it is called json.py.
    return [sys.executable, "-P", "-m", module]


def start_of_processes() -> str:
    """How `multiprocessing` is to start processes: on Linux all from one that has loaded the libraries already, so that
    these are in memory once."""
    return "forkserver" if sys.platform == "linux" else "spawn"


def memory() -> int | None:
    """Bytes of memory that the machine has; None where it does not say."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return None


def bound_memory(least: int, most: int) -> bool:
    """Let this process have as much memory as the machine, within bounds, and leave no image of it when it dies.
    Whether the bound holds: Windows has none to set, macOS refuses it."""
    try:
        import resource
    except ImportError:
        return False
    limit = max(least, min(most, memory() or most))
    with suppress(AttributeError, ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    except (AttributeError, ValueError, OSError):
        return False
    return True


def lives(process: int) -> bool:
    """Whether another process of that number runs here; on Windows none can be asked without harm."""
    if process == os.getpid():
        return False
    if WINDOWS:
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


_CANNOT_SETTLE = {errno.EACCES, errno.EPERM, errno.EINVAL, errno.EBADF, errno.EISDIR, errno.ENOSYS, errno.ENOTSUP}
"""What a system says that has no such thing as writing out a folder: Windows, and network drives on any system."""


def settle_file(handle: int) -> None:
    """Write out what a system still holds of an open file; network drives may know no such thing."""
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in _CANNOT_SETTLE:
            raise


def settle_folder(folder: Path) -> None:
    """Write out the entries of a folder, where the system can."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError as error:
        if error.errno not in _CANNOT_SETTLE:
            raise
        return
    try:
        settle_file(handle)
    finally:
        os.close(handle)


def settle_all() -> None:
    """Write out everything that the system still holds, where it can."""
    if hasattr(os, "sync"):
        os.sync()


_SHARING = {32, 33}
"""Windows: the file, or a part of it, is in use by another process."""
_BUSY = {errno.EBUSY, errno.ETXTBSY}
_WAITS = (0.05, 0.1, 0.2, 0.4)
"""Seconds between attempts: a virus scanner or an indexer lets go soon."""


def in_use(error: OSError) -> bool:
    """Whether the system itself says that another program has the file open."""
    return getattr(error, "winerror", None) in _SHARING or error.errno in _BUSY


def held_open(error: OSError, path: Path) -> bool:
    """Whether a file could not be read, replaced or deleted because another program has it open."""
    if in_use(error):
        return True
    if not isinstance(error, PermissionError) or not path.is_file():
        return False
    marks = (path.with_name(f"~${path.name}"), path.with_name(f".~lock.{path.name}#"))  # of Excel, of LibreOffice
    return any(mark.exists() for mark in marks) or (WINDOWS and os.access(path, os.W_OK))


def _patiently(act: Callable[[], object], path: Path) -> None:
    for wait in _WAITS:
        try:
            act()
        except OSError as error:
            if not held_open(error, path):
                raise
            time.sleep(wait)
        else:
            return
    act()


def replace_file(file: Path, place: Path) -> None:
    """Put a file in place of another, with some patience for whatever has that one open. Raises OSError."""
    _patiently(lambda: file.replace(place), place)


def delete_file(path: Path) -> None:
    """Delete a file, if it is there, with the same patience. Raises OSError."""
    _patiently(lambda: path.unlink(missing_ok=True), path)


def hand_written(path: Path) -> str:
    """A file that people write in an editor: UTF-8 or UTF-16, with or without a byte order mark, any line ends.

    Raises OSError, or UnicodeDecodeError for another encoding.
    """
    data = path.read_bytes()
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = data.decode("utf-16")
    elif b"\0" in data[:2]:
        text = data.decode("utf-16-be" if data[:1] == b"\0" else "utf-16-le")
    else:
        text = data.decode("utf-8-sig")
    return text.replace("\r\n", "\n").replace("\r", "\n")


BROWSERS = (
    "chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome", "microsoft-edge-stable",
    "microsoft-edge", "msedge",
)  # fmt: skip
"""Browsers of the Chromium family by the names of their commands."""
_ON_WINDOWS = (
    "Google/Chrome/Application/chrome.exe", "Microsoft/Edge/Application/msedge.exe",
    "Chromium/Application/chrome.exe",
)  # fmt: skip
_ON_MAC = ("Google Chrome", "Microsoft Edge", "Chromium")
_ELSEWHERE = ("/opt/google/chrome/chrome", "/opt/microsoft/msedge/msedge", "/snap/bin/chromium")


def find_browser() -> str | None:
    """A browser of the Chromium family: among the commands, else where installers of each system put it."""
    named = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    return named or next((str(path) for path in _installed() if path.is_file()), None)


def _installed() -> Iterator[Path]:
    if WINDOWS:
        for variable in ("PROGRAMFILES", "PROGRAMW6432", "PROGRAMFILES(X86)", "LOCALAPPDATA"):
            if folder := os.environ.get(variable):
                yield from (Path(folder, path) for path in _ON_WINDOWS)
    elif MAC:
        for folder in ("/Applications", str(Path.home() / "Applications")):
            yield from (Path(folder, f"{name}.app", "Contents", "MacOS", name) for name in _ON_MAC)
    else:
        yield from map(Path, _ELSEWHERE)
