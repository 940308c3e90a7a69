"""A paper laid out as Nghị định 30/2020/NĐ-CP (Phụ lục I) asks: motto, agency, number, place and date, text, tables,
recipients and signature. What it says is written by the papers that stand on it."""

from __future__ import annotations

import io
from datetime import datetime
from typing import TYPE_CHECKING

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH

from tthc_cli.messages import say
from tthc_cli.office.package import fixed_times
from tthc_cli.render.word.official import SMALL, boxed_table, letterhead, paragraph, signature
from tthc_cli.render.word.parts import add_line, decree_page, drop_old_styles

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from typing import Any

    from tthc_cli.messages import Lang
    from tthc_cli.render.view.model import Letterhead

_CENTER = WD_ALIGN_PARAGRAPH.CENTER


class DecreePaper:
    """A paper being written. agency: who issues it where the letterhead does not say."""

    small = SMALL
    """The size of what stands in tables."""

    def __init__(self, lang: Lang, head: Letterhead, agency: str) -> None:
        self.lang: Lang = lang
        self.letterhead = head
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
        own = self.letterhead
        letterhead(
            self.doc, self.lang, superior=own.superior, agency=own.agency or self.agency,
            number=self.say("paper.number"), place=own.place,
        )  # fmt: skip

    def text(self, text: str, *, bold: bool = False, italic: bool = False) -> None:
        paragraph(self.doc, text, bold=bold, italic=italic)

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
        boxed_table(self.doc, heads, rows, widths, text, marked, self.small)

    def signature(self) -> None:
        signature(self.doc, self.lang, self.letterhead.signer_title, self.letterhead.signer_name)
