"""Where stored files lie: in a folder of this machine, or on S3, HDFS or another filesystem that Arrow or fsspec knows.

A place on this machine is a plain `pathlib.Path`. Any other is a `Remote`, which answers to the few names of Path that
are needed. It holds no secret, so that it can be sent to the workers of a cluster: each finds its credentials itself.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

from tthc_cli import machine
from tthc_cli.errors import InputError
from tthc_cli.storage.strays import in_the_making

if TYPE_CHECKING:
    import pyarrow as pa

PUT_WHOLE = frozenset({"s3", "gs", "gcs", "abfs", "abfss", "az"})
"""Object stores: a file is put in one step, in place of what was there. Elsewhere it is written aside and renamed."""
_ARROW = frozenset({"gs", "gcs", "abfs", "abfss", "hdfs", "viewfs"})
"""What Arrow reaches by itself, besides S3; the rest goes through fsspec."""
_KEYED = frozenset({"s3", "gs", "gcs"})
"""Where what stands before "@" in an address can only be a key."""
CONNECT_SECONDS = 10
SILENT_SECONDS = 20
"""A request to S3 is given up after so many seconds of silence; it is made three times."""
_DETAIL = 200

_NO_BUCKET = ("NO_SUCH_BUCKET", "ContainerNotFound")
_DENIED = ("ACCESS_DENIED", "INVALID_ACCESS_KEY", "SIGNATURE", "TOKEN", "CREDENTIALS", "UNRECOGNIZED_CLIENT",
           "status 401", "status 403", "Permission denied")  # fmt: skip
_SILENT = ("NETWORK_CONNECTION", "curlCode", "REQUEST_TIMEOUT", "SLOW_DOWN", "SERVICE_UNAVAILABLE", "status 50",
           "Connection", "timed out", "Timeout")  # fmt: skip
_DAMAGED = ("CRC checksum", "thrift", "Parquet", "Corrupt", "ZSTD", "Unexpected end of stream")
"""What Arrow says of a Parquet file, not of the server."""


@dataclass(frozen=True, slots=True)
class Remote:
    """A file or folder that is not on this machine."""

    scheme: str
    authority: str
    """The bucket, or the server."""
    path: str
    """Below it, without "/" at either end."""
    endpoint: str = ""
    """Address of an S3-compatible server; "" = AWS."""

    def __truediv__(self, more: str) -> Remote:
        return replace(self, path=f"{self.path}/{more}".strip("/"))

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}/{self.path}"

    @property
    def name(self) -> str:
        return PurePosixPath(self.path).name

    @property
    def suffix(self) -> str:
        return PurePosixPath(self.path).suffix

    @property
    def parent(self) -> Remote:
        return replace(self, path=self.path.rpartition("/")[0])

    def located(self) -> tuple[Any, str]:
        """(Arrow filesystem, path in it)."""
        files, root = _filesystem(self.scheme, self.authority, self.endpoint)
        return files, f"{root}/{self.path}"

    def exists(self) -> bool:
        """Whether there is a file. Raises InputError when the place cannot be looked at."""
        return self._standing() is not None

    def read_bytes(self) -> bytes:
        """The whole file. Raises FileNotFoundError, or InputError when it cannot be read."""
        try:
            return self._read()
        except FileNotFoundError:
            found = self._standing()
            if found is None:
                raise
        return found._read()

    def _read(self) -> bytes:
        with told(self):
            files, path = self.located()
            with files.open_input_file(path) as stream:
                data: bytes = stream.read()
                return data

    def unlink(self, missing_ok: bool = False) -> None:
        """Delete the file."""
        try:
            with told(self):
                files, path = self.located()
                files.delete_file(path)
        except FileNotFoundError:
            if not missing_ok:
                raise

    def aside(self, ending: str) -> Remote:
        """A file beside this one that stands in for it while it is replaced."""
        return self.parent / f".{self.name}.{ending}"

    def _standing(self) -> Remote | None:
        """The file that is there, if only in the moment between two of that name; None when none is."""
        with told(self):
            files, path = self.located()
            if files.get_file_info(path).is_file:
                return self
            if self.scheme not in PUT_WHOLE and files.get_file_info(self.aside("new").located()[1]).is_file:
                return self.aside("new")
            if self.scheme == "s3" and files.get_file_info(self.authority).type.name == "NotFound":
                raise InputError("no_bucket", path=str(self), bucket=self.authority)
        return None


Location = Path | Remote
"""A file or folder, here or elsewhere."""


def location_of(text: str, root: Path, endpoint: str = "") -> Location:
    """The place that a text means: a path (relative to `root`) or a URL.

    Raises ValueError for a URL that holds a password, or more than a place.

    >>> str(location_of("s3://bucket/tthc/warehouse", Path("/srv")))
    's3://bucket/tthc/warehouse'
    """
    if "://" not in text:
        return root / text
    url = urlsplit(text)
    keyed = url.username is not None and url.scheme.lower() in _KEYED
    if keyed or url.password is not None or url.query or url.fragment:
        shown = f"{url.scheme}://{url.netloc.rpartition('@')[2]}{url.path}"
        raise ValueError(
            f"{shown}: không ghi khóa, mật khẩu, tham số trong địa chỉ / no keys, passwords, parameters in an address"
        )
    if url.scheme == "file":
        return Path(url2pathname(url.path))
    if not url.netloc:
        raise ValueError(f"{text}: thiếu tên kho hoặc máy chủ sau :// / the bucket or server is missing after ://")
    return Remote(url.scheme.lower(), url.netloc, url.path.strip("/"), endpoint)


@lru_cache(maxsize=16)
def _filesystem(scheme: str, authority: str, endpoint: str) -> tuple[Any, str]:
    """(Arrow filesystem, path in it of the bucket or server)."""
    from pyarrow import fs

    if scheme == "s3":
        s3 = fs.S3FileSystem(
            endpoint_override=endpoint or None, connect_timeout=CONNECT_SECONDS, request_timeout=SILENT_SECONDS,
            allow_delayed_open=True,
        )  # fmt: skip
        return s3, authority
    url = f"{scheme}://{authority}/"
    if scheme in _ARROW:
        try:
            files, root = fs.FileSystem.from_uri(url + ("?retry_limit_seconds=30" if scheme in ("gs", "gcs") else ""))
        except ValueError as error:
            raise InputError("storage_failed", path=url, detail=_short(error)) from None
        return files, root.rstrip("/")
    try:
        from fsspec.core import url_to_fs

        found, root = url_to_fs(url, use_listings_cache=False)
    except (ImportError, ValueError) as error:
        raise InputError("no_filesystem", scheme=scheme, detail=_short(error)) from None
    return fs.PyFileSystem(fs.FSSpecHandler(found)), root.rstrip("/")


def _short(error: object) -> str:
    return " ".join(str(error).split())[:_DETAIL]


class DamagedError(InputError):
    """A stored file holds something else than what was written; `place` tells which."""

    def __init__(self, place: Location, detail: object) -> None:
        super().__init__(
            "damaged_stored_file", path=str(place), folder=str(place.parent.parent), detail=_short(detail), sources=""
        )
        self.place = place

    def __reduce__(self) -> tuple[type[DamagedError], tuple[Location, str]]:
        return DamagedError, (self.place, str(self.fields["detail"]))


@contextmanager
def told(place: Remote) -> Iterator[None]:
    """What goes wrong at a place is told in a sentence: InputError; a file that is not there is FileNotFoundError."""
    try:
        yield
    except FileNotFoundError:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(place)) from None
    except OSError as error:
        raise _sentence(place, error) from None


def _sentence(place: Remote, error: OSError) -> InputError:
    text = str(error)
    if any(mark in text for mark in _NO_BUCKET):
        return InputError("no_bucket", path=str(place), bucket=place.authority)
    if isinstance(error, PermissionError) or any(mark in text for mark in _DENIED):
        return InputError("storage_denied", path=str(place))
    if isinstance(error, ConnectionError | TimeoutError) or any(mark in text for mark in _SILENT):
        return InputError("storage_silent", path=str(place), server=place.endpoint or place.authority)
    if any(mark in text for mark in _DAMAGED):
        return DamagedError(place, error)
    return InputError("storage_failed", path=str(place), detail=_short(error))


def write_atomic(place: Location, data: bytes, mode: int = 0o644, settled: bool = True) -> None:
    """Write a file so that it is seen whole or not at all. `mode` is for files of this machine. An OSError names the
    file itself, not what it is called while it is written. Raises InputError when another program has it open.

    settled: a power cut does not undo it; who writes thousands of files settles them all at once at the end."""
    if isinstance(place, Remote):
        _put(place, data)
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    with _not_held_open(place), in_the_making(place, restricted=not mode & 0o077) as temporary:
        try:
            with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as stream:  # noqa: PTH123
                stream.write(data)
                stream.flush()
                if settled:
                    machine.settle_file(stream.fileno())
            machine.replace_file(temporary, place)
        except OSError as error:
            if error.filename == str(temporary):
                error.filename = str(place)
            raise
    if settled:
        settle([place.parent])


@contextmanager
def _not_held_open(place: Path) -> Iterator[None]:
    """A file that Excel or another program has open is told as such: InputError."""
    try:
        yield
    except OSError as error:
        if machine.held_open(error, place):
            raise InputError("held_open", path=str(place)) from None
        raise


def remove(place: Location) -> None:
    """Delete a file, if it is there. Raises InputError when another program has it open."""
    if isinstance(place, Remote):
        place.unlink(missing_ok=True)
        return
    with _not_held_open(place):
        machine.delete_file(place)


def tidy_away(place: Location) -> None:
    """Delete a file that nothing names any longer; one that a reader still has open is left to the next run."""
    try:
        remove(place)
    except InputError as error:
        if error.code != "held_open":
            raise


def move_in(file: Path, place: Location) -> None:
    """Put a finished file of this machine in its place."""
    if isinstance(place, Path):
        place.parent.mkdir(parents=True, exist_ok=True)
        with _not_held_open(place):
            _move(file, place)
        return
    import pyarrow as pa

    with pa.memory_map(str(file)) as mapped:
        _put(place, mapped.read_buffer())
    file.unlink()


def _move(file: Path, place: Path) -> None:
    try:
        machine.replace_file(file, place)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        _copy(file, place)
        file.unlink()


def _copy(file: Path, place: Path) -> None:
    """Put a file in its place on another disk, where it is seen whole or not at all."""
    with in_the_making(place) as part:
        with file.open("rb") as source, part.open("wb") as target:
            shutil.copyfileobj(source, target, 1 << 20)
            target.flush()
            machine.settle_file(target.fileno())
        machine.replace_file(part, place)


def settle(folders: Iterable[Location]) -> None:
    """Make sure that a power cut does not undo what was put into folders of this machine."""
    for folder in folders:
        if isinstance(folder, Path):
            machine.settle_folder(folder)


def _put(place: Remote, data: bytes | pa.Buffer) -> None:
    with told(place):
        files, path = place.located()
        if place.scheme in PUT_WHOLE:
            _write(files, path, data)
            return
        part, new = place.aside("part").located()[1], place.aside("new").located()[1]
        files.create_dir(place.parent.located()[1], recursive=True)
        _write(files, part, data)
        if not files.get_file_info(path).is_file:
            files.move(part, path)
            return
        # A rename replaces nothing there: the new file stands in under its own name while the old one goes.
        if files.get_file_info(new).is_file:
            files.delete_file(new)
        files.move(part, new)
        files.delete_file(path)
        files.move(new, path)


def _write(files: Any, path: str, data: bytes | pa.Buffer) -> None:
    """Write in one go: closing a file that was written in part would store the part."""
    stream = files.open_output_stream(path)
    stream.write(data)
    stream.close()


def files_below(folder: Location) -> list[str]:
    """Every file below a folder, by its path from there, with "/"; none when there is no such folder."""
    if isinstance(folder, Path):
        return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    from pyarrow.fs import FileSelector

    with told(folder):
        files, path = folder.located()
        found = files.get_file_info(FileSelector(path, recursive=True, allow_not_found=True))
    return sorted(info.path.removeprefix(path).strip("/") for info in found if info.is_file)
