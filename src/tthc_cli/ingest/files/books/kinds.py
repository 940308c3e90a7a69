"""What a ZIP archive or an old Office file is, by the names of its parts. Used by `workbook_child`."""

from __future__ import annotations

import io
import mmap
import zipfile
from pathlib import Path

from tthc_cli.ingest.files.books.book import BROKEN, local, xml_root
from tthc_cli.ingest.files.refused import UnreadableError

_OFFICE_MARKS = (b"[Content_Types].xml", b"_rels/.rels", b"xl/", b"mimetypeapplication/vnd.oasis.opendocument")
_AUTHOR = "docProps/core.xml"
_MOST_AUTHOR = 1 << 16
_STREAMS = {
    "EncryptedPackage": "locked", "Workbook": "xls", "Book": "xls", "WordDocument": "document",
    "PowerPoint Document": "document",
}  # fmt: skip
"""Name of a stream in an old Office file -> what the file then is."""


def kind_of_archive(source: Path | bytes) -> str:
    """What a file that begins like a ZIP archive is."""
    try:
        with zipfile.ZipFile(source if isinstance(source, Path) else io.BytesIO(source)) as archive:
            members = {m.orig_filename.replace("\\", "/").lstrip("/").lower(): m for m in archive.infolist()}
            told = _beginning(archive, members, "mimetype", 200)
            ours = any(n.startswith("xl/") for n in members) and _is_ours(
                _beginning(archive, members, _AUTHOR.lower(), _MOST_AUTHOR)
            )
    except BROKEN:
        start = _start(source)
        return "cut_workbook" if any(mark in start for mark in _OFFICE_MARKS) else "zip"
    if ours:
        return "our_own"
    if "xl/workbook.bin" in members:
        return "xlsb"
    if any(name.startswith("xl/") for name in members):
        return "xlsx"
    if b"opendocument" in told:
        return "ods" if b"spreadsheet" in told else "document"
    return "document" if "[content_types].xml" in members else "zip"


def _start(source: Path | bytes) -> bytes:
    if isinstance(source, bytes):
        return source[:4096]
    with source.open("rb") as stream:
        return stream.read(4096)


def _beginning(archive: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo], name: str, size: int) -> bytes:
    """The first bytes of a member, which may be made to unpack to more than memory holds."""
    if name not in members:
        return b""
    with archive.open(members[name]) as stream:
        return stream.read(size)


def _is_ours(properties: bytes) -> bool:
    """Whether tthc wrote the workbook: a scorecard or list is no data, though its lists of dossiers look like it."""
    try:
        root = xml_root(properties)
    except UnreadableError:
        return False
    creators = ((one.text or "").strip() for one in root.iter("{*}creator") if local(one.tag) == "creator")
    return any(creator == "tthc" or creator.startswith("tthc ") for creator in creators)


def kind_of_container(path: Path) -> str:
    """What an old Office file is; of a damaged one, whatever names of streams still stand in it decide."""
    import olefile  # type: ignore[import-untyped]

    try:
        with olefile.OleFileIO(str(path)) as container:
            names = {entry[-1] for entry in container.listdir()}
    except (OSError, ValueError, IndexError, TypeError, AttributeError):
        names = set()
    found = next((kind for name, kind in _STREAMS.items() if name in names), None)
    if found is not None:
        return found
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
        written = (kind for name, kind in _STREAMS.items() if data.find(name.encode("utf-16-le") + b"\0\0") >= 0)
        return next(written, "xls")
