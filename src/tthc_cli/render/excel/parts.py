"""What several sheets have in common: heading, grade colours, signature block."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tthc_cli.messages import say
from tthc_cli.office.sheet import equal_rule
from tthc_cli.office.styles import GRADE_FILLS

if TYPE_CHECKING:
    from tthc_cli.render.excel.book import Book
    from tthc_cli.render.excel.sheet import Sheet

TABLE_ROW = 9
"""Row of the headings, below the facts."""


def heads_of(book: Book, *keys: str) -> list[str]:
    return [say(f"render.column.{key}", book.lang) for key in keys]


def grade_colours(book: Book, sheet: Sheet, cells: str) -> None:
    """Colour cells that hold a grade's label."""
    for grade in book.card.grades:
        sheet.xml.rules.append(equal_rule(cells, grade.label, min(grade.tone, len(GRADE_FILLS) - 1)))


def heading(book: Book, sheet: Sheet, title: str) -> None:
    """Title, agency, and the facts every sheet must say: period, rulebook, as-of, sources."""
    card, lang = book.card, book.lang
    facts = dict(card.facts)
    titles(book, sheet, title)
    for row, key in ((4, "rulebook"), (5, "window"), (6, "as_of"), (7, "sources")):
        label = say(f"render.head.{key}", lang)
        sheet.put(row, 1, f"{label}: {facts[label]}", "fact")


def titles(book: Book, sheet: Sheet, title: str) -> None:
    """What the sheet is about, in its first cell, where it is looked for; then the card's title and the agency."""
    card = book.card
    sheet.put(1, 1, f"{title} – {card.period}", "title")
    sheet.put(2, 1, card.title, "subtitle")
    sheet.put(3, 1, card.letterhead.agency or card.province, "agency")


def signature(book: Book, sheet: Sheet, row: int, left: int, right: int) -> int:
    """Leave place for two names: who drew it up, who signs for the agency. Returns the last row used."""
    letterhead, lang = book.card.letterhead, book.lang
    place = letterhead.place or "…………"
    sheet.put(row, right, say("render.sign.place_date", lang, place=place), "sign_italic_line")
    sheet.put(row + 1, left, say("render.sign.preparer", lang).upper(), "sign_line")
    title = letterhead.signer_title or say("render.sign.head", lang)
    sheet.put(row + 1, right, title.upper(), "sign_line")
    hint = say("render.sign.hint", lang)
    sheet.put(row + 2, left, hint, "sign_italic_line")
    sheet.put(row + 2, right, hint, "sign_italic_line")
    sheet.put(row + 6, right, letterhead.signer_name, "sign_line")
    return row + 6
