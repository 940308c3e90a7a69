"""The workbook of a scorecard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tthc_cli.messages import say
from tthc_cli.render.excel_book import Book
from tthc_cli.render.excel_charts import write_charts
from tthc_cli.render.excel_lists import write_form, write_lost, write_method, write_missing
from tthc_cli.render.excel_summary import write_matrix, write_ranking
from tthc_cli.render.excel_units import UnitSheet

if TYPE_CHECKING:
    from tthc_cli.render.view import CardView


def workbook_bytes(card: CardView) -> bytes:
    """Write the whole workbook: ranking, matrix, charts, form II.06, lost dossiers, what was not assessed, method, and
    one sheet a selected unit. Form and dossiers are left out when there are none."""
    book = Book(card)
    wanted = ["ranking", "matrix", "charts", *(["form"] if card.form else []), *(["lost"] if card.lost else [])]
    wanted += ["missing", "method"]
    sheets = {key: book.sheet(book.title(say(f"render.sheet.{key}", book.lang))) for key in wanted}
    cells = {unit.id: UnitSheet(book, unit, book.title(unit.id)).write() for unit in card.selected}
    write_ranking(book, sheets["ranking"], cells)
    write_matrix(book, sheets["matrix"], cells)
    write_charts(book, sheets["charts"], sheets["ranking"])
    if card.form:
        write_form(book, sheets["form"])
    if card.lost:
        write_lost(book, sheets["lost"])
    write_missing(book, sheets["missing"])
    write_method(book, sheets["method"])
    return book.to_bytes()
