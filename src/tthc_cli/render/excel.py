"""The workbook of a scorecard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tthc_cli.messages import say
from tthc_cli.render.excel_book import Book
from tthc_cli.render.excel_charts import write_charts
from tthc_cli.render.excel_lists import write_form, write_lost, write_method, write_missing, write_steps, write_times
from tthc_cli.render.excel_summary import write_matrix, write_ranking
from tthc_cli.render.excel_units import UnitSheet

if TYPE_CHECKING:
    from tthc_cli.render.view import CardView, UnitView


def unit_workbook_bytes(card: CardView, unit: UnitView) -> bytes:
    """Write one unit's own workbook, for sending out: its sheet, its lost dossiers, and the method."""
    book = Book(card)
    titles = [unit.label, *(["lost"] if any(d.unit_id == unit.id for d in card.lost) else []), "method"]
    sheet = UnitSheet(book, unit, book.title(titles[0]))
    sheet.write()
    rest = {key: book.sheet(book.title(say(f"render.sheet.{key}", book.lang))) for key in titles[1:]}
    if "lost" in rest:
        write_lost(book, rest["lost"], [d for d in card.lost if d.unit_id == unit.id])
    write_method(book, rest["method"], notes=())
    return book.to_bytes()


def workbook_bytes(card: CardView) -> bytes:
    """Write the whole workbook: ranking, matrix, charts, form II.06, lost dossiers, handling times, late steps, what
    was not assessed, method, and one sheet a selected unit. Lists without a line are left out."""
    book = Book(card)
    lists = {"form": card.form, "lost": card.lost, "times": card.times, "steps": card.steps}
    wanted = ["ranking", "matrix", "charts", *(key for key, lines in lists.items() if lines), "missing", "method"]
    sheets = {key: book.sheet(book.title(say(f"render.sheet.{key}", book.lang))) for key in wanted}
    cells = {unit.id: UnitSheet(book, unit, book.title(unit.label)).write() for unit in card.selected}
    write_ranking(book, sheets["ranking"], cells)
    write_matrix(book, sheets["matrix"], cells)
    write_charts(book, sheets["charts"], sheets["ranking"])
    if card.form:
        write_form(book, sheets["form"])
    if card.lost:
        write_lost(book, sheets["lost"], card.lost)
    if card.times:
        write_times(book, sheets["times"])
    if card.steps:
        write_steps(book, sheets["steps"])
    write_missing(book, sheets["missing"])
    write_method(book, sheets["method"], card.notes)
    return book.to_bytes()
