"""Find the files to read, and judge what each is by its first bytes, never by its name."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tthc_cli.errors import InputError

FileKind = Literal["text", "html", "xml", "xlsx", "xlsb", "xls", "ods", "zip", "pdf", "empty", "unknown"]

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
    """The path relative to the workspace when it lies below it, else as given; with "/"."""
    try:
        return path.resolve().relative_to(root.resolve()).as_posix()
    except ValueError:
        return path.as_posix()


def walk(paths: Sequence[Path], root: Path, own: Sequence[Path]) -> Iterator[Found]:
    """Every file below `paths` in a fixed order, except hidden ones, Excel's lock files and the product's `own`.

    Raises InputError when a path does not exist or cannot be read.
    """
    mine = {p.resolve() for p in own}
    seen: set[Path] = set()
    for path in paths:
        if not path.exists():
            raise InputError("no_path", path=str(path))
        try:
            files = sorted(path.rglob("*")) if path.is_dir() else [path]
        except OSError as error:
            raise InputError("cannot_read", path=str(path), detail=error.strerror) from None
        for file in files:
            inner = file.relative_to(path).parts if file != path else ()
            if any(part.startswith((".", "~$")) for part in inner) or not file.is_file():
                continue
            whole = file.resolve()
            if whole in seen or (path.is_dir() and any(m == whole or m in whole.parents for m in mine)):
                continue
            seen.add(whole)
            try:
                status = file.stat()
            except OSError as error:
                raise InputError("cannot_read", path=str(file), detail=error.strerror) from None
            yield Found(file, label_of(file, root), status.st_size, status.st_mtime)


def sha256_of(path: Path) -> str:
    """The sha256 of a file, in hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _zip_kind(path: Path) -> FileKind:
    import zipfile

    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError):
        return "zip"
    if "xl/workbook.bin" in names:
        return "xlsb"
    if "xl/workbook.xml" in names or "[Content_Types].xml" in names:
        return "xlsx"
    if "content.xml" in names and "mimetype" in names:
        return "ods"
    return "zip"


def kind_of(path: Path) -> FileKind:  # noqa: PLR0911
    """What a file is, by its first bytes."""
    with path.open("rb") as stream:
        start = stream.read(4096)
    if not start:
        return "empty"
    if start[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return _zip_kind(path)
    if start[:4] == b"\xd0\xcf\x11\xe0" or start[:2] in (b"\x09\x08", b"\x09\x04", b"\x09\x02"):
        return "xls"
    if start[:4] == b"%PDF":
        return "pdf"
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
    odd = sum(byte < 32 and byte not in (9, 10, 12, 13) for byte in start)
    return "unknown" if odd * 50 > len(start) else "text"
