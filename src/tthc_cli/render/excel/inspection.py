"""The workbook of an inspection's team: how it was drawn, the random sample and the chosen dossiers apart, the checks
of the unit, and the sheet of findings. What data say is filled in; the rest is chosen from lists. Codes only.
"""

from __future__ import annotations

from copy import copy
from datetime import datetime
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.pagebreak import Break, ColBreak

from tthc_cli.messages import say
from tthc_cli.office import styles
from tthc_cli.office.workbook import Package, lines_of
from tthc_cli.render import formats
from tthc_cli.render.control.inspection import Part, Table, parts_of
from tthc_cli.render.text import clean

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from tthc_cli.messages import Lang
    from tthc_cli.results.control.inspection import Draw

_DRAFTED = "nháp: tthc"
"""Who made it: of workbooks of "tthc" alone `tthc ingest` knows that they hold no data."""
_INPUT = PatternFill("solid", fgColor="FFFBE6")
_FAULT = PatternFill("solid", fgColor="F9D9D6")
_HEAD_HEIGHT = 180.0
_ACROSS, _LARGEST = 104, 80
"""Letters of width that A4 across takes, and the largest scale."""


def team_book(draw: Draw, lang: Lang) -> bytes:
    """The bytes of the workbook. The same draw gives the same bytes."""
    book = Workbook()
    arrays = styles.register(book, lang)
    book.remove(book.worksheets[0])
    book.properties.creator = _DRAFTED
    book.properties.title = f"{say('inspection.title', lang)} {draw.id}"
    book.properties.created = datetime.fromisoformat(draw.as_of)
    book.properties.language = lang
    package = Package(book, draw.as_of)
    for part in parts_of(draw, lang):
        sheet = book.create_sheet(part.title)
        _Sheet(part, sheet, arrays, draw, lang).write()
        package.write(sheet, {})
    return package.to_bytes()


class _Sheet:
    """One sheet being written."""

    def __init__(self, part: Part, sheet: Worksheet, arrays: dict[str, Any], draw: Draw, lang: Lang) -> None:
        self.part, self.sheet, self.arrays, self.draw, self.lang = part, sheet, arrays, draw, lang
        self.row = 1

    def write(self) -> None:
        part = self.part
        columns = max((len(table.columns) for table in part.tables), default=1)
        for at in range(columns):
            width = max((t.columns[at].width for t in part.tables if at < len(t.columns)), default=10.0)
            self.sheet.column_dimensions[get_column_letter(at + 1)].width = width
        self._put(1, part.repeated + 1 if part.first_page else 1, part.heading, "subtitle")
        if part.first_page:
            self._put(1, part.first_page + 1, part.heading, "subtitle")
        self.row = 2
        for line in part.lines:
            self._line(line)
        for table in part.tables:
            self._table(table)
        self._paper()

    def _put(self, row: int, column: int, value: Any, style: str) -> Any:
        cell: Any = self.sheet.cell(row, column, clean(value) if isinstance(value, str) else value)
        cell._style = self.arrays[style]
        return cell

    def _line(self, text: str) -> None:
        """A line above the table, over the columns of the first page."""
        last = self.part.first_page or max((len(t.columns) for t in self.part.tables), default=1)
        first = self.part.repeated + 1 if self.part.first_page else 1
        self._across(self._put(self.row, first, text, "fact"), first, last)
        self.row += 1

    def _width(self, first: int, last: int) -> float:
        return float(sum(self.sheet.column_dimensions[get_column_letter(at)].width for at in range(first, last + 1)))

    def _across(self, cell: Any, first: int, last: int) -> None:
        cell._style = copy(cell._style)
        cell.alignment = Alignment(vertical="center", wrap_text=True)
        self.sheet.merge_cells(start_row=cell.row, start_column=first, end_row=cell.row, end_column=last)
        self.sheet.row_dimensions[cell.row].height = 15.5 * lines_of(str(cell.value), self._width(first, last))

    def _table(self, table: Table) -> None:
        """Its title, headings and rows, a blank row before it."""
        self.row += 1
        if table.title:
            self._put(self.row, 1, table.title, "agency")
            self.row += 1
        first = self._heads(table)
        for number, row in enumerate(table.rows, first):
            self._row(number, table, row)
        last = first + len(table.rows) - 1 + table.blanks
        for number in range(first + len(table.rows), last + 1):
            self._row(number, table, [None] * len(table.columns))
        for at, column in enumerate(table.columns, 1):
            if column.choices and last >= first:
                self._choices(f"{get_column_letter(at)}{first}:{get_column_letter(at)}{last}", column.choices)
        self.row = last + 1

    def _heads(self, table: Table) -> int:
        """One row of headings, or two where columns have a code below; returns the first row of values."""
        coded = any(column.code for column in table.columns)
        for at, column in enumerate(table.columns, 1):
            self._put(self.row, at, column.head, "head_tall" if column.code else "head")
            if coded:
                self._put(self.row + 1, at, column.code or None, "head")
                if not column.code:
                    self.sheet.merge_cells(start_row=self.row, start_column=at, end_row=self.row + 1, end_column=at)
        lines = max(lines_of(c.head, c.width * 0.8) for c in table.columns)
        self.sheet.row_dimensions[self.row].height = _HEAD_HEIGHT if coded else 15.0 * lines + 4
        if self.part.repeated:
            self.sheet.print_title_rows = f"{self.row}:{self.row + coded}"
            self.sheet.freeze_panes = f"{get_column_letter(self.part.repeated + 1)}{self.row + 1 + coded}"
        return self.row + 1 + coded

    def _row(self, number: int, table: Table, values: Any) -> None:
        lines = 1
        for at, (column, value) in enumerate(zip(table.columns, values, strict=True), 1):
            shown = value if value != "" else None
            style = "count" if isinstance(shown, int) else "day" if column.day else "center" if column.code else "small"
            cell = self._put(number, at, shown, style)
            if column.typed and shown is None:
                cell._style = copy(cell._style)
                cell.fill = _INPUT
            elif column.alarm and shown == column.alarm:
                cell._style = copy(cell._style)
                cell.fill = _FAULT
            if isinstance(value, str):
                lines = max(lines, lines_of(value, column.width * 1.1 - 1))
        self.sheet.row_dimensions[number].height = min(13.5 * max(lines, 2 if table.roomy else 1) + 3, 400)

    def _choices(self, cells: str, choices: tuple[str, ...]) -> None:
        listed = DataValidation(type="list", formula1='"' + ",".join(choices) + '"', allow_blank=True)
        listed.error = say("inspection.one_of", self.lang, words=", ".join(choices))
        listed.errorTitle = self.draw.id[:32]
        listed.showErrorMessage = True
        listed.add(cells)
        self.sheet.add_data_validation(listed)

    def _paper(self) -> None:
        """A4 across; a wide sheet in two bands, each with the dossier's code before it."""
        sheet: Any = self.sheet
        part = self.part
        sheet.page_setup.paperSize, sheet.page_setup.orientation = 9, "landscape"
        sheet.page_margins.left = sheet.page_margins.right = 0.4
        sheet.page_margins.top, sheet.page_margins.bottom, sheet.page_margins.footer = 0.5, 0.7, 0.3
        if part.first_page:
            second = self._width(1, part.repeated) + self._width(part.first_page + 1, part.printed)
            sheet.page_setup.scale = min(_LARGEST, int(100 * _ACROSS / max(self._width(1, part.first_page), second)))
            sheet.page_setup.pageOrder = "overThenDown"
            sheet.col_breaks = ColBreak()
            sheet.col_breaks.append(Break(id=part.first_page))
            sheet.print_title_cols = f"A:{get_column_letter(part.repeated)}"
            sheet.print_area = f"A1:{get_column_letter(part.printed)}{self.row}"
        else:
            sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
            sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.oddFooter.left.text = f"{self.draw.id} · {formats.day(self.draw.as_of, self.lang)}".replace("&", "&&")
        sheet.oddFooter.center.text = part.title.replace("&", "&&")
        sheet.oddFooter.right.text = "&P/&N"
        sheet.sheet_view.showGridLines = False
