"""Whether an Office file is well-formed as Office itself checks it: the rules of the Open XML SDK, and that what its
parts refer to is there."""

from __future__ import annotations

import io
import posixpath
import re
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from lxml import etree
from openpyxl.utils import range_boundaries
from openxml_audit import OpenXmlValidator, ValidationSeverity

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
VALIDATOR = OpenXmlValidator(max_errors=50)


def faults(data: bytes, ending: str) -> list[str]:
    """What is wrong with a package; `ending` is xlsx or docx."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"file.{ending}"
        path.write_bytes(data)
        found = VALIDATOR.validate(path).errors
    wrong = [f"{e.part_uri}: {e.description}" for e in found if e.severity == ValidationSeverity.ERROR]
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        names = Counter(package.namelist())
        wrong += [f"{name} is there twice" for name, count in names.items() if count > 1]
        parts = {name: package.read(name) for name in names}
    wrong += _package(parts)
    return [*wrong, *(_workbook(parts) if ending == "xlsx" else ())]


def _package(parts: dict[str, bytes]) -> Iterator[str]:
    """Content types and relations."""
    types = etree.fromstring(parts["[Content_Types].xml"])
    endings = {e.get("Extension").lower() for e in types if e.tag.endswith("}Default")}
    named = {e.get("PartName").lstrip("/") for e in types if e.tag.endswith("}Override")}
    yield from (f"{name} has a type and is not there" for name in named - parts.keys())
    for name, data in parts.items():
        if name != "[Content_Types].xml" and name not in named and name.rpartition(".")[2].lower() not in endings:
            yield f"{name} has no content type"
        if not name.endswith(".rels"):
            continue
        folder = posixpath.dirname(posixpath.dirname(name))
        ids = Counter(r.get("Id") for r in etree.fromstring(data))
        yield from (f"{name}: {one} twice" for one, count in ids.items() if count > 1)
        for relation in etree.fromstring(data):
            target = posixpath.normpath(posixpath.join("/" + folder, relation.get("Target"))).lstrip("/")
            if relation.get("TargetMode") != "External" and target not in parts:
                yield f"{name}: {relation.get('Target')} is not there"
        owner = parts.get(posixpath.join(folder, posixpath.basename(name).removesuffix(".rels")), b"")
        for used in set(re.findall(rb'r:(?:id|embed)="([^"]+)"', owner)):
            if used.decode() not in ids:
                yield f"{name}: {used.decode()} leads nowhere"


def _workbook(parts: dict[str, bytes]) -> Iterator[str]:
    """Numbers that point into other parts, and places that must not overlap."""
    styles = etree.fromstring(parts["xl/styles.xml"])
    formats, differences = (len(styles.findall(f"{MAIN}{tag}/*")) for tag in ("cellXfs", "dxfs"))
    texts = etree.fromstring(parts.get("xl/sharedStrings.xml", b"<sst/>"))
    book = etree.fromstring(parts["xl/workbook.xml"])
    titles = [s.get("name") for s in book.iter(f"{MAIN}sheet")]
    if len({t.lower() for t in titles}) < len(titles):
        yield "two sheets have one name"
    for name in book.iter(f"{MAIN}definedName"):
        sheets = re.findall(r"'((?:[^']|'')+)'!|(?<![\w'])([\w.]+)!", name.text or "")
        lost = {(quoted or plain).replace("''", "'") for quoted, plain in sheets} - set(titles)
        if lost or "#REF" in (name.text or ""):
            yield f"name {name.get('name')} is about {lost or name.text}"
    for part in (p for p in parts if p.startswith("xl/worksheets/sheet")):
        sheet = etree.fromstring(parts[part])
        places = [c.get("r") for c in sheet.iter(f"{MAIN}c")]
        if len(set(places)) < len(places):
            yield f"{part}: a cell is there twice"
        rows = [int(r.get("r")) for r in sheet.iter(f"{MAIN}row")]
        if rows != sorted(set(rows)):
            yield f"{part}: rows out of order"
        for cell in sheet.iter(f"{MAIN}c"):
            if int(cell.get("s", 0)) >= formats:
                yield f"{part} {cell.get('r')}: style {cell.get('s')} of {formats}"
            if cell.get("t") == "s" and int(cell.findtext(f"{MAIN}v", "-1")) not in range(len(texts)):
                yield f"{part} {cell.get('r')}: text {cell.findtext(f'{MAIN}v')} of {len(texts)}"
        for rule in sheet.iter(f"{MAIN}cfRule"):
            if int(rule.get("dxfId", 0)) >= max(differences, 1):
                yield f"{part}: conditional format {rule.get('dxfId')} of {differences}"
        taken: set[tuple[int, int]] = set()
        for merged in sheet.iter(f"{MAIN}mergeCell"):
            left, top, right, bottom = range_boundaries(merged.get("ref"))
            cells = {(r, c) for r in range(top, bottom + 1) for c in range(left, right + 1)}
            if cells & taken:
                yield f"{part}: {merged.get('ref')} overlaps another merged range"
            taken |= cells
