"""Form II.06 by field as an annex of the report, on pages of its own across the paper: of the levels, or of the units
that the report is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH

from tthc_cli.render.formats import plain
from tthc_cli.render.view.form import FORM_PARTS
from tthc_cli.render.word.parts import grid, repeat_heading, set_widths, shade

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from tthc_cli.messages import Lang
    from tthc_cli.render.view.model import CardView

    Row = tuple[str, Sequence[int], str]
    """Label, counts, and the colour of a row that is a sum ("" for none)."""

_SIZE = 10
_WIDTHS = (6.2, *(1.65 for _ in FORM_PARTS))
_GROUPS = (("received", 4), ("done", 4), ("open", 3))
_HEAD, _TOTAL, _SECTION, _NONE = "DCE6F1", "C5D5E8", "EDF2F8", ""


class Paper(Protocol):
    """The report being written, as far as an annex needs it."""

    card: CardView
    lang: Lang
    doc: Any

    def say(self, key: str, **fields: object) -> str: ...
    def line(
        self, place: Any, text: str, size: int, *, bold: bool = False, italic: bool = False, align: Any = ...
    ) -> Any: ...


def turn(doc: Any, *, across: bool) -> None:
    """Begin a page, with the paper lying or standing."""
    section = doc.add_section(WD_SECTION.NEW_PAGE)
    section.different_first_page_header_footer = False
    lies = section.orientation == WD_ORIENT.LANDSCAPE
    if lies != across:
        section.page_width, section.page_height = section.page_height, section.page_width
    section.orientation = WD_ORIENT.LANDSCAPE if across else WD_ORIENT.PORTRAIT


def write_form(paper: Paper, size: int) -> None:
    """Write the annex; the page after it stands again."""
    card = paper.card
    turn(paper.doc, across=True)
    paper.line(paper.doc, paper.say("paper.form_appendix"), 14, bold=True)
    note = paper.say("form.unit_field_note" if card.focused else "form.field_note")
    paper.line(paper.doc, f"{paper.say('form.number')}. {paper.say('form.unit')}. {note}", size, italic=True)
    total = paper.say("form.total")
    if card.focused:
        for unit in card.selected_fields:
            paper.line(paper.doc, unit.name, size + 1, bold=True)
            _table(paper, [(total, unit.counts, _TOTAL), *((one.field, one.counts, _NONE) for one in unit.lines)])
    else:
        rows: list[Row] = [(total, card.form_total, _TOTAL)]
        for section in card.form_sections:
            rows.append((f"{section.letter}. {section.label}", section.counts, _SECTION))
            rows += [(one.field, one.counts, _NONE) for one in section.lines]
        _table(paper, rows)
    turn(paper.doc, across=False)


def _table(paper: Paper, rows: Sequence[Row]) -> None:
    table = paper.doc.add_table(rows=2, cols=len(_WIDTHS))
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    grid(table)
    for label, counts, colour in rows:
        texts = [label, *(plain(count, paper.lang) for count in counts)]
        for place, (cell, text) in enumerate(zip(table.add_row().cells, texts, strict=True)):
            align = WD_ALIGN_PARAGRAPH.RIGHT if place else WD_ALIGN_PARAGRAPH.LEFT
            paper.line(cell, text, _SIZE, align=align, bold=bool(colour))
            if colour:
                shade(cell, colour)
    set_widths(table, _WIDTHS)
    _head(paper, table)
    paper.line(paper.doc, "", 6)


def _head(paper: Paper, table: Any) -> None:
    """Two rows of headings, repeated on every page."""
    above, below = (list(table.rows[row].cells) for row in (0, 1))
    for cells in (above, below):
        for cell in cells:
            shade(cell, _HEAD)
    for row in (0, 1):
        repeat_heading(table.rows[row])
    for cell, part in zip(below[1:], FORM_PARTS, strict=True):
        paper.line(cell, paper.say(f"form.{part}_column"), _SIZE, bold=True)
    paper.line(above[0].merge(below[0]), paper.say("form.field"), _SIZE, bold=True)
    first = 1
    for key, width in _GROUPS:
        paper.line(above[first].merge(above[first + width - 1]), paper.say(f"form.{key}"), _SIZE, bold=True)
        first += width
