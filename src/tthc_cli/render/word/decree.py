"""A paper laid out as Nghị định 30/2020/NĐ-CP (Phụ lục I) asks: motto, agency, number, place and date, text, tables,
recipients and signature. What it says is written by the papers that stand on it."""

from __future__ import annotations

import io
from datetime import datetime
from typing import TYPE_CHECKING

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Pt

from tthc_cli.messages import say
from tthc_cli.office.package import fixed_times
from tthc_cli.render.word.parts import (
    add_line,
    bottom_line,
    decree_page,
    drop_old_styles,
    grid,
    repeat_heading,
    set_widths,
    shade,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from typing import Any

    from tthc_cli.messages import Lang
    from tthc_cli.render.view.model import Letterhead

_CENTER, _JUSTIFY, _RIGHT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY, WD_ALIGN_PARAGRAPH.RIGHT


class DecreePaper:
    """A paper being written. agency: who issues it where the letterhead does not say."""

    small = 12
    """The size of what stands in tables."""

    def __init__(self, lang: Lang, letterhead: Letterhead, agency: str) -> None:
        self.lang: Lang = lang
        self.letterhead = letterhead
        self.agency = agency
        self.doc: Any = Document()
        decree_page(self.doc)

    def say(self, key: str, **fields: object) -> str:
        return say(f"render.{key}", self.lang, **fields)

    def saved(self, author: str, title: str, as_of: str) -> bytes:
        """The bytes of the document, the same from the same paper."""
        properties = self.doc.core_properties
        properties.author, properties.title, properties.comments = author, title, ""
        properties.created = properties.modified = datetime.fromisoformat(as_of)
        properties.language = self.lang
        drop_old_styles(self.doc)
        stream = io.BytesIO()
        self.doc.save(stream)
        return fixed_times(stream.getvalue(), as_of)

    def line(
        self, place: Any, text: str, size: int, *, bold: bool = False, italic: bool = False, align: Any = _CENTER
    ) -> Any:
        return add_line(place, text, size, bold=bold, italic=italic, align=align)

    def head(self) -> None:
        letterhead = self.letterhead
        table = self.doc.add_table(rows=2, cols=2)
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        table.autofit = False
        set_widths(table, (6.2, 10.3))
        left, right = table.rows[0].cells
        if letterhead.superior:
            self.line(left, letterhead.superior.upper(), 13)
        agency = (letterhead.agency or self.agency).upper()
        bottom_line(self.line(left, agency, 13, bold=True), Cm(1.8))
        self.line(right, self.say("paper.state"), 13, bold=True)
        bottom_line(self.line(right, self.say("paper.motto"), 14, bold=True), Cm(2.2))
        left, right = table.rows[1].cells
        self.line(left, self.say("paper.number"), 13)
        place = letterhead.place or "…………"
        self.line(right, self.say("sign.place_date", place=place), 14, italic=True)

    def text(self, text: str, *, bold: bool = False, italic: bool = False) -> None:
        paragraph = self.doc.add_paragraph()
        paragraph.alignment = _JUSTIFY
        paragraph.paragraph_format.first_line_indent = Cm(1.27)
        run = paragraph.add_run(text)
        run.bold, run.italic = bold, italic

    def part(self, key: str) -> None:
        self.text(self.say(f"paper.{key}"), bold=True)
        self.doc.paragraphs[-1].paragraph_format.keep_with_next = True

    def table(
        self,
        heads: Sequence[str],
        rows: Sequence[Sequence[str]],
        widths: Sequence[float],
        text: set[int],
        marked: Collection[int] = (),
    ) -> None:
        """A boxed table whose heading is repeated on every page; columns in `text` are left aligned, rows in `marked`
        are bold on yellow."""
        table = self.doc.add_table(rows=1, cols=len(heads))
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        table.autofit = False
        grid(table)
        repeat_heading(table.rows[0])
        for cell, head in zip(table.rows[0].cells, heads, strict=True):
            shade(cell, "DCE6F1")
            self.line(cell, head, self.small, bold=True)
        for number, values in enumerate(rows):
            for index, (cell, value) in enumerate(zip(table.add_row().cells, values, strict=True)):
                align = WD_ALIGN_PARAGRAPH.LEFT if index in text else _RIGHT
                self.line(cell, value, self.small, align=align, bold=number in marked)
                if number in marked:
                    shade(cell, "FFF6CC")
        set_widths(table, widths)
        self.line(self.doc, "", 6)

    def signature(self) -> None:
        letterhead = self.letterhead
        table = self.doc.add_table(rows=1, cols=2)
        left, right = table.rows[0].cells
        self.line(left, self.say("paper.recipients"), 12, bold=True, italic=True, align=WD_ALIGN_PARAGRAPH.LEFT)
        for key in ("recipient_above", "recipient_file"):
            self.line(left, self.say(f"paper.{key}"), 11, align=WD_ALIGN_PARAGRAPH.LEFT)
        title = letterhead.signer_title or self.say("sign.head")
        self.line(right, title.upper(), 14, bold=True)
        name = self.line(right, letterhead.signer_name or " ", 14, bold=True)
        name.paragraph_format.space_before = Pt(60)
        set_widths(table, (8.0, 8.5))
