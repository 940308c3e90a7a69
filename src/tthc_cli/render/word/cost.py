"""The compliance cost as a Word document for the office to sign: A4 across, headings repeated on every page."""

from __future__ import annotations

import io
from datetime import datetime
from typing import TYPE_CHECKING, Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm

from tthc_cli.messages import say
from tthc_cli.office.package import fixed_times
from tthc_cli.render.text import clean
from tthc_cli.render.view.cost import WORDS, CostTable, cost_tables, foot_lines, head_lines, title_of
from tthc_cli.render.word.parts import FONT, add_line, drop_old_styles, grid, repeat_heading, set_widths, shade

if TYPE_CHECKING:
    from tthc_cli.messages import Lang
    from tthc_cli.results.control.cost import CostPaper

_ACROSS = 26.7
_WIDTHS = {"number": 1.2, "ordinal": 1.2, "ground": 3.4, "hours": 1.4, "times": 1.3, "percent": 2.2, "income": 2.0}
_WIDTHS |= {"before": 3.8, "after": 3.8, "saving": 3.8, "yearly": 3.1, "subjects": 1.9, "services": 2.1}
_FIGURE = 2.3
_FILLS = {"total": "C5D5E8", "group": "EDF2F8"}
_CENTER, _RIGHT, _LEFT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.LEFT


def cost_document(paper: CostPaper, lang: Lang) -> bytes:
    """The bytes of the document: the summary first, then the tables of each procedure."""
    doc: Any = Document()
    section = doc.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(15)
    doc.styles["Normal"].font.name = FONT
    add_line(doc, clean(title_of(paper, lang)).upper(), 13, bold=True)
    for line in head_lines(paper, lang):
        add_line(doc, clean(line), 11, align=_LEFT)
    *tasks, summary = cost_tables(paper, lang)
    for table in [summary, *tasks]:
        add_line(doc, "", 6)
        heading = add_line(doc, clean(table.title), 11, bold=True, align=_LEFT)
        heading.paragraph_format.keep_with_next = True
        _table(doc, table)
    for line in foot_lines(paper, lang):
        add_line(doc, clean(line), 10, italic=True, align=_LEFT)
    add_line(doc, say("forms.sign", lang), 11, bold=True, align=_RIGHT)
    properties = doc.core_properties
    properties.author, properties.title, properties.comments = "tthc", title_of(paper, lang), ""
    properties.created = properties.modified = datetime.fromisoformat(paper.as_of)
    properties.language = lang
    drop_old_styles(doc)
    stream = io.BytesIO()
    doc.save(stream)
    return fixed_times(stream.getvalue(), paper.as_of)


def _table(doc: Any, one: CostTable) -> None:
    table = doc.add_table(rows=1 + len(one.rows), cols=len(one.columns))
    table.autofit = False
    grid(table)
    narrow = {name: _WIDTHS.get(name, _FIGURE) for name in one.columns if name not in ("task", "procedure")}
    wide = _ACROSS - sum(narrow.values())
    set_widths(table, [narrow.get(name, wide) for name in one.columns])
    rows = [row.cells for row in table.rows]
    for cell, head in zip(rows[0], one.heads, strict=True):
        add_line(cell, clean(head), 9, bold=True, align=_CENTER)
    repeat_heading(table.rows[0])
    for cells, (depth, texts) in zip(rows[1:], one.rows, strict=True):
        for cell, name, text in zip(cells, one.columns, texts, strict=True):
            add_line(cell, clean(text), 9, bold=depth != "line", align=_LEFT if name in WORDS else _RIGHT)
            if depth in _FILLS:
                shade(cell, _FILLS[depth])
