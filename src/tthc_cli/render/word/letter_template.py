"""The letter's own template: a Word file laid out as Nghị định 30/2020/NĐ-CP asks, with named fields in braces."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Pt

from tthc_cli.messages import say
from tthc_cli.render.word.parts import add_line, bottom_line, decree_page, drop_old_styles, set_widths

if TYPE_CHECKING:
    from collections.abc import Sequence

_FIELD = re.compile(r"(\{\{\w+\}\})")
_JUSTIFY, _LEFT = WD_ALIGN_PARAGRAPH.JUSTIFY, WD_ALIGN_PARAGRAPH.LEFT


def letter_template(title: Sequence[str], body: Sequence[str]) -> bytes:
    """A template in Vietnamese, as letters are. Text in {{braces}} names a field."""
    doc: Any = Document()
    decree_page(doc)
    _head(doc)
    for number, part in enumerate(title):
        heading = add_line(doc, part, 14, bold=True)
        heading.paragraph_format.space_before = Pt(0 if number else 16)
    greeting = add_line(doc, "", 14)
    greeting.paragraph_format.space_before = greeting.paragraph_format.space_after = Pt(10)
    _runs(greeting, _say("greeting"))
    for text in body:
        paragraph = doc.add_paragraph()
        paragraph.alignment = _JUSTIFY
        paragraph.paragraph_format.first_line_indent = Cm(1.27)
        _runs(paragraph, text)
    _signature(doc)
    drop_old_styles(doc)
    stream = io.BytesIO()
    doc.save(stream)
    return stream.getvalue()


def _say(key: str) -> str:
    return say(f"letters.paper.{key}", "vi").replace("[[", "{{").replace("]]", "}}")


def _runs(paragraph: Any, text: str) -> None:
    """Each field in a run of its own, so that it can be marked."""
    for part in _FIELD.split(text):
        if part:
            paragraph.add_run(part)


def _head(doc: Any) -> None:
    table = doc.add_table(rows=2, cols=2)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    set_widths(table, (6.2, 10.3))
    left, right = table.rows[0].cells
    add_line(left, "{{co_quan_cap_tren}}", 13)
    bottom_line(add_line(left, "{{co_quan_ban_hanh}}", 13, bold=True), Cm(1.8))
    add_line(right, say("render.paper.state", "vi"), 13, bold=True)
    bottom_line(add_line(right, say("render.paper.motto", "vi"), 14, bold=True), Cm(2.2))
    left, right = table.rows[1].cells
    add_line(left, _say("number"), 13)
    add_line(right, _say("place_date"), 14, italic=True)


def _signature(doc: Any) -> None:
    table = doc.add_table(rows=1, cols=2)
    left, right = table.rows[0].cells
    add_line(left, say("render.paper.recipients", "vi"), 12, bold=True, italic=True, align=_LEFT)
    for key in ("recipient", "recipient_one_stop", "recipient_file"):
        add_line(left, _say(key), 11, align=_LEFT)
    form = add_line(left, "{{mau}}", 10, italic=True, align=_LEFT)
    form.paragraph_format.space_before = Pt(12)
    add_line(right, "{{chuc_vu}}", 14, bold=True)
    name = add_line(right, "{{nguoi_ky}}", 14, bold=True)
    name.paragraph_format.space_before = Pt(60)
    add_line(doc, "", 2)
