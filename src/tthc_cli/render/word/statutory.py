"""A statutory form as a Word document for the office to sign: A4 across, headings repeated on every page."""

from __future__ import annotations

import io
from datetime import datetime
from typing import TYPE_CHECKING, Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt

from tthc_cli.messages import say
from tthc_cli.office.package import fixed_times
from tthc_cli.render.form import head_lines
from tthc_cli.render.formats import plain
from tthc_cli.render.text import clean
from tthc_cli.render.view.heading_tree import depth_of, head_cells
from tthc_cli.render.word.parts import drop_old_styles, grid, repeat_heading, set_widths, shade

if TYPE_CHECKING:
    from tthc_cli.messages import Lang
    from tthc_cli.results.form import Form

_FONT, _SIZE, _TITLE = "Times New Roman", 9, 13
_ACROSS, _ORDINAL, _FIGURE = 26.7, 1.0, 1.75
_FILLS = {"total": "C5D5E8", "group": "EDF2F8"}
_CENTER, _RIGHT, _LEFT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.LEFT


def form_document(form: Form, lang: Lang) -> bytes:
    """The bytes of the document."""
    doc: Any = Document()
    section = doc.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(15)
    doc.styles["Normal"].font.name = _FONT
    code, *others = head_lines(form, lang)
    _line(doc.add_paragraph(), code, 11)
    _line(doc.add_paragraph(), form.title(lang).upper(), _TITLE, bold=True, align=_CENTER)
    for line in others:
        _line(doc.add_paragraph(), line, 11)
    add_form_table(doc, form, lang)
    for line in [say("forms.counted_in", lang), *form.note_lines(lang)]:
        _line(doc.add_paragraph(), line, 10)
    _line(doc.add_paragraph(), say("forms.sign", lang), 11, bold=True, align=_RIGHT)
    properties = doc.core_properties
    properties.author, properties.title, properties.comments = "tthc", form.title(lang), ""
    properties.created = properties.modified = datetime.fromisoformat(form.as_of)
    properties.language = lang
    drop_old_styles(doc)
    stream = io.BytesIO()
    doc.save(stream)
    return fixed_times(stream.getvalue(), form.as_of)


def _line(paragraph: Any, text: str, size: int, *, bold: bool = False, align: Any = _LEFT) -> None:
    paragraph.alignment = align
    paragraph.paragraph_format.space_after = Pt(2)
    run = paragraph.add_run(clean(text))
    run.font.size, run.bold = Pt(size), bold


def add_form_table(doc: Any, form: Form, lang: Lang) -> None:
    """The table of the form, for a page that lies across."""
    heads = [c.heads(lang) for c in form.columns]
    depth = depth_of(heads)
    table = doc.add_table(rows=depth + 1 + len(form.rows), cols=len(form.columns))
    table.autofit = False
    grid(table)
    figure = min(_FIGURE, (_ACROSS - _ORDINAL - 5) / max(len(form.figures), 1))
    widths = {"ordinal": _ORDINAL, "figure": figure, "label": _ACROSS - _ORDINAL - figure * len(form.figures)}
    set_widths(table, [widths[c.kind] for c in form.columns])
    rows = [row.cells for row in table.rows]
    for at, column in enumerate(form.columns):
        _line(rows[depth][at].paragraphs[0], f"({column.number})", _SIZE, align=_CENTER)
    for number, row in enumerate(form.rows, depth + 1):
        figures, bold = iter(row.figures), row.depth != "line"
        for cell, column in zip(rows[number], form.columns, strict=True):
            if column.kind == "figure":
                value = next(figures)
                _line(cell.paragraphs[0], "" if value is None else plain(value, lang), _SIZE, bold=bold, align=_RIGHT)
            elif column.kind == "label":
                _line(cell.paragraphs[0], form.label(row, lang), _SIZE, bold=bold)
            else:
                _line(cell.paragraphs[0], row.ordinal, _SIZE, bold=bold, align=_CENTER)
            if row.depth in _FILLS:
                shade(cell, _FILLS[row.depth])
    for head in head_cells(heads):
        cell = rows[head.row][head.column]
        if head.rows > 1 or head.columns > 1:
            cell = cell.merge(rows[head.row + head.rows - 1][head.column + head.columns - 1])
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        _line(cell.paragraphs[0], head.text, _SIZE, bold=True, align=_CENTER)
    for row in table.rows[: depth + 1]:
        repeat_heading(row)
