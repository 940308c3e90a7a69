"""A workbook's package, sheet by sheet: the same bytes every time, the parts that never change made once."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from openpyxl.writer.theme import theme_xml

from tthc_cli.office.package import Archive
from tthc_cli.office.sheet import SheetXml

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tthc_cli.office.sheet import Chart, Table

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_DRAWN = "http://schemas.openxmlformats.org/drawingml/2006"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_CORE = "application/vnd.openxmlformats-package.core-properties+xml"
_EXTENDED = "application/vnd.openxmlformats-officedocument.extended-properties+xml"
_THEME = "application/vnd.openxmlformats-officedocument.theme+xml"
_DRAWING = "application/vnd.openxmlformats-officedocument.drawing+xml"
_BELOW = 38_100
"""How far below the top of its row a chart begins, in EMU: a break above the row leaves no line of it behind."""
_CHART = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"


@dataclass(frozen=True, slots=True)
class Properties:
    """What a workbook says of itself; `moment`: ISO time of making and of last change."""

    creator: str
    title: str
    subject: str
    language: str
    moment: str


class BookFile:
    """The package being written; sheets are numbered in the order of the workbook, whichever is written first."""

    def __init__(self, properties: Properties, styles: bytes) -> None:
        self._target = io.BytesIO()
        self._zip = Archive(self._target)
        self._properties, self._styles = properties, styles
        self._sheets: list[SheetXml] = []
        self._names: dict[str, str] = {}
        self._types: list[tuple[str, str]] = []
        self._charts = self._tables = self._drawings = 0

    def sheet(self, title: str) -> SheetXml:
        made = SheetXml(title, len(self._sheets) + 1)
        self._sheets.append(made)
        return made

    def name(self, name: str, cells: str) -> None:
        """Give cells ("'Sheet'!$A$1:$B$9") a name for formulas."""
        self._names[name] = cells

    def write(self, sheet: SheetXml, rows: Iterable[str] = (), last_cell: str = "") -> None:
        """Write a sheet out; nothing can be put on it any more. `rows`: as XML, that follow those of the sheet."""
        number = sheet.number
        path = f"xl/worksheets/sheet{number}.xml"
        self._zip.write_pieces(path, sheet.pieces(rows, last_cell))
        self._types.append((path, f"{_SHEET_TYPE}.worksheet+xml"))
        relations = []
        if sheet.charts:
            relations.append(("rIdDrawing", "drawing", self._drawing(sheet.charts)))
        relations += [(f"rIdTable{n}", "table", self._table(table)) for n, table in enumerate(sheet.tables, 1)]
        if relations:
            self._part(f"xl/worksheets/_rels/sheet{number}.xml.rels", _relations(relations))
        sheet.clear()

    def to_bytes(self) -> bytes:
        """The workbook, once every sheet is written."""
        said, part = self._properties, self._part
        part("docProps/app.xml", _app(), _EXTENDED)
        part("docProps/core.xml", _core(said), _CORE)
        part("xl/theme/theme1.xml", theme_xml, _THEME)
        part("xl/styles.xml", self._styles, f"{_SHEET_TYPE}.styles+xml")
        part("xl/workbook.xml", self._workbook(), f"{_SHEET_TYPE}.sheet.main+xml")
        part("_rels/.rels", _root_relations())
        count = len(self._sheets)
        sheets = [(f"rId{n}", "worksheet", f"/xl/worksheets/sheet{n}.xml") for n in range(1, count + 1)]
        others = [("rIdStyles", "styles", "/xl/styles.xml"), ("rIdTheme", "theme", "/xl/theme/theme1.xml")]
        part("xl/_rels/workbook.xml.rels", _relations([*sheets, *others]))
        types = "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in self._types)
        defaults = (
            f'<Default Extension="rels" ContentType="{_RELATIONS_TYPE}"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
        )
        part("[Content_Types].xml", f'<Types xmlns="{_PACKAGE}/content-types">{defaults}{types}</Types>')
        self._zip.close()
        return self._target.getvalue()

    def _part(self, name: str, data: str | bytes, kind: str = "") -> None:
        if kind:
            self._types.append((name, kind))
        self._zip.writestr(name, data)

    def _drawing(self, charts: Sequence[Chart]) -> str:
        self._drawings += 1
        path, relations = f"xl/drawings/drawing{self._drawings}.xml", []
        for place, chart in enumerate(charts, 1):
            self._charts += 1
            self._part(f"xl/charts/chart{self._charts}.xml", chart.xml, _CHART)
            relations.append((f"rId{place}", "chart", f"/xl/charts/chart{self._charts}.xml"))
        anchors = "".join(_anchor(place, chart) for place, chart in enumerate(charts, 1))
        self._part(path, f'<wsDr xmlns="{_DRAWN}/spreadsheetDrawing">{anchors}</wsDr>', _DRAWING)
        self._part(f"xl/drawings/_rels/drawing{self._drawings}.xml.rels", _relations(relations))
        return f"/{path}"

    def _table(self, table: Table) -> str:
        self._tables += 1
        path = f"xl/tables/table{self._tables}.xml"
        columns = "".join(
            f'<tableColumn id="{number}" name="{_attribute(head)}"/>' for number, head in enumerate(table.heads, 1)
        )
        named = f'id="{self._tables}" name="{table.name}" displayName="{table.name}" ref="{table.place}"'
        buttons = f'<autoFilter ref="{table.place}"/>' if table.filtered else ""
        xml = (
            f'<table xmlns="{_MAIN}" {named} totalsRowShown="0">{buttons}'
            f'<tableColumns count="{len(table.heads)}">{columns}</tableColumns>'
            '<tableStyleInfo showFirstColumn="0" showLastColumn="0" showRowStripes="0" showColumnStripes="0"/></table>'
        )
        self._part(path, xml, f"{_SHEET_TYPE}.table+xml")
        return f"/{path}"

    def _workbook(self) -> str:
        sheets = "".join(
            f'<sheet name="{_attribute(sheet.title)}" sheetId="{number}" r:id="rId{number}"/>'
            for number, sheet in enumerate(self._sheets, 1)
        )
        names = [f'<definedName name="{name}">{escape(cells)}</definedName>' for name, cells in self._names.items()]
        for number, sheet in enumerate(self._sheets):
            names += _sheet_names(number, sheet)
        defined = f"<definedNames>{''.join(names)}</definedNames>" if names else ""
        return (
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><workbookPr/><bookViews><workbookView activeTab="0"/>'
            f'</bookViews><sheets>{sheets}</sheets>{defined}<calcPr calcId="124519" fullCalcOnLoad="1"/></workbook>'
        )


_RELATIONS_TYPE = "application/vnd.openxmlformats-package.relationships+xml"


def _sheet_names(number: int, sheet: SheetXml) -> list[str]:
    """The names that a sheet keeps for itself: what is printed, and printed on every page."""

    def defined(name: str, cells: str) -> str:
        where = escape(f"{sheet.quoted}!{cells}")
        return f'<definedName name="_xlnm.{name}" localSheetId="{number}">{where}</definedName>'

    found = []
    if sheet.print_area:
        found.append(defined("Print_Area", _fixed(sheet.print_area)))
    titles = [part for part in (sheet.print_columns, sheet.print_rows) if part]
    if titles:
        cells = f",{sheet.quoted}!".join("$" + part.replace(":", ":$") for part in titles)
        found.append(defined("Print_Titles", cells))
    return found


def _fixed(place: str) -> str:
    """ "A1:B9" as "$A$1:$B$9"."""
    ends = place.split(":")
    return ":".join(f"${end.rstrip('0123456789')}${end.lstrip('ABCDEFGHIJKLMNOPQRSTUVWXYZ')}" for end in ends)


def _attribute(text: str) -> str:
    return escape(text, {'"': "&quot;", "\n": "_x000a_"})


def _relations(relations: Iterable[tuple[str, str, str]]) -> str:
    listed = "".join(f'<Relationship Id="{i}" Type="{_OFFICE}/{kind}" Target="{to}"/>' for i, kind, to in relations)
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{listed}</Relationships>'


@lru_cache(maxsize=1)
def _root_relations() -> str:
    core = f"{_PACKAGE}/relationships/metadata/core-properties"
    kinds = (
        ("rId1", f"{_OFFICE}/officeDocument", "xl/workbook.xml"),
        ("rId2", core, "docProps/core.xml"),
        ("rId3", f"{_OFFICE}/extended-properties", "docProps/app.xml"),
    )
    listed = "".join(f'<Relationship Id="{i}" Type="{kind}" Target="{to}"/>' for i, kind, to in kinds)
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{listed}</Relationships>'


def _app() -> str:
    space = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"
    return f'<Properties xmlns="{space}"><Application>tthc</Application></Properties>'


def _core(said: Properties) -> str:
    moment = datetime.fromisoformat(said.moment).replace(tzinfo=None).isoformat(timespec="seconds")
    times = "".join(
        f'<dcterms:{name} xsi:type="dcterms:W3CDTF">{moment}Z</dcterms:{name}>' for name in ("created", "modified")
    )
    texts = "".join(
        f"<dc:{name}>{escape(text)}</dc:{name}>"
        for name, text in (
            ("creator", said.creator), ("title", said.title), ("subject", said.subject), ("language", said.language),
        )
    )  # fmt: skip
    return (
        f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"{texts}{times}</cp:coreProperties>"
    )


def _anchor(place: int, chart: Chart) -> str:
    wide, high = chart.size
    told = _attribute(chart.told)
    return (
        f"<oneCellAnchor><from><col>{chart.column - 1}</col><colOff>0</colOff><row>{chart.row - 1}</row>"
        f'<rowOff>{_BELOW}</rowOff></from><ext cx="{wide}" cy="{high}"/><graphicFrame><nvGraphicFramePr>'
        f'<cNvPr id="{place}" name="Chart {place}" descr="{told}"/><cNvGraphicFramePr/></nvGraphicFramePr><xfrm/>'
        f'<a:graphic xmlns:a="{_DRAWN}/main"><a:graphicData uri="{_DRAWN}/chart"><c:chart xmlns:c="{_DRAWN}/chart" '
        f'xmlns:r="{_OFFICE}" r:id="rId{place}"/></a:graphicData></a:graphic></graphicFrame><clientData/>'
        "</oneCellAnchor>"
    )
