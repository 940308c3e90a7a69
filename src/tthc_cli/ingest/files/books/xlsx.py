"""XLSX workbooks: their sheets, however the package is written, and what each holds, counted without the reader."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import IO, Any
from xml.sax.saxutils import quoteattr

from tthc_cli.ingest.files.books.book import (
    MAX_MERGES,
    MAX_SHEETS,
    Account,
    Package,
    attribute,
    elements,
    local,
    xml_root,
)  # fmt: skip
from tthc_cli.ingest.files.refused import UnreadableError

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
MAX_REWRITTEN = 1 << 30
"""Bytes of the parts of a workbook that has to be written anew for the reader."""
_WORKBOOK = "xl/workbook.xml"
_CONTENT_TYPES = (
    "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'><Override PartName='/xl/workbook.xml' "
    "ContentType='application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml'/></Types>"
)
_ROOT = (
    f"<Relationships xmlns='{_PACKAGE}'><Relationship Id='r' Type='{_RELATIONS}/officeDocument' Target='{_WORKBOOK}'/>"
    "</Relationships>"
)


def relations(package: Package, part: str) -> dict[str, tuple[str, str]]:
    """Id -> (last word of the type, part) of what a part refers to inside the package."""
    folder, _, name = part.rpartition("/")
    home = posixpath.join(folder, "_rels", f"{name}.rels")
    found = {}
    for one in xml_root(package.read(home)) if package.find(home) else ():
        target = attribute(one, "Target") or ""
        if local(one.tag) != "Relationship" or attribute(one, "TargetMode") == "External":
            continue
        path = posixpath.normpath(posixpath.join("/", folder, target.replace("\\", "/"))).lstrip("/")
        found[attribute(one, "Id") or ""] = (attribute(one, "Type") or "").rpartition("/")[2], path
    return found


class Xlsx:
    """One workbook. `source` is what the reader is given: the file, or the workbook written anew as it knows it."""

    def __init__(self, source: Path | bytes) -> None:
        self._package = package = Package(source)
        main = (path for kind, path in relations(package, "").values() if kind == "officeDocument")
        part = package.find(next(main, _WORKBOOK)) or _WORKBOOK
        root = xml_root(package.read(part))
        told = relations(package, part)
        self._sheets: list[tuple[str, str, str]] = []
        for sheet in root.iterfind("{*}sheets/{*}sheet"):
            kind, path = told.get(attribute(sheet, "id") or "", ("", ""))
            spelt = package.find(path)
            if spelt is None:
                raise UnreadableError("ingest.left_damaged", path or str(sheet.get("name")))
            self._sheets.append((sheet.get("name") or "", sheet.get("state") or "visible", spelt if _is(kind) else ""))
        if len(self._sheets) > MAX_SHEETS:
            raise UnreadableError("ingest.left_too_many_sheets", f"{len(self._sheets):,}")
        self._others = {
            kind: spelt for kind, path in told.values() if kind in ("styles", "sharedStrings")
            if (spelt := package.find(path)) is not None
        }  # fmt: skip
        for spelt in self._others.values():
            for _ in package.pieces(spelt):
                pass
        properties = root.find("{*}workbookPr")
        epoch = "0" if properties is None else properties.get("date1904") or "0"
        self.from_1904 = epoch.strip() in ("1", "true", "on")
        calculation = root.find("{*}calcPr")
        # the program that wrote the file left all formulas to the one that opens it, and wrote 0 in their place
        self._to_calculate = calculation is not None and calculation.get("fullCalcOnLoad") in ("1", "true")
        known = epoch in ("0", "1", "false", "true") and self._usual(root, part, told)
        self.source = source if known else self._anew()
        self.count = len(self._sheets)

    def _usual(self, root: Any, part: str, told: dict[str, tuple[str, str]]) -> bool:
        """Whether the reader knows the package as it is written."""
        written = xml_root(self._package.read("xl/_rels/workbook.xml.rels")) if part == _WORKBOOK else ()
        targets = [str(one.get("Target")) for one in written if one.get("Id") in told]
        return (
            self._package.plain and part == _WORKBOOK and root.tag == f"{{{_MAIN}}}workbook"
            and len(list(root.iter("{*}workbookPr"))) <= 1
            and all(path == f"xl/{name}.xml" for name, path in self._others.items())
            and all(self._sheets[i][2] for i in range(len(self._sheets)))
            and not any("\\" in t or "./" in t for t in targets)
        )  # fmt: skip

    def _anew(self) -> bytes:
        """The workbook with the usual names, all in one place, and nothing that is not read."""
        parts = {f"xl/{name}.xml": spelt for name, spelt in self._others.items()}
        parts |= {f"xl/worksheets/sheet{i}.xml": spelt for i, (_, _, spelt) in enumerate(self._sheets) if spelt}
        if sum(self._package.size(spelt) for spelt in parts.values()) > MAX_REWRITTEN:
            raise UnreadableError("ingest.left_too_large", f"> {MAX_REWRITTEN >> 20} MB")
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for name, text in self._descriptions().items():
                archive.writestr(name, text)
            for name, spelt in parts.items():
                with archive.open(name, "w") as target:
                    for data in self._package.pieces(spelt):
                        target.write(data)
        return out.getvalue()

    def _descriptions(self) -> dict[str, str]:
        """The parts that say what the workbook has, and an empty sheet in place of each that holds no cells."""
        listed = "".join(
            f"<sheet name={quoteattr(name)} sheetId='{i + 1}' state={quoteattr(state)} r:id='r{i}'/>"
            for i, (name, state, _) in enumerate(self._sheets)
        )
        epoch = "<workbookPr date1904='1'/>" if self.from_1904 else ""
        linked = "".join(
            f"<Relationship Id='r{i}' Type='{_RELATIONS}/worksheet' Target='worksheets/sheet{i}.xml'/>"
            for i in range(len(self._sheets))
        ) + "".join(f"<Relationship Id='{n}' Type='{_RELATIONS}/{n}' Target='{n}.xml'/>" for n in self._others)
        workbook = f"<workbook xmlns='{_MAIN}' xmlns:r='{_RELATIONS}'>{epoch}<sheets>{listed}</sheets></workbook>"
        none = f"<worksheet xmlns='{_MAIN}'><sheetData/></worksheet>"
        return {
            "[Content_Types].xml": _CONTENT_TYPES, "_rels/.rels": _ROOT, _WORKBOOK: workbook,
            "xl/_rels/workbook.xml.rels": f"<Relationships xmlns='{_PACKAGE}'>{linked}</Relationships>",
            **{f"xl/worksheets/sheet{i}.xml": none for i, (_, _, spelt) in enumerate(self._sheets) if not spelt},
        }  # fmt: skip

    def account(self, number: int, cells: int) -> Account:
        """What a sheet holds. `cells`: how many the reader gave; it is counted with care when a quick count differs."""
        part = self._sheets[number][2]
        if not part:
            return Account()
        quick = _quick(self._package.pieces(part), cells, self._to_calculate)
        return quick or _careful(self._package.stream(part), self._to_calculate)


def _is(kind: str) -> bool:
    """Whether a part is a sheet of cells, not of a chart or an old macro."""
    return kind not in ("chartsheet", "dialogsheet", "xlMacrosheet", "xlIntlMacrosheet")


MAX_HELD = 16 << 20
"""Bytes of one cell, or of all that comes after the last one, up to which a sheet is counted quickly."""


def _quick(pieces: Iterator[bytes], cells: int, to_calculate: bool) -> Account | None:
    """The account of a sheet whose values are as many as the reader's cells, and all of whose formulas have one; None
    when it is not that simple. The whole part is read, so that its checksum is checked."""
    head = next(pieces, b"")
    at = head.find(b"sheetData")
    start = head.rfind(b"<", 0, max(at, 0))
    prefix = head[start + 1 : at]
    good = at > 0 and (prefix == b"" or prefix.endswith(b":"))
    cell = b"<%bc " % prefix
    counts = [0, 0, 0]
    held = b""
    for data in chain([head], pieces):
        if good:
            held += data
            cut = max(held.rfind(cell), 0)
            counts = [a + b for a, b in zip(counts, _counted(held, cut, prefix, to_calculate), strict=True)]
            held = held[cut:]
            good = len(held) < MAX_HELD
    values, formulas, calculated = (
        a + b for a, b in zip(counts, _counted(held, len(held), prefix, to_calculate), strict=True)
    )
    _, ended, tail = held.partition(b"</%bsheetData>" % prefix)
    if not good or values != cells or formulas != calculated or not ended:
        return None
    try:
        frame = xml_root(head[:start] + tail)
    except UnreadableError:
        return None
    account = Account(cells=cells)
    _merges(account, frame.iter("{*}mergeCell"))
    return account


def _counted(data: bytes, stop: int, prefix: bytes, to_calculate: bool) -> tuple[int, int, int]:
    """(values, formulas, formulas with a value) up to a place."""
    values = data.count(b"</%bv>" % prefix, 0, stop) + data.count(b"</%bis>" % prefix, 0, stop)
    if data.find(b"</%bf>" % prefix, 0, stop) < 0:
        return values, 0, 0
    formulas = data.count(b"<%bf>" % prefix, 0, stop) + data.count(b"<%bf " % prefix, 0, stop)
    value = b"<%bv>" % prefix
    calculated = data.count(b"</%bf>" % prefix + value, 0, stop) + data.count(b"/>" + value, 0, stop)
    if to_calculate:
        calculated -= data.count(b"</%bf>" % prefix + value + b"0</", 0, stop)
    return values, formulas, calculated


def _careful(stream: IO[bytes], to_calculate: bool) -> Account:
    """The account of a sheet, cell by cell."""
    account = Account()
    row = 0
    for element in elements(stream, "row", "mergeCell"):
        if local(element.tag) == "mergeCell":
            _merges(account, [element])
            continue
        told = element.get("r") or ""
        row = int(told) if told.isdecimal() else row + 1
        column = -1
        for cell in element.iterchildren("{*}c"):
            place = _place(cell.get("r") or "")
            column = column + 1 if place is None else place[0]
            _cell(account, cell, row if place is None else place[1], column, to_calculate)
    return account


def _cell(account: Account, cell: Any, row: int, column: int, to_calculate: bool) -> None:
    kind = cell.get("t") or "n"
    value = cell.find("{*}v")
    text = "" if value is None else value.text or ""
    formula = cell.find("{*}f") is not None
    if formula and to_calculate and text == "0":
        account.uncalculated(row, column)
    if formula and not text and (value is None or kind != "str"):
        account.uncalculated(row, column)
    elif cell.find("{*}is") is not None or (text and kind != "e"):
        account.value(row, column)
    elif value is not None:
        account.value(row, column, doubtful=True)


def _merges(account: Account, merged: Iterable[Any]) -> None:
    for one in islice(merged, MAX_MERGES):
        ends = [_place(corner) for corner in (one.get("ref") or "").split(":")]
        if len(ends) == 2 and ends[0] and ends[1]:
            (left, right), (top, bottom) = (sorted(pair) for pair in zip(*ends, strict=True))
            account.merged(left, right, top, bottom)


def _place(reference: str) -> tuple[int, int] | None:
    """(column from 0, row from 1) of a reference such as "C7" or "$C$7"."""
    found = _REFERENCE.fullmatch(reference.replace("$", "").strip().upper())
    if found is None:
        return None
    at = 0
    for letter in found[1]:
        at = at * 26 + ord(letter) - 64
    return at - 1, int(found[2])
