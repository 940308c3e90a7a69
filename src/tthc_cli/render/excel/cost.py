"""The workbook of the compliance cost: a summary, and a sheet a procedure with its tasks before and after; what is
worked out from other cells is a live formula."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from tthc_cli.messages import say
from tthc_cli.office import styles
from tthc_cli.office.workbook import Package, lines_of
from tthc_cli.render.text import clean
from tthc_cli.render.view.cost import (
    SUMMARY_COLUMNS,
    TASK_COLUMNS,
    foot_lines,
    group_name,
    grouped,
    head_lines,
    heads_of,
    table_title,
    task_name,
    title_of,
)
from tthc_cli.results.control.cost import once, share_of, totals, yearly

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from tthc_cli.messages import Lang
    from tthc_cli.office.workbook import CachedValue
    from tthc_cli.results.control.cost import CostPaper, Figure, Priced, Task

_WIDTHS = {"number": 7.0, "ordinal": 6.0, "task": 40.0, "procedure": 60.0, "ground": 26.0, "percent": 12.0}
_FIGURE = 14.0
_AT = {name: get_column_letter(at) for at, name in enumerate(TASK_COLUMNS, 1)}
Place = tuple[str, int]
"""A sheet, and the row of its sum."""


def cost_book(paper: CostPaper, lang: Lang) -> bytes:
    """The bytes of the workbook."""
    book = Workbook()
    arrays = styles.register(book, lang)
    book.remove(book.worksheets[0])
    book.properties.creator = "tthc"
    book.properties.created = datetime.fromisoformat(paper.as_of)
    summary = _Sheet(book.create_sheet(say("cost.summary_tab", lang)), arrays, lang, SUMMARY_COLUMNS)
    package = Package(book, paper.as_of)
    sums: dict[str, tuple[Place | None, Place | None]] = {}
    made = []
    for one in paper.procedures:
        sheet = _Sheet(book.create_sheet(one.code), arrays, lang, TASK_COLUMNS)
        sums[one.code] = (_tasks(sheet, one, "before", one.before), _tasks(sheet, one, "after", one.after))
        sheet.foot(foot_lines(paper, lang))
        made.append(sheet)
    _summary(summary, paper, sums)
    for sheet in (summary, *made):
        package.write(sheet.sheet, sheet.values)
    return package.to_bytes()


class _Sheet:
    """A sheet being written, row by row."""

    def __init__(self, sheet: Worksheet, arrays: dict[str, Any], lang: Lang, columns: tuple[str, ...]) -> None:
        self.sheet, self.arrays, self.lang, self.columns = sheet, arrays, lang, columns
        self.values: dict[str, CachedValue] = {}
        self.row = 1
        for at, name in enumerate(columns, 1):
            sheet.column_dimensions[get_column_letter(at)].width = _WIDTHS.get(name, _FIGURE)
        page: Any = sheet
        page.page_setup.paperSize, page.page_setup.orientation = 9, "landscape"
        page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
        page.sheet_properties.pageSetUpPr.fitToPage = True
        page.page_margins.left = page.page_margins.right = 0.4
        page.sheet_view.showGridLines = False
        page.oddFooter.right.text, page.oddFooter.right.size = "&P/&N", 12

    def put(self, column: int, value: Any, style: str) -> None:
        if isinstance(value, Fraction):
            value = int(value) if value.denominator == 1 else float(value)
        cell: Any = self.sheet.cell(self.row, column, clean(value) if isinstance(value, str) else value)
        cell._style = self.arrays[style]

    def formula(self, column: int, text: str, value: Fraction | None, style: str) -> None:
        cell: Any = self.sheet.cell(self.row, column, f"={text}")
        cell._style = self.arrays[style]
        self.values[f"{get_column_letter(column)}{self.row}"] = value

    def line(self, text: str, style: str) -> None:
        """A line over the whole width."""
        self.put(1, text, style)
        self.sheet.merge_cells(start_row=self.row, start_column=1, end_row=self.row, end_column=len(self.columns))
        width = sum(_WIDTHS.get(name, _FIGURE) for name in self.columns)
        self.sheet.row_dimensions[self.row].height = (20 if style == "title" else 16) * lines_of(text, width)
        self.row += 1

    def heads(self) -> None:
        for at, head in enumerate(heads_of(self.columns, self.lang), 1):
            self.put(at, head, "head")
        self.sheet.row_dimensions[self.row].height = 64
        self.row += 1

    def label(self, text: str, style: str, column: int = 2) -> None:
        """Words in a row whose other cells are blank, in the style of the row."""
        for at in range(1, len(self.columns) + 1):
            self.put(at, text if at == column else None, style)
        self.sheet.row_dimensions[self.row].height = 17 * lines_of(text, _WIDTHS["task"])

    def foot(self, lines: list[str]) -> None:
        self.row += 1
        for line in lines:
            self.line(line, "plain")


def _tasks(sheet: _Sheet, one: Priced, kind: str, tasks: tuple[Task, ...]) -> Place | None:
    """A table of tasks; where its sum stands, None where there are none."""
    if not tasks:
        return None
    sheet.line(table_title(one, kind, sheet.lang), "subtitle")
    sheet.heads()
    first = sheet.row
    for group, task in grouped(tasks):
        if task is None:
            sheet.label(group_name(group, sheet.lang), "group_text")
        else:
            _task(sheet, task)
        sheet.row += 1
    last, row = sheet.row - 1, sheet.row
    sheet.label(say("cost.total", sheet.lang), "total_text")
    for name, value in (("cost", once(tasks)), ("yearly", yearly(tasks))):
        letter = _AT[name]
        sheet.formula(TASK_COLUMNS.index(name) + 1, f"SUM({letter}{first}:{letter}{last})", value, "total_count")
    sheet.row += 2
    return sheet.sheet.title, row


def _task(sheet: _Sheet, task: Task) -> None:
    at = {name: f"{letter}{sheet.row}" for name, letter in _AT.items()}
    cells = {
        "number": (task.number, "text"), "task": (task_name(task, sheet.lang), "text"), "hours": (task.hours, "points"),
        "income": (task.income.value, _style(task.income)), "services": (task.services, "count"),
        "fee": (task.fee.value, _style(task.fee)), "times": (task.times.value, "count"),
        "subjects": (task.subjects.value, _style(task.subjects)), "ground": (task.ground, "small"),
    }  # fmt: skip
    for column, name in enumerate(TASK_COLUMNS, 1):
        if name == "cost":
            text = f"{at['hours']}*{at['income']}+{at['services']}+{at['fee']}"
            sheet.formula(column, text, task.cost, "count")
        elif name == "yearly":
            sheet.formula(column, f"{at['cost']}*{at['times']}*{at['subjects']}", task.yearly, "count")
        else:
            sheet.put(column, *cells[name])
    words = ((task_name(task, sheet.lang), "task"), (task.ground, "ground"))
    sheet.sheet.row_dimensions[sheet.row].height = 17 * max(lines_of(text, _WIDTHS[name]) for text, name in words)


def _style(figure: Figure) -> str:
    """What is filled in for people stands on a ground of its own: they may put their figure in its place."""
    return "input" if figure.origin in ("data", "parameter") else "count"


def _summary(sheet: _Sheet, paper: CostPaper, sums: dict[str, tuple[Place | None, Place | None]]) -> None:
    sheet.line(title_of(paper, sheet.lang).upper(), "title")
    for line in head_lines(paper, sheet.lang):
        sheet.line(line, "fact")
    sheet.heads()
    groups: list[int] = []
    number = 0
    for name, those in paper.fields:
        groups.append(sheet.row)
        sheet.label(name or say("forms.unknown_field", sheet.lang), "group_text")
        _sum_row(sheet, [f"{sheet.row + 1}:#{sheet.row + len(those)}"], totals(those), "group_")
        for one in those:
            number += 1
            _procedure(sheet, number, one, *sums[one.code])
    sheet.label(say("cost.total", sheet.lang), "total_text")
    _sum_row(sheet, [str(row) for row in groups], totals(paper.procedures), "total_")
    sheet.foot(foot_lines(paper, sheet.lang))
    sheet.row += 1
    sheet.put(4, say("forms.sign", sheet.lang), "sign_line")


def _sum_row(sheet: _Sheet, rows: list[str], found: tuple[Fraction, Fraction], style: str) -> None:
    """Sums over rows of the columns before and after; of a procedure without a proposal, after is as before."""
    before, after = found
    own = ["SUM(" + ",".join(f"{c}{part.replace('#', c)}" for part in rows) + ")" for c in ("C", "D")]
    sheet.formula(3, own[0], before, f"{style}count")
    sheet.formula(4, own[1], after, f"{style}count")
    _saving(sheet, before, after, style)


def _saving(sheet: _Sheet, before: Fraction, after: Fraction, style: str) -> None:
    row = sheet.row
    sheet.formula(5, f"C{row}-D{row}", before - after, f"{style}count")
    share = share_of(before, after)
    text = f'IF(C{row}=0,"",ROUND((C{row}-D{row})*100/C{row},2))'
    sheet.formula(6, text, None if share is None else Fraction(share), f"{style}points")
    sheet.row += 1


def _procedure(sheet: _Sheet, number: int, one: Priced, before: Place | None, after: Place | None) -> None:
    label = f"{one.code} {one.name}".strip()
    sheet.put(1, number, "center")
    sheet.put(2, label, "text")
    sheet.sheet.row_dimensions[sheet.row].height = 17 * lines_of(label, _WIDTHS["procedure"])
    for column, place, value in ((3, before, one.year_before), (4, after, one.year_after)):
        if place is None:
            # Without a proposal it goes on costing what it does; without tasks before it, nothing is known to be saved.
            sheet.formula(column, f"C{sheet.row}" if column == 4 else "0", one.year_before, "count")
        else:
            sheet.formula(column, f"'{place[0]}'!{_AT['yearly']}{place[1]}", value, "count")
    _saving(sheet, one.year_before, one.year_before if one.year_after is None else one.year_after, "")
