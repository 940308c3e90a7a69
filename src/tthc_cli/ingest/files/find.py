"""Find the files to read, and judge what each is by its first bytes, never by its name."""

from __future__ import annotations

import hashlib
import os
import re
import stat
import unicodedata
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

from tthc_cli.errors import InputError
from tthc_cli.ingest.report import FileReport
from tthc_cli.private import label as tellable

FileKind = Literal[
    "text", "html", "xml", "xlsx", "xlsb", "xls", "ods", "zip", "pdf", "empty", "unknown", "document", "image",
    "packed", "locked", "cut_workbook", "our_own", "json", "biff", "harmful",
]  # fmt: skip

SPREADSHEETS = ("xlsx", "xlsb", "xls", "ods", "xml", "biff", "locked")
"""Kinds that are opened as workbooks; some that are locked are so with a password that everybody has."""


@dataclass(frozen=True, slots=True)
class Found:
    """One file on disk; a member of an archive once unpacked is one too."""

    path: Path
    label: str
    """As shown to people: the path as given, or "a.zip › b.xlsx"."""
    size: int
    modified: float
    """Seconds since 1970; of the member, for one from an archive."""


def label_of(path: Path, root: Path) -> str:
    """The path relative to the workspace when it lies below it, else as given; with "/". Bytes of a name that are no
    UTF-8 are written as "\\xf4"; two spellings of one name (NFC and NFD) are one label, in NFC. What may be a
    person's is masked."""
    try:
        label = _whole(path).relative_to(_whole(root)).as_posix()
    except ValueError:
        label = path.as_posix()
    return tellable(unicodedata.normalize("NFC", os.fsencode(label).decode("utf-8", "backslashreplace")))


def _whole(path: Path) -> Path:
    """The path with all links followed; also for a link that leads to itself."""
    return Path(os.path.realpath(path))


def walk(paths: Sequence[Path], root: Path, own: Sequence[Path]) -> Iterator[Found | FileReport]:
    """Every file below `paths` in a fixed order, except hidden ones, Excel's lock files and the product's `own`; what
    cannot be looked at comes as a FileReport.

    Folders that links lead to are read too, each folder and file once. Raises InputError when a path does not exist.
    """
    mine = {_whole(p) for p in own}
    seen: set[Path] = set()
    for path in paths:
        if not path.exists():
            raise InputError("no_path", path=str(path))
        for file in _below(path, mine, seen) if path.is_dir() else [path]:
            if isinstance(file, OSError):
                label = label_of(Path(str(file.filename)), root)
                yield FileReport(label, "ingest.left_unreadable", {"detail": file.strerror or ""})
                continue
            whole = _whole(file)
            if whole in seen:
                continue
            seen.add(whole)
            try:
                status = file.stat()
            except OSError as error:
                yield FileReport(label_of(file, root), "ingest.left_unreadable", {"detail": error.strerror or ""})
                continue
            if stat.S_ISREG(status.st_mode):
                yield Found(file, label_of(file, root), status.st_size, status.st_mtime)
            else:
                yield FileReport(label_of(file, root), "ingest.left_special")


def _below(folder: Path, mine: AbstractSet[Path], seen: set[Path]) -> Iterator[Path | OSError]:
    """The files of a folder and its folders, by path; an error in place of what cannot be listed."""
    whole = _whole(folder)
    if whole in seen or whole in mine:
        return
    seen.add(whole)
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        yield error
        return
    for entry in entries:
        if entry.name.startswith((".", "~$")) or _whole(entry) in mine:
            continue
        if entry.is_dir():
            yield from _below(entry, mine, seen)
        else:
            yield entry


def sha256_of(path: Path) -> str:
    """The sha256 of a file, in hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def zip_damage() -> tuple[type[Exception], ...]:
    """What the standard library raises for an archive, or a member of one, that is damaged."""
    import lzma
    import struct
    import zipfile
    import zlib

    return (
        zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, OSError, ValueError, RuntimeError, EOFError,
        LookupError, OverflowError, MemoryError,
    )  # fmt: skip


_STARTS: tuple[tuple[bytes, FileKind], ...] = (
    (b"%PDF", "pdf"), (b"Rar!", "packed"), (b"7z\xbc\xaf\x27\x1c", "packed"), (b"\x1f\x8b", "packed"),
    (b"\xff\xd8\xff", "image"), (b"\x89PNG", "image"), (b"GIF8", "image"), (b"II*\0", "image"), (b"MM\0*", "image"),
    (b"{\\rtf", "document"),
)  # fmt: skip


_BLOCK_OF_ZEROS = re.compile(rb"\0{16,}")


def without_zeros(data: bytes) -> bytes:
    """The beginning of a file without the blocks of zero bytes that a crash leaves: they speak for no encoding."""
    return _BLOCK_OF_ZEROS.sub(b"", data)


_JSON = re.compile(rb"[\[{]\s*(?:[\[{]|\"[^\"]*\"\s*:)")
"""How a JSON document begins that holds records."""
_CONTAINERS = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0")
_BARE = tuple(bytes((9, version, size, 0)) for version in (0, 2, 4, 8) for size in (4, 6, 8, 16))
"""How the records of an XLS sheet begin that lie in no container."""
_told: dict[tuple[str, int, int, int], FileKind] = {}
_MOST_TOLD = 10_000


def _kind_inside(path: Path) -> FileKind:
    """What a file with parts is; a process of its own looks, once for each version of a file."""
    from tthc_cli.ingest.files.books import workbook_process

    status = path.stat()
    version = str(path.absolute()), status.st_ino, status.st_size, status.st_mtime_ns
    if version not in _told:
        if len(_told) > _MOST_TOLD:
            _told.clear()
        try:
            answer = workbook_process.ask(path, ask="kind")[0]
            _told[version] = cast(FileKind, answer.get("kind", "harmful"))
        except EOFError:
            _told[version] = "harmful"
    return _told[version]


_PAGE_MARKS = (b"<html", b"<table", b"<!doctype html", b"<head>", b"<body")
_DEEP = 4 << 20
_HEADER = re.compile(rb"[A-Za-z][A-Za-z0-9-]{0,60}:[ \t]")


def is_web_archive(start: bytes) -> bool:
    """Whether a file begins with the headers of a web archive (MHTML) or of a message that is a page."""
    head = start[:4096].replace(b"\r\n", b"\n").removeprefix(b"\xef\xbb\xbf").lstrip(b"\n ")
    if not _HEADER.match(head):
        return False
    headers = head.partition(b"\n\n")[0].lower()
    told = b"mime-version:" in headers or b"snapshot-content-location:" in headers
    return told and (b"multipart/" in headers or b"text/html" in headers)


def _holds_table(path: Path) -> bool:
    """Whether a table, or the beginning of a page, stands behind a long style sheet or comment."""
    with path.open("rb") as stream:
        start = stream.read(_DEEP).replace(b"\0", b"").lower()
    return any(mark in start for mark in _PAGE_MARKS)


def kind_of(path: Path) -> FileKind:  # noqa: PLR0911
    """What a file is, by its first bytes and, when it has parts, by their names."""
    with path.open("rb") as stream:
        start = stream.read(4096)
    if not start:
        return "empty"
    if start[:4] in _CONTAINERS:
        return _kind_inside(path)
    if start[:4] in _BARE:
        return "biff"
    for mark, kind in _STARTS:
        if start.startswith(mark):
            return kind
    start = without_zeros(start).rstrip(b"\0")
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        start = start.decode("utf-16", "ignore").encode()
    elif start.count(b"\0") * 3 > len(start):
        codec = "utf-16-le" if start[1:2] == b"\0" else "utf-16-be"
        start = start.decode(codec, "ignore").encode()
    if is_web_archive(start):
        return "html"
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if text.startswith(b"<"):
        if b"office:spreadsheet" in text:
            return "xml"
        return "html" if any(mark in text for mark in _PAGE_MARKS) or _holds_table(path) else "unknown"
    if _JSON.match(text):
        return "json"
    if any(text.find(b"\n" + mark) >= 0 for mark in _PAGE_MARKS):
        return "html"
    odd = sum(byte < 32 and byte not in (0, 9, 10, 12, 13) for byte in start)
    return "unknown" if odd * 50 > len(start) or not start else "text"
