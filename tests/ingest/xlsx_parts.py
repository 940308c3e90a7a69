"""XLSX workbooks written part by part, as other programs than Excel write them."""

from __future__ import annotations

import io
import zipfile

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = (
    "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'><Override PartName='/xl/workbook.xml' "
    "ContentType='application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml'/></Types>"
)
HEADINGS = ("MaHoSo", "NgayTiepNhan", "NgayHenTra", "DonViXuLy")
STYLES = (
    f"<styleSheet xmlns='{MAIN}'><numFmts count='1'><numFmt numFmtId='164' formatCode='dd/mm/yyyy hh:mm'/></numFmts>"
    "<cellXfs count='2'><xf numFmtId='0'/><xf numFmtId='164'/></cellXfs></styleSheet>"
)


def text(reference: str, value: str) -> str:
    return f"<c r='{reference}' t='inlineStr'><is><t>{value}</t></is></c>"


def number(reference: str, value: str, style: int = 1) -> str:
    return f"<c r='{reference}' s='{style}'><v>{value}</v></c>"


def row(at: int, *cells: str) -> str:
    return f"<row r='{at}'>{''.join(cells)}</row>"


def heading(names: tuple[str, ...] = HEADINGS) -> str:
    return row(1, *(text(f"{'ABCDEFGH'[i]}1", name) for i, name in enumerate(names)))


def dossier(at: int, received: str = "45021.5", unit: str = "Sở Y tế") -> str:
    """Received on 05/04/2023 at 12:00, due five days later."""
    due = str(float(received) + 5)
    cells = text(f"A{at}", f"H99-230405-{at:04d}"), number(f"B{at}", received), number(f"C{at}", due)
    return row(at, *cells, *([text(f"D{at}", unit)] if unit else []))


def sheet(*rows: str, after: str = "", root: str = f"worksheet xmlns='{MAIN}'") -> str:
    return f"<{root}><sheetData>{''.join(rows)}</sheetData>{after}</{root.split(maxsplit=1)[0]}>"


def package(
    *sheets: str, properties: str = "", link: str = "r:id", space: str = MAIN, target: str = "worksheets/sheet{}.xml",
    slash: str = "/", epoch_again: str = "",
) -> bytes:  # fmt: skip
    """A workbook of sheets that are called S1, S2...; the rest says how its package is written."""
    prefix = link.partition(":")[0]
    listed = "".join(f"<sheet name='S{i}' sheetId='{i}' {link}='n{i}'/>" for i in range(1, len(sheets) + 1))
    linked = "".join(
        f"<Relationship Id='n{i}' Type='{LINKS}/worksheet' Target='{target.format(i)}'/>"
        for i in range(1, len(sheets) + 1)
    )
    parts = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": f"<Relationships xmlns='{_PACKAGE}'><Relationship Id='r' Type='{LINKS}/officeDocument' "
        "Target='xl/workbook.xml'/></Relationships>",
        "xl/workbook.xml": f"<workbook xmlns='{space}' xmlns:{prefix}='{LINKS}'>{properties}<sheets>{listed}</sheets>"
        f"{epoch_again}</workbook>",
        "xl/_rels/workbook.xml.rels": f"<Relationships xmlns='{_PACKAGE}'>{linked}"
        f"<Relationship Id='s' Type='{LINKS}/styles' Target='styles.xml'/></Relationships>",
        "xl/styles.xml": STYLES,
        **{f"xl/worksheets/sheet{i}.xml": content for i, content in enumerate(sheets, 1)},
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("/", slash) if name != "[Content_Types].xml" else name, content)
    return out.getvalue()
