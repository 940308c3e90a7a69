"""Loaded by every Python that the simulated suite starts: this machine refuses what Windows refuses.

Modules that Windows has not are absent, folders cannot be opened, files open for reading cannot be written out, a
process must not be asked by a signal whether it lives. A file opened as text in the encoding of the machine, which is
cp1252 or cp1258 there, is an error.
"""

import errno
import os
import stat
import sys
import warnings

for absent in ("resource", "pwd", "grp", "termios", "pty", "syslog"):
    sys.modules[absent] = None  # type: ignore[assignment]
for name in ("sysconf", "geteuid", "getuid", "getgid", "getegid", "chown", "fchown", "fchmod", "getpgid", "killpg"):
    delattr(os, name)

_open, _fsync = os.open, os.fsync


def _refusing_folders(path, flags, mode=0o777, **more):
    if os.path.isdir(path):  # noqa: PTH112 - what this stands in for
        raise PermissionError(errno.EACCES, "Permission denied", str(path))
    return _open(path, flags, mode, **more)


def _fsync_of_writable(handle):
    import fcntl

    descriptor = handle if isinstance(handle, int) else handle.fileno()
    if (
        stat.S_ISDIR(os.fstat(descriptor).st_mode)
        or fcntl.fcntl(descriptor, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDONLY
    ):
        raise OSError(errno.EBADF, "Bad file descriptor")
    _fsync(handle)


def _kill(process, sign):
    raise AssertionError("on Windows this ends the process")


os.open, os.fsync, os.kill = _refusing_folders, _fsync_of_writable, _kill

warnings.filterwarnings("error", category=EncodingWarning, module=r"tthc_cli(\..*)?$")

from tthc_cli import machine  # noqa: E402

machine.WINDOWS = True
