"""The workbook of a scorecard, and those of single units."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from tthc_cli.messages import say
from tthc_cli.render.excel.book import Book
from tthc_cli.render.excel.charts import write_charts
from tthc_cli.render.excel.cover import write_cover
from tthc_cli.render.excel.forms import (
    write_form,
    write_form_by_field,
    write_form_by_unit_and_field,
    write_unit_form,
)
from tthc_cli.render.excel.lists import (
    write_lost,
    write_method,
    write_missing,
    write_steps,
    write_times,
)
from tthc_cli.render.excel.lost_summary import write_lost_summary
from tthc_cli.render.excel.nine.forms import Forms
from tthc_cli.render.excel.summary import write_matrix, write_ranking
from tthc_cli.render.excel.units import UnitSheet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tthc_cli.render.excel.sheet import Sheet
    from tthc_cli.render.view.form import UnitFields
    from tthc_cli.render.view.lines import LostLine
    from tthc_cli.render.view.model import CardView, UnitView


def unit_workbooks(card: CardView) -> Iterator[tuple[UnitView, bytes]]:
    """Write one workbook a selected unit, for sending out, one after the other."""
    lost: dict[str, list[LostLine]] = defaultdict(list)
    for line in card.lost:
        lost[line.unit_id].append(line)
    fields = {of_unit.unit_id: of_unit for of_unit in card.unit_fields}
    for unit in card.selected:
        yield unit, _unit_workbook(card, unit, lost[unit.id], fields.get(unit.id))


def _unit_workbook(card: CardView, unit: UnitView, lost: Sequence[LostLine], fields: UnitFields | None) -> bytes:
    """A unit's sheet, its form II.06, its lost dossiers, and the method."""
    book = Book(card)
    sheet = UnitSheet(book, unit, _unit_title(book, unit, alone=True))
    forms = Forms(book, unit.id)
    forms.begin()
    wanted = [*(["form"] if fields else []), *(["lost_summary", "lost"] if lost else []), "method"]
    rest = {key: _sheet(book, key) for key in wanted}
    forms.write({unit.id: sheet.write(method=rest["method"].title)})
    if fields:
        write_unit_form(book, rest["form"], fields)
    if lost:
        write_lost_summary(book, rest["lost_summary"], lost)
        write_lost(book, rest["lost"], lost)
    write_method(book, rest["method"])
    return book.to_bytes()


def workbook_bytes(card: CardView) -> bytes:
    """Write the whole workbook: contents, ranking, forms of the nine criteria, matrix, charts, form II.06, lost
    dossiers, handling times, late steps, what was not assessed, method, and one sheet a selected unit. Lists without a
    line are left out."""
    book = Book(card)
    lists: dict[str, tuple[Sequence[object], Callable[[Book, Sheet], None]]] = {
        "form": (card.form, write_form),
        "form_fields": (card.form_sections, write_form_by_field),
        "form_units": (card.unit_fields, write_form_by_unit_and_field),
        "lost_summary": (card.lost, lambda book, sheet: write_lost_summary(book, sheet, card.lost)),
        "lost": (card.lost, lambda book, sheet: write_lost(book, sheet, card.lost)),
        "times": (card.times, write_times),
        "steps": (card.steps, write_steps),
    }
    filled = {key: write for key, (lines, write) in lists.items() if lines}
    forms = Forms(book)
    cover = book.sheet(book.title(say("workbook.sheet.contents", book.lang)))
    sheets = {"ranking": _sheet(book, "ranking")}
    forms.begin()
    sheets |= {key: _sheet(book, key) for key in ("matrix", "charts", *filled, "missing", "method")}
    twice = Counter(unit.name.casefold() for unit in card.selected)
    titles = {unit.id: _unit_title(book, unit, alone=twice[unit.name.casefold()] == 1) for unit in card.selected}
    ways = {"contents": cover.title, "method": sheets["method"].title}
    cells = {unit.id: UnitSheet(book, unit, titles[unit.id]).write(**ways) for unit in card.selected}
    write_ranking(book, sheets["ranking"], cells)
    write_matrix(book, sheets["matrix"], cells)
    write_charts(book, sheets["charts"], sheets["ranking"])
    forms.write(cells)
    for key, write in filled.items():
        write(book, sheets[key])
    write_missing(book, sheets["missing"])
    write_method(book, sheets["method"])
    write_cover(book, cover)
    return book.to_bytes()


def _sheet(book: Book, key: str) -> Sheet:
    area = "workbook" if key == "lost_summary" else "render"
    return book.sheet(book.title(say(f"{area}.sheet.{key}", book.lang)), say(f"workbook.about.{key}", book.lang))


def _unit_title(book: Book, unit: UnitView, *, alone: bool) -> str:
    """A tab is named like the unit, with its code where others are called the same; `alone`: none is."""
    if unit.label != unit.id:
        return book.title(unit.label)
    return book.title(unit.name or unit.id, "" if alone else f" ({unit.id})")
