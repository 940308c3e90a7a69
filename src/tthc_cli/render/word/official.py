"""What every official paper has: letterhead and motto, boxed tables, paragraphs, recipients and signature, laid out as
Nghị định 30/2020/NĐ-CP (Phụ lục I) asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Pt

from tthc_cli.messages import say
from tthc_cli.render.word.parts import add_line, bottom_line, grid, repeat_heading, set_widths, shade

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from typing import Any

    from tthc_cli.messages import Lang

SMALL = 12
"""Points of text in tables."""
_LEFT, _JUSTIFY, _RIGHT = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.JUSTIFY, WD_ALIGN_PARAGRAPH.RIGHT


def letterhead(doc: Any, lang: Lang, *, superior: str, agency: str, number: str, place: str) -> None:
    """Who issues the paper, the motto, a line for the number, place and date."""
    table = doc.add_table(rows=2, cols=2)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    set_widths(table, (6.2, 10.3))
    left, right = table.rows[0].cells
    if superior:
        add_line(left, superior.upper(), 13)
    bottom_line(add_line(left, agency.upper(), 13, bold=True), Cm(1.8))
    add_line(right, say("render.paper.state", lang), 13, bold=True)
    bottom_line(add_line(right, say("render.paper.motto", lang), 14, bold=True), Cm(2.2))
    left, right = table.rows[1].cells
    add_line(left, number, 13)
    add_line(right, say("render.sign.place_date", lang, place=place or "…………"), 14, italic=True)


def paragraph(doc: Any, text: str, *, bold: bool = False, italic: bool = False) -> Any:
    """A paragraph of the paper's text."""
    made = doc.add_paragraph()
    made.alignment = _JUSTIFY
    made.paragraph_format.first_line_indent = Cm(1.27)
    run = made.add_run(text)
    run.bold, run.italic = bold, italic
    return made


def boxed_table(
    doc: Any,
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: Sequence[float],
    text: Collection[int],
    marked: Collection[int] = (),
    size: int = SMALL,
) -> None:
    """A boxed table whose heading is repeated on every page; columns in `text` are left aligned, rows in `marked` are
    bold on yellow."""
    table = doc.add_table(rows=1, cols=len(heads))
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    grid(table)
    repeat_heading(table.rows[0])
    for cell, head in zip(table.rows[0].cells, heads, strict=True):
        shade(cell, "DCE6F1")
        add_line(cell, head, size, bold=True)
    for number, values in enumerate(rows):
        for index, (cell, value) in enumerate(zip(table.add_row().cells, values, strict=True)):
            align = _LEFT if index in text else _RIGHT
            add_line(cell, value, size, align=align, bold=number in marked)
            if number in marked:
                shade(cell, "FFF6CC")
    set_widths(table, widths)
    add_line(doc, "", 6)


def signature(doc: Any, lang: Lang, title: str, name: str) -> None:
    """Recipients to the left, who signs to the right."""
    table = doc.add_table(rows=1, cols=2)
    left, right = table.rows[0].cells
    add_line(left, say("render.paper.recipients", lang), 12, bold=True, italic=True, align=_LEFT)
    for key in ("recipient_above", "recipient_file"):
        add_line(left, say(f"render.paper.{key}", lang), 11, align=_LEFT)
    add_line(right, (title or say("render.sign.head", lang)).upper(), 14, bold=True)
    signed = add_line(right, name or " ", 14, bold=True)
    signed.paragraph_format.space_before = Pt(60)
    set_widths(table, (8.0, 8.5))
