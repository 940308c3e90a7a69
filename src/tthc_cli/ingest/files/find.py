"""Find the files to read, and judge what each is by its first bytes, never by its name."""

from __future__ import annotations

import hashlib
import mmap
import os
import re
import stat
import unicodedata
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from tthc_cli.errors import InputError
from tthc_cli.ingest.report import FileReport
from tthc_cli.private import label as tellable

if TYPE_CHECKING:
    import zipfile

FileKind = Literal[
    "text", "html", "xml", "xlsx", "xlsb", "xls", "ods", "zip", "pdf", "empty", "unknown", "document", "image",
    "packed", "locked", "cut_workbook", "our_own", "json",
]  # fmt: skip

SPREADSHEETS = ("xlsx", "xlsb", "xls", "ods")


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


_OFFICE_MARKS = (b"[Content_Types].xml", b"_rels/.rels", b"xl/", b"mimetypeapplication/vnd.oasis.opendocument")


_AUTHOR = "docProps/core.xml"
_OURS = re.compile(rb"<dc:creator[^>]*>tthc( [^<]*)?</dc:creator>")
"""In every workbook that tthc writes: a scorecard or list is no data, though its lists of dossiers look like it."""


def _beginning(archive: zipfile.ZipFile, name: str, size: int) -> bytes:
    """The first bytes of a member, which may be made to unpack to more than memory holds."""
    with archive.open(name) as stream:
        return stream.read(size)


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


def _zip_kind(path: Path, start: bytes) -> FileKind:
    import zipfile

    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            told = _beginning(archive, "mimetype", 200) if "mimetype" in names else b""
            author = _beginning(archive, _AUTHOR, 2000) if _AUTHOR in names and "xl/workbook.xml" in names else b""
    except zip_damage():
        return "cut_workbook" if any(mark in start for mark in _OFFICE_MARKS) else "zip"
    if _OURS.search(author):
        return "our_own"
    if "xl/workbook.bin" in names:
        return "xlsb"
    if any(name.startswith("xl/") for name in names):
        return "xlsx"
    if b"opendocument" in told:
        return "ods" if b"spreadsheet" in told else "document"
    return "document" if "[Content_Types].xml" in names else "zip"


_STREAMS: tuple[tuple[str, FileKind], ...] = (
    ("EncryptedPackage", "locked"), ("Workbook", "xls"), ("Book", "xls"), ("WordDocument", "document"),
    ("PowerPoint Document", "document"),
)  # fmt: skip
"""Name of a stream in an old Office file -> what the file then is."""


def _ole_kind(path: Path) -> FileKind:
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
        return next((kind for name, kind in _STREAMS if data.find(name.encode("utf-16-le") + b"\0\0") >= 0), "xls")


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


def kind_of(path: Path) -> FileKind:  # noqa: PLR0911
    """What a file is, by its first bytes."""
    with path.open("rb") as stream:
        start = stream.read(4096)
    if not start:
        return "empty"
    if start[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return _zip_kind(path, start)
    if start[:4] == b"\xd0\xcf\x11\xe0":
        return _ole_kind(path)
    if start[:2] in (b"\x09\x08", b"\x09\x04", b"\x09\x02"):
        return "xls"
    for mark, kind in _STARTS:
        if start.startswith(mark):
            return kind
    start = without_zeros(start).rstrip(b"\0")
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        start = start.decode("utf-16", "ignore").encode()
    elif start.count(b"\0") * 3 > len(start):
        codec = "utf-16-le" if start[1:2] == b"\0" else "utf-16-be"
        start = start.decode(codec, "ignore").encode()
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if text.startswith(b"<"):
        if b"office:spreadsheet" in text:
            return "xml"
        return "html" if any(mark in text for mark in (b"<html", b"<table", b"<!doctype html", b"<head")) else "unknown"
    if _JSON.match(text):
        return "json"
    odd = sum(byte < 32 and byte not in (0, 9, 10, 12, 13) for byte in start)
    return "unknown" if odd * 50 > len(start) or not start else "text"
