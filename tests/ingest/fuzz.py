"""Damaged files: how one is made from a whole one, and the law that its reading must keep.

A kind of file is a function from a tag to the bytes of a file of `ROWS` dossiers, whose codes hold the tag: no two
files of a folder share a dossier, so that every stored row tells which file it is from.
"""

from __future__ import annotations

import csv
import io
import random
import re
import zipfile
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from openpyxl import Workbook

from tests.ingest.corpus import _cp1258, lines
from tthc_cli.ingest.files.failed import FAILED

FILES = Path(__file__).with_name("files")
ROWS = 60
HEADINGS = ["Mã hồ sơ", "Tên thủ tục", "Ngày tiếp nhận", "Ngày hẹn trả", "Trạng thái", "Đơn vị xử lý"]
QUOTED = 'Cấp giấy\nphép "mới", đổi'
PARTS = 3
TAGS = 100
"""Files of one kind in a folder, at most."""


def _codes(tag: int, rows: int) -> list[str]:
    return [f"H99.22.16-2304{1 + i % 28:02d}-{tag:02d}{i:02d}" for i in range(rows)]


def _cells(tag: int, name: str = "Cấp giấy phép", rows: int = ROWS) -> list[list[str]]:
    received = [datetime(2023, 4, 1 + i % 28, 8, i % 60) for i in range(rows)]
    return [
        [code, name, f"{day:%d/%m/%Y %H:%M}", f"{day + timedelta(5):%d/%m/%Y}", "Đang xử lý", "Sở Công Thương"]
        for code, day in zip(_codes(tag, rows), received, strict=True)
    ]


def _all_quoted(tag: int) -> bytes:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows([HEADINGS, *_cells(tag, QUOTED)])
    return out.getvalue().encode()


def _text(encoding: str = "utf-8", delimiter: str = ",", name: str = "Cấp giấy phép") -> Callable[[int], bytes]:
    def make(tag: int) -> bytes:
        text = lines([HEADINGS, *_cells(tag, name)], delimiter, "\r\n" if encoding == "utf-16" else "\n")
        return _cp1258(text) if encoding == "windows-1258" else text.encode(encoding)

    return make


def _markup(tag: int) -> str:
    rows = "\n".join("<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in [HEADINGS, *_cells(tag)])
    return f"<html><head><meta charset='utf-8'></head><body><table>\n{rows}\n</table></body></html>"


def _html(tag: int) -> bytes:
    return _markup(tag).encode()


def _mhtml(tag: int) -> bytes:
    head = (
        'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="----=_P"\r\n\r\n------=_P\r\n'
        "Content-Location: file:///C:/a.htm\r\nContent-Transfer-Encoding: 8bit\r\n"
        'Content-Type: text/html; charset="utf-8"\r\n\r\n'
    )
    return (head + _markup(tag).replace("\n", "\r\n") + "\r\n------=_P--\r\n").encode()


def _xml_2003(tag: int) -> bytes:
    cell = '<Cell><Data ss:Type="String">{}</Data></Cell>'
    rows = "\n".join(f"<Row>{''.join(map(cell.format, row))}</Row>" for row in [HEADINGS, *_cells(tag)])
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    return (
        '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n'
        f'<Workbook xmlns="{space}" xmlns:ss="{space}">\n'
        f'<Worksheet ss:Name="A"><Table>\n{rows}\n</Table></Worksheet></Workbook>'
    ).encode()


def _xlsx(tag: int) -> bytes:
    book = Workbook()
    for row in [HEADINGS, *_cells(tag)]:
        book.worksheets[0].append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _zip(make: Callable[[int], bytes], suffix: str, members: int = 1) -> Callable[[int], bytes]:
    """An archive; the dossiers are those of one file, or parted among several."""

    def pack(tag: int) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            if members == 1:
                archive.writestr(f"ho so{suffix}", make(tag))
            else:
                whole = make(tag).decode().splitlines(keepends=True)
                step = -(-ROWS // members)
                for i in range(members):
                    part = whole[:1] + whole[1 + i * step : 1 + (i + 1) * step]
                    archive.writestr(f"thang {i + 1}{suffix}", "".join(part))
        return out.getvalue()

    return pack


_TAGGED = re.compile(rb"(-\0?2\0?3\0?0\0?[45]\0?\d\0?\d\0?-\0?)0(\0?)0(\0?\d\0?\d)")
STORED_ROWS = 20
"""Dossiers in the files of `files/`."""


def _stored(name: str) -> Callable[[int], bytes]:
    """A file of `files/`, its dossier codes with the tag in them."""

    def tagged(data: bytes, tag: int) -> bytes:
        tens, ones = (str(d).encode() for d in divmod(tag, 10))
        return _TAGGED.sub(lambda m: m[1] + tens + m[2] + ones + m[3], data)

    def make(tag: int) -> bytes:
        data = (FILES / name).read_bytes()
        if not zipfile.is_zipfile(io.BytesIO(data)):
            return tagged(data, tag)
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
            for member in source.infolist():
                target.writestr(member.filename, tagged(source.read(member), tag), member.compress_type)
        return out.getvalue()

    return make


@dataclass(frozen=True)
class Kind:
    """A kind of file. `text`: nothing but its last record tells where it ends. `checked`: checksums guard what it
    holds, so that no value may come out changed. `parts`: files in an archive."""

    suffix: str
    make: Callable[[int], bytes]
    text: bool = False
    checked: bool = False
    rows: int = ROWS
    parts: int = 1
    newline: bytes = b"\n"


KINDS: dict[str, Kind] = {
    "csv": Kind(".csv", _text(), text=True),
    "csv_utf16": Kind(".csv", _text("utf-16", "\t"), text=True, newline=b"\n\0"),
    "csv_1258": Kind(".csv", _text("windows-1258"), text=True),
    "csv_quoted": Kind(".csv", _text(name=QUOTED), text=True),
    "csv_all_quoted": Kind(".csv", _all_quoted, text=True),
    "csv_semicolon": Kind(".csv", _text(delimiter=";"), text=True),
    "tsv": Kind(".tsv", _text(delimiter="\t"), text=True),
    "html": Kind(".xls", _html),
    "mhtml": Kind(".mht", _mhtml),
    "xml_2003": Kind(".xls", _xml_2003),
    "xlsx": Kind(".xlsx", _xlsx, checked=True),
    "xlsb": Kind(".xlsb", _stored("hoso.xlsb"), checked=True, rows=STORED_ROWS),
    "xls": Kind(".xls", _stored("hoso.xls"), rows=STORED_ROWS),
    "ods": Kind(".ods", _stored("hoso.ods"), checked=True, rows=STORED_ROWS),
    "zip_of_csv": Kind(".zip", _zip(_text(), ".csv", PARTS), checked=True, parts=PARTS),
    "zip_of_xlsx": Kind(".zip", _zip(_xlsx, ".xlsx"), checked=True),
}
"""A kind more is a line here."""


def keys(kind: Kind, tag: int) -> list[str]:
    """The dossiers of a whole file, in their order."""
    if kind.rows == ROWS:
        return _codes(tag, ROWS)
    return [f"H99.22.16-230{4 + i % 2}{i + 1:02d}-{tag:02d}{i:02d}" for i in range(kind.rows)]


MUTATIONS = ("flip 1", "flip 3", "flip 5", "zeros", "cut", "duplicate", "insert")


@dataclass(frozen=True)
class Mutant:
    """A damaged file, and what is known of the damage."""

    data: bytes
    joined: int = 0
    """Line ends that are none any more: each makes one line of two."""
    at_record: bool = False
    """It ends exactly behind a record, which in a text cannot be told from the end."""


def mutated(kind: Kind, tag: int, mutation: str, chance: random.Random) -> Mutant:
    """A file with a fault in it."""
    data = kind.make(tag)
    at = chance.randrange(len(data))
    size = chance.randint(16, 512)
    if mutation.startswith("flip"):
        out = bytearray(data)
        for _ in range(int(mutation.split()[1])):
            out[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        ends = [m.start() for m in re.finditer(re.escape(kind.newline), data)]
        return Mutant(bytes(out), sum(out[i : i + len(kind.newline)] != kind.newline for i in ends))
    if mutation == "zeros":
        zeroed = bytes(min(size, len(data) - at))
        return Mutant(
            data[:at] + zeroed + data[at + size :],
            at_record=at + size >= len(data) and _behind_record(data, at, kind.newline),
        )
    if mutation == "cut":
        return Mutant(data[:at], at_record=_behind_record(data, at, kind.newline))
    if mutation == "duplicate":
        return Mutant(data[: at + size] + data[at:])
    return Mutant(data[:at] + chance.randbytes(chance.randint(1, 64)) + data[at:])


def _behind_record(data: bytes, at: int, newline: bytes) -> bool:
    """Whether what lies before `at` ends with all cells of a record, with or without its line end."""
    behind = data[:at].endswith(newline) or data[at:].lstrip(b"\r\0").startswith(b"\n")
    return behind and data.count(b'"', 0, at) % 2 == 0


@dataclass(frozen=True)
class Outcome:
    """What came of one file."""

    stored: Collection[str] = ()
    """Dossier codes of its rows, those that stand and those that do not."""
    read: int = 0
    rejected: int = 0
    accounted: int = 0
    """Rows accepted, superseded and rejected."""
    listed: int = 0
    """Addresses of rejected rows in the list of issues."""
    refused: Collection[str] = ()
    """The file, or members of it, that were left out."""
    reasons: Collection[str] = ()


def breach(kind: Kind, whole: list[str], mutant: Mutant, outcome: Outcome) -> str:
    """What is wrong with the reading of a damaged file; "" when it keeps the law.

    A file, or member of an archive, is refused, or every row of it is there. Without checksums a value may have
    changed, also in a code; a row that is missing then is rejected by its address, and stands for one row more where
    a line end was damaged.
    """
    if FAILED in outcome.reasons:
        return "its reader failed"
    if outcome.read != outcome.accounted or outcome.rejected != outcome.listed:
        return (
            f"{outcome.read} read, {outcome.accounted} accounted, {outcome.rejected} rejected, {outcome.listed} listed"
        )
    stored = set(outcome.stored)
    step = -(-len(whole) // kind.parts)
    parts = [set(whole[i : i + step]) for i in range(0, len(whole), step)]
    missing = [part - stored for part in parts]
    lost = sum(map(len, missing))
    if not lost or (kind.text and mutant.at_record):
        return ""
    if kind.checked or outcome.refused:
        halves = [len(m) for m, part in zip(missing, parts, strict=True) if m and m != part]
        gone = sum(bool(m) for m in missing)
        if not halves and (outcome.refused if kind.parts == 1 else _enough(gone, outcome.refused)):
            return ""
        return f"{lost} of {len(whole)} rows missing, {len(outcome.refused)} refused"
    told = len(stored - set(whole)) + outcome.rejected
    if outcome.rejected and kind.text:
        told += mutant.joined
    return "" if lost <= told else f"{lost} of {len(whole)} rows missing, {told} told"


def _enough(gone: int, refused: Collection[str]) -> bool:
    """Whether as many members were refused as are gone; an archive that was refused is all of them."""
    return any(" › " not in name for name in refused) or len(refused) >= gone


@dataclass(frozen=True)
class Damaged:
    """One file of the folder that is taken in."""

    name: str
    tag: int
    mutation: str
    mutant: Mutant


def damaged(kind: Kind, seeds: range) -> list[Damaged]:
    """Damaged files of one kind, one for each seed; the seeds of a folder are TAGS at most."""
    out = []
    for seed in seeds:
        mutation = MUTATIONS[seed % len(MUTATIONS)]
        mutant = mutated(kind, seed % TAGS, mutation, random.Random(seed))
        out.append(Damaged(f"{seed:06d}{kind.suffix}", seed % TAGS, mutation, mutant))
    return out
