"""The workbook of a scorecard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tthc_cli.messages import say
from tthc_cli.render.excel_book import Book
from tthc_cli.render.excel_summary import write_matrix, write_method, write_missing, write_ranking
from tthc_cli.render.excel_units import UnitSheet

if TYPE_CHECKING:
    from tthc_cli.messages import Lang
    from tthc_cli.render.view import CardView


def workbook_bytes(card: CardView) -> bytes:
    """Write the whole workbook: ranking, matrix, what was not assessed, method, and one sheet a selected unit."""
    lang: Lang = "vi" if card.lang == "vi" else "en"
    book = Book(card)
    titles = {key: book.title(say(f"render.sheet.{key}", lang)) for key in ("ranking", "matrix", "missing", "method")}
    sheets = {key: book.sheet(title) for key, title in titles.items()}
    cells = {unit.id: UnitSheet(book, unit, book.title(unit.id)).write() for unit in card.selected}
    write_ranking(book, sheets["ranking"], cells)
    write_matrix(book, sheets["matrix"], cells)
    write_missing(book, sheets["missing"])
    write_method(book, sheets["method"])
    return book.to_bytes()
