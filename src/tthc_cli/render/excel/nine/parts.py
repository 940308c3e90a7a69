"""What the sheets of the nine criteria share: headings of forms, shares of answers, the formula of a grade."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tthc_cli.messages import say
from tthc_cli.render.excel.sheet import at, formula_number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tthc_cli.render.excel.book import Book
    from tthc_cli.render.excel.sheet import Sheet
    from tthc_cli.render.view.nine.model import Satisfaction

ANSWERS = ("dissatisfied", "satisfied", "very_satisfied")


def words(book: Book, key: str, **fields: object) -> str:
    return say(f"nine.{key}", book.lang, **fields)


def heads(book: Book, *keys: str) -> list[str]:
    return [words(book, f"column.{key}") for key in keys]


def form_head(book: Book, sheet: Sheet, row: int, form: str, lines: Sequence[str], last: int) -> int:
    """Agency, number and title of a form and the lines below them; returns the row after."""
    card = book.card
    sheet.put(row, 1, (card.letterhead.agency or card.province).upper(), "agency")
    sheet.put(row, last - 1, words(book, f"{form}.number"), "italic")
    sheet.put(row + 1, 1, words(book, f"{form}.title").upper(), "title_middle")
    sheet.merge(row + 1, 1, row + 1, last)
    sheet.row_height(row + 1, 24)
    for offset, text in enumerate(lines, 2):
        sheet.put(row + offset, 1, text, "fact")
    return row + 2 + len(lines)


def period_line(book: Book) -> str:
    days = dict(book.card.facts)[say("render.head.window", book.lang)]
    return words(book, "head.period", period=book.card.period, days=days)


def band(cell: str) -> str:
    """The grade of a total, looked up on the sheet of the method."""
    return f"INDEX(tthc_grade_label,SUMPRODUCT(--(tthc_grade_lower>{cell}))+1)"


def graded(book: Book, total: str, reached: str, otherwise: str) -> str:
    """The formula of a grade: that of the total, where enough was assessed (`reached`, in points)."""
    least = formula_number(book.card.graded_from.value or 0)
    return f'IF(ISNUMBER({total}),IF({reached}>={least},{band(total)},"{otherwise}"),"{otherwise}")'


def put_shares(
    sheet: Sheet, row: int, first: int, told: Satisfaction | None, counts_row: int, style: str = "mark"
) -> None:
    """Shares of 100 over the counts in another row of the same columns."""
    whole = f"{at(first, counts_row)}:{at(first + 2, counts_row)}"
    for place in range(3):
        share = None if told is None else told.shares[place]
        formula = f'IF(SUM({whole})=0,"–",ROUND({at(first + place, counts_row)}*100/SUM({whole}),1))'
        known = share is not None and share.value is not None
        sheet.put(row, first + place, share if known else "–", style, formula)
