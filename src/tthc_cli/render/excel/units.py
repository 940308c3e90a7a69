"""One sheet a unit: every component with its counts, and points, sums, total and grade as formulas over them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tthc_cli.messages import say
from tthc_cli.office.styles import LEVEL_TABS
from tthc_cli.render.excel.charts import UNIT_CHART_ROWS, UNIT_CHART_SIZE, bars_against_maximum, put_chart
from tthc_cli.render.excel.parts import grade_colours, signature, titles
from tthc_cli.render.excel.sheet import at, formula_number
from tthc_cli.results.standing import WITHHELD

if TYPE_CHECKING:
    from tthc_cli.render.excel.book import Book
    from tthc_cli.render.excel.sheet import Sheet
    from tthc_cli.render.view.heads import Number
    from tthc_cli.render.view.model import Cell, UnitView

ID, TITLE, NUMERATOR, DENOMINATOR, RATIO, TARGET, POINTS, MAX, STATUS, LOST, WHY, NOTE, CHANGE = range(1, 14)
_WIDTHS = (6, 46, 10.5, 9.5, 9, 9, 8, 7, 12, 7.5, 30, 18, 9)
_HEADS = (
    "code", "component", "numerator", "denominator", "ratio", "target", "points", "max", "status", "lost",
)  # fmt: skip
_REASONS_SHOWN = 3
_SMALLER = 1.1
"""So many more letters of the small style go into a column."""
SUMMARY_ROW = 7
TABLE_ROW = 9


@dataclass(frozen=True, slots=True)
class UnitCells:
    """Where a unit's sheet holds what other sheets refer to; addresses with the sheet's name."""

    sheet: str
    total: str
    assessed_max: str
    percent: str
    grade: str
    groups: dict[str, str]
    points: dict[str, str]
    statuses: dict[str, str]


class UnitSheet:
    """Writes the sheet of one unit."""

    def __init__(self, book: Book, unit: UnitView, title: str) -> None:
        self.book = book
        self.unit = unit
        told = say("workbook.about.unit", book.lang, code=unit.id, level=unit.level_label)
        self.sheet: Sheet = book.sheet(title, told)
        self.sheet.xml.tab_colour = LEVEL_TABS.get(unit.level, "")
        self.title = title
        self.heads = [self.say(f"column.{key}") for key in _HEADS]
        self.heads += [say("workbook.column.why_lost", book.lang), self.say("column.note")]
        if unit.change:
            self.heads.append(say("workbook.column.change", book.lang))

    def _put(self, row: int, column: int, value: object, style: str, formula: str | None = None) -> None:
        """Write a cell; the formula only where it leads to the stored value."""
        self.sheet.put(row, column, value, style, formula if self.unit.totalled else None)

    def say(self, key: str, **fields: object) -> str:
        return say(f"render.{key}", self.book.lang, **fields)

    def write(self, *, method: str, contents: str = "") -> UnitCells:
        """`method`, `contents`: titles of the sheets that it leads to."""
        sheet, unit = self.sheet, self.unit
        sheet.widths(*_WIDTHS[: len(self.heads)])
        self._heading()
        if contents:
            sheet.put(TABLE_ROW - 1, 1, say("workbook.text.to_contents", self.book.lang), "link_line")
            sheet.link(TABLE_ROW - 1, 1, contents)
        sheet.row(TABLE_ROW, self.heads, "head")
        sheet.head_height(TABLE_ROW, self.heads, _WIDTHS)
        row = TABLE_ROW + 1
        group_rows: dict[str, int] = {}
        component_rows: dict[str, int] = {}
        for group in unit.groups:
            group_rows[group.head.id] = row
            first = row + 1
            for offset, cell in enumerate(group.cells):
                component_rows[cell.head.id] = first + offset
                self._component(first + offset, cell)
            last = row + len(group.cells)
            sheet.row(row, [""] * len(self.heads), "group_text")
            sheet.put(row, ID, group.head.id, "group_text")
            sheet.put(row, TITLE, group.head.full_title, "group_text")
            maximum = self._counted(first, last)
            points = f'IF({at(MAX, row)}=0,"",ROUND(SUM({at(POINTS, first)}:{at(POINTS, last)}),2))'
            self._put(row, MAX, group.counted, "group_count", maximum)
            self._put(row, POINTS, group.points, "group_points", points)
            lost = [cell.lost.value for cell in group.cells if cell.lost.value is not None]
            self._lost(row, sum(lost) if lost else None, f"{at(LOST, first)}:{at(LOST, last)}", "group_points")
            sheet.height(row, [(group.head.full_title, _WIDTHS[TITLE - 1])])
            row = last + 1
        self._result(row, group_rows, component_rows)
        sheet.freeze(NUMERATOR, TABLE_ROW + 1)
        grade_colours(self.book, sheet, at(STATUS, row + 1))
        sheet.table(self._table("unit"), TABLE_ROW, self.heads, row + 1, filtered=False)
        sheet.put(row + 2, 1, say("workbook.text.to_method", self.book.lang), "link_line")
        sheet.link(row + 2, 1, method)
        end = self._groups(row + 4, group_rows)
        end = signature(self.book, sheet, end, TITLE, WHY)
        firsts = {line + 1 for line in group_rows.values()}
        starts = [line for line in range(TABLE_ROW + 2, row) if line not in firsts]
        sheet.keep_whole([*starts, row + 4], end, TABLE_ROW)
        sheet.paper(last_column=len(self.heads), last_row=end, head_row=TABLE_ROW)
        self.book.close(sheet)
        return self._cells(row, group_rows, component_rows)

    def _heading(self) -> None:
        card, unit, sheet = self.book.card, self.unit, self.sheet
        titles(self.book, sheet, f"{unit.name} ({unit.id})")
        facts = dict(card.facts)
        for row, key in ((4, "rulebook"), (5, "as_of")):
            label = self.say(f"head.{key}")
            sheet.put(row, 1, f"{label}: {facts[label]}", "fact")
        rank = f"{self.say('column.rank')}: {unit.rank_text}"
        before = unit.change and say("workbook.text.before", self.book.lang, period=unit.change.period)
        place = " – ".join(p for p in (unit.level_label, unit.parent, rank, before) if p)
        sheet.put(6, 1, place, "fact")
        standing = card.standing if unit.grade else ""
        remarks = (unit.ungraded_text or unit.provisional_text, standing)
        sheet.put(SUMMARY_ROW, 1, ". ".join(text for text in remarks if text), "italic")

    def _component(self, row: int, cell: Cell) -> None:
        sheet, head = self.sheet, cell.head
        sheet.put(row, ID, head.id, "text")
        sheet.put(row, TITLE, head.title, "text")
        sheet.put(row, NUMERATOR, cell.numerator, "input")
        sheet.put(row, DENOMINATOR, cell.denominator, "input")
        top, under, points = at(NUMERATOR, row), at(DENOMINATOR, row), None
        given = f"AND(ISNUMBER({top}),ISNUMBER({under}))"
        ratio = f'IF({given},IF({under}=0,"",{top}/{under}),"")'
        status: str | None = None
        if not head.analysis and self._follows(cell):
            full, target = at(MAX, row), at(TARGET, row)
            zero = {"zero": "0", "full": full, "no_score": '""'}[head.when_zero]
            earned = f"ROUND(MIN({full},{full}*{top}/({under}*{target})),{head.places})"
            points = f'IF({given},IF({under}=0,{zero},{earned}),"")'
            empty = self.say(f"status.{'no_score' if head.when_zero == 'no_score' else 'scored'}")
            scored, missing = self.say("status.scored"), self.say("status.not_assessed")
            done = f'"{scored}"' if empty == scored else f'IF({under}=0,"{empty}","{scored}")'
            status = f'IF({given},{done},"{missing}")'
        sheet.put(row, RATIO, cell.ratio, "points" if head.mean_unit else "percent", ratio)
        if head.analysis:
            sheet.put(row, TARGET, head.mean_unit, "center")
        else:
            sheet.put(row, TARGET, head.target, "points" if head.mean_unit else "percent")
        sheet.put(row, POINTS, cell.points, "points", points)
        sheet.put(row, MAX, None if head.analysis else cell.max, "count")
        sheet.put(row, STATUS, cell.status_label, "center", status)
        self._loss(row, cell)

    def _loss(self, row: int, cell: Cell) -> None:
        """Points lost, why, and what changed since the period before."""
        sheet, points = self.sheet, at(POINTS, row)
        live = cell.lost.value is not None and cell.points.value is not None
        lost = f'IF(ISNUMBER({points}),ROUND({at(MAX, row)}-{points},{cell.head.places}),"")'
        sheet.put(row, LOST, cell.lost, "points", lost if live else None)
        reasons = self._reasons(cell)
        note = "; ".join(n for n in (cell.basis_label if cell.basis != "data" else "", cell.note) if n)
        sheet.put(row, WHY, reasons, "small")
        sheet.put(row, NOTE, note, "small")
        if len(self.heads) == CHANGE:
            sheet.put(row, CHANGE, cell.change, "change")
        small = [(text, _WIDTHS[column - 1] * _SMALLER) for text, column in ((reasons, WHY), (note, NOTE))]
        target = cell.head.mean_unit if cell.head.analysis else ""
        sheet.height(row, [(cell.head.title, _WIDTHS[TITLE - 1]), (target, _WIDTHS[TARGET - 1]), *small])

    def _reasons(self, cell: Cell) -> str:
        """The most frequent ones, with their counts."""
        reasons, lang = cell.loss_reasons, self.book.lang
        told = [say("workbook.text.reason", lang, text=r.text, count=r.count) for r in reasons[:_REASONS_SHOWN]]
        if more := len(reasons) - len(told):
            told.append(say("workbook.text.more_reasons", lang, count=more))
        return "; ".join(told)

    def _lost(self, row: int, value: Number | None, parts: str, style: str) -> None:
        """The sum of lost points of `parts`."""
        self._put(row, LOST, value, style, f'IF(COUNT({parts})=0,"",ROUND(SUM({parts}),2))')

    def _table(self, kind: str) -> str:
        """The name of a table of the sheet, from the unit's code."""
        return f"tthc_{kind}_{re.sub(r'[^0-9A-Za-z_.]', '_', self.unit.anchor.removeprefix('u-'))}"

    @staticmethod
    def _follows(cell: Cell) -> bool:
        """Whether the stored status is what the figures shown lead to; if not, stored values stand without formula."""
        if cell.numerator.value is None or cell.denominator.value is None:
            return cell.status == "not_assessed"
        unscored = not cell.denominator.value and cell.head.when_zero == "no_score"
        return cell.status == ("no_score" if unscored else "scored")

    def _counted(self, first: int, last: int) -> str:
        """The maximum that counts among the rows."""
        statuses, maxima = f"{at(STATUS, first)}:{at(STATUS, last)}", f"{at(MAX, first)}:{at(MAX, last)}"
        counting = ["scored"] if self.book.card.no_score == "excluded" else ["scored", "no_score"]
        return "+".join(f'SUMIF({statuses},"{self.say(f"status.{key}")}",{maxima})' for key in counting)

    def _grounds(self, maximum: str, component_rows: dict[str, int]) -> str:
        """Whether there is ground for a grade: enough was assessed, and something besides procedures was counted."""
        if self.unit.ungraded_reason in WITHHELD:
            return "FALSE"
        heads = {head.id: head for head in self.book.card.components}
        counted = [
            at(DENOMINATOR, row)
            for component, row in component_rows.items()
            if not heads[component].of_catalogue
        ]  # fmt: skip
        least = formula_number(self.book.card.graded_from.value or 0)
        return f"AND({maximum}>={least},SUM({','.join(counted)})>0)"

    def _result(self, row: int, group_rows: dict[str, int], component_rows: dict[str, int]) -> None:
        sheet, unit = self.sheet, self.unit
        sheet.row(row, [""] * len(self.heads), "total_text")
        sheet.put(row, TITLE, self.say("column.total"), "total_text")
        points = ",".join(at(POINTS, r) for r in group_rows.values())
        maxima = ",".join(at(MAX, r) for r in group_rows.values())
        total, maximum, percent = at(POINTS, row), at(MAX, row), at(POINTS, row + 1)
        self._put(row, MAX, unit.assessed_max, "total_count", f"SUM({maxima})")
        self._put(row, POINTS, unit.total, "total_points", f'IF({maximum}=0,"",ROUND(SUM({points}),2))')
        lost = [cell.lost.value for cell in unit.cells if cell.lost.value is not None]
        self._lost(row, sum(lost) if lost else None, ",".join(at(LOST, r) for r in group_rows.values()), "total_points")
        sheet.row(row + 1, [""] * len(self.heads), "total_text")
        if unit.change:
            sheet.put(row + 1, CHANGE, unit.change.points, "total_change")
        sheet.put(row + 1, TITLE, self.say("column.percent"), "total_text")
        self._put(row + 1, POINTS, unit.percent, "total_points", f'IF({maximum}=0,"",ROUND({total}*100/{maximum},2))')
        ungraded, none = self.book.card.ungraded_label, self.say("text.no_grade")
        graded = percent if self.book.card.graded_on == "percent" else total
        band = f"INDEX(tthc_grade_label,SUMPRODUCT(--(tthc_grade_lower>{graded}))+1)"
        grade = f'IF(ISNUMBER({percent}),IF({self._grounds(maximum, component_rows)},{band},"{ungraded}"),"{none}")'
        self._put(row + 1, STATUS, unit.grade_label, "total_center", grade)

    def _groups(self, row: int, group_rows: dict[str, int]) -> int:
        """Groups against their maximum, as a small table and a chart beside it; returns the row after both."""
        sheet = self.sheet
        heads = [self.say(f"column.{key}") for key in ("group", "points", "max", "ratio")]
        sheet.row(row, heads, "head", TITLE)
        sheet.head_height(row, heads, _WIDTHS[TITLE - 1 :])
        for line, (group, source) in enumerate(zip(self.unit.groups, group_rows.values(), strict=True), row + 1):
            points, full = at(NUMERATOR, line), at(DENOMINATOR, line)
            sheet.put(line, TITLE, f"{group.head.id}. {group.head.title}", "text")
            sheet.put(line, NUMERATOR, group.points, "points", at(POINTS, source))
            sheet.put(line, DENOMINATOR, group.head.max, "count")
            sheet.put(line, RATIO, group.share, "percent", f'IF(ISNUMBER({points}),{points}/{full},"")')
        last = row + len(self.unit.groups)
        sheet.table(self._table("groups"), row, heads, last, column=TITLE, filtered=False)
        title = self.say("page.groups_chart")
        most = max((float(group.head.max.value or 0) for group in self.unit.groups), default=1.0)
        chart = bars_against_maximum(title, row, last, TITLE, NUMERATOR, DENOMINATOR, most)
        put_chart(sheet, chart, row, TARGET, title, UNIT_CHART_SIZE)
        return row + UNIT_CHART_ROWS

    def _cells(self, row: int, group_rows: dict[str, int], component_rows: dict[str, int]) -> UnitCells:
        def here(column: int, line: int) -> str:
            return f"{self.sheet.quoted}!{at(column, line)}"

        return UnitCells(
            sheet=self.title,
            total=here(POINTS, row),
            assessed_max=here(MAX, row),
            percent=here(POINTS, row + 1),
            grade=here(STATUS, row + 1),
            groups={group: here(POINTS, line) for group, line in group_rows.items()},
            points={component: here(POINTS, line) for component, line in component_rows.items()},
            statuses={component: here(STATUS, line) for component, line in component_rows.items()},
        )
