"""The workbook of one unit: its components and the reasons behind them. Small, and quick to write: thousands are."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tthc_cli.messages import say
from tthc_cli.render import formats
from tthc_cli.render.site.unit_page import UnitPages, grade_text
from tthc_cli.render.site.writing import figure, ratio_of
from tthc_cli.render.view.building import MEAN_TIME

if TYPE_CHECKING:
    from tthc_cli.messages import Lang
    from tthc_cli.render.site.card import Figure, SiteCard, SiteUnit

_WIDTHS = (7, 52, 12, 12, 10, 10, 10, 60)
_COLUMNS = ("component_id", "component", "numerator", "denominator", "ratio", "points", "max", "why")
_REASON_WIDTHS = (7, 52, 60, 14, 12)
_REASON_COLUMNS = ("component_id", "component", "reason", "earned", "count")


def unit_workbooks(pages: UnitPages, begin: int, end: int) -> Iterator[tuple[str, bytes]]:
    """(path, workbook) of the units from `begin` up to `end`."""
    for unit, _, figures in pages.card.details(begin, end):
        yield f"{pages.card.folder}/{unit.anchor}.xlsx", _workbook(pages, unit, figures)


def _workbook(pages: UnitPages, unit: SiteUnit, figures: list[Figure]) -> bytes:
    from xlsxwriter import Workbook

    card, stream = pages.card, io.BytesIO()
    book = Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": datetime.fromisoformat(card.as_of), "title": f"{unit.name}, {card.period}"})
    styles = _styles(book)
    _scores(book.add_worksheet(say("publish.book.scores", card.lang)), styles, pages, unit, figures)
    _reasons(book.add_worksheet(say("publish.book.reasons", card.lang)), styles, card, figures)
    book.close()
    return stream.getvalue()


def _styles(book: Any) -> dict[str, Any]:
    base = {"font_name": "Times New Roman", "font_size": 11, "valign": "top"}
    cell = {**base, "border": 1, "text_wrap": True}
    return {
        "title": book.add_format({**base, "bold": True, "font_size": 14}),
        "line": book.add_format(base),
        "head": book.add_format({**cell, "bold": True, "bg_color": "#1F4E79", "font_color": "#FFFFFF"}),
        "text": book.add_format(cell),
        "count": book.add_format({**cell, "num_format": "#,##0.##"}),
        "whole": book.add_format({**cell, "num_format": "#,##0"}),
        "points": book.add_format({**cell, "num_format": "#,##0.00"}),
        "share": book.add_format({**cell, "num_format": "0.00%"}),
    }


def _paper(sheet: Any, widths: tuple[int, ...], head: int) -> None:
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(head)
    sheet.freeze_panes(head + 1, 2)


def _heads(sheet: Any, styles: dict[str, Any], row: int, columns: tuple[str, ...], lang: Lang) -> None:
    for place, name in enumerate(columns):
        sheet.write_string(row, place, say(f"publish.column.{name}", lang), styles["head"])


def _scores(sheet: Any, styles: dict[str, Any], pages: UnitPages, unit: SiteUnit, figures: list[Figure]) -> None:
    card, lang = pages.card, pages.lang
    total, most = formats.fixed(unit.total, lang), formats.plain(unit.assessed_max, lang)
    lines = (
        unit.name,
        f"{card.period}. {card.title}. {say('publish.unit.as_of', lang, day=card.as_of_text)}",
        f"{total}/{most}. {grade_text(card, unit)}",
    )
    for row, text in enumerate(lines):
        sheet.write_string(row, 0, text, styles["line" if row else "title"])
    head = len(lines) + 1
    _heads(sheet, styles, head, _COLUMNS, lang)
    for row, found in enumerate((f for f in figures if f.id in card.components), head + 1):
        _score(sheet, styles, pages, row, found)
    _paper(sheet, _WIDTHS, head)


def _score(sheet: Any, styles: dict[str, Any], pages: UnitPages, row: int, found: Figure) -> None:
    info = pages.card.components[found.id]
    shown = pages.row(info, found)
    mean = info.id == MEAN_TIME or bool(info.sources)
    ratio = ratio_of(found.numerator, found.denominator)
    sheet.write_string(row, 0, found.id, styles["text"])
    sheet.write_string(row, 1, shown.title, styles["text"])
    cells = (
        (found.numerator, shown.numerator, "whole"), (found.denominator, shown.denominator, "whole"),
        (ratio, shown.ratio, "points" if mean else "share"), (found.points, shown.points, "points"),
        (found.max, shown.max, "count"),
    )  # fmt: skip
    for place, (value, text, style) in enumerate(cells, 2):
        number = None if value is None else figure(value)
        if number is None:
            sheet.write_string(row, place, text, styles["text"])
        else:
            sheet.write_number(
                row, place, number, styles["count" if isinstance(number, float) and style == "whole" else style]
            )
    sheet.write_string(row, 7, shown.why, styles["text"])


def _reasons(sheet: Any, styles: dict[str, Any], card: SiteCard, figures: list[Figure]) -> None:
    lang = card.lang
    _heads(sheet, styles, 0, _REASON_COLUMNS, lang)
    row = 1
    for found in figures:
        info = card.components.get(found.id)
        for reason, earned, count in found.reasons if info else ():
            assert info is not None
            texts = (
                found.id, card.both(info.title_vi, info.title_en), say(f"reasons.{found.id}.{reason}", lang),
                say(f"publish.book.{'yes' if earned else 'no'}", lang),
            )  # fmt: skip
            for place, text in enumerate(texts):
                sheet.write_string(row, place, text, styles["text"])
            sheet.write_number(row, 4, count, styles["whole"])
            row += 1
    _paper(sheet, _REASON_WIDTHS, 0)
