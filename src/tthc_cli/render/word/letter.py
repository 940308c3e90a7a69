"""Letters from a template: a Word file whose fields in double braces are filled in, one file a letter or all in one.

What is proposed is marked in yellow for the office to check, where the template has the field in a run of its own.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

from docx import Document
from docx.enum.text import WD_COLOR_INDEX
from docx.opc.exceptions import OpcError

from tthc_cli import __version__
from tthc_cli.errors import InputError, nearest
from tthc_cli.office.package import fixed_times
from tthc_cli.render.word.fields import fields_of, fill, paragraphs
from tthc_cli.render.word.parts import end_section, number_pages_anew
from tthc_cli.results.letter import FIELDS

if TYPE_CHECKING:
    from docx.text.run import Run

    from tthc_cli.results.letter import Letter


class LetterTemplate:
    """A template; `called`: how it is named in messages. Raises InputError when it is no Word file, or names a field
    that there is not."""

    def __init__(self, data: bytes, called: str) -> None:
        self._data = data
        try:
            doc = self._open()
        except (OpcError, BadZipFile, ValueError, KeyError, OSError, SyntaxError) as error:
            raise InputError("letter_template", path=called, detail=type(error).__name__) from None
        for paragraph in paragraphs(doc):
            for name in fields_of(paragraph):
                if name not in FIELDS:
                    near = nearest(name, list(FIELDS)) or "–"
                    raise InputError("letter_field", path=called, name=name, near=near, known=", ".join(FIELDS))

    def _open(self) -> Any:
        return Document(io.BytesIO(self._data))

    def one(self, letter: Letter, title: str, at: datetime) -> bytes:
        """The letter as a Word file."""
        return self.all([letter], title, at)

    def all(self, letters: Sequence[Letter], title: str, at: datetime) -> bytes:
        """Letters in one Word file, each on a page of its own."""
        doc = self._filled(letters[0])
        last = doc.element.body[-1]
        number_pages_anew(last)
        for letter in letters[1:]:
            end_section(last)
            for part in self._filled(letter).element.body[:-1]:
                last.addprevious(part)
        properties = doc.core_properties
        properties.author, properties.title, properties.comments = f"tthc {__version__}", title, ""
        properties.created = properties.modified = at
        stream = io.BytesIO()
        doc.save(stream)
        return fixed_times(stream.getvalue(), at.isoformat())

    def _filled(self, letter: Letter) -> Any:
        doc = self._open()
        for paragraph in paragraphs(doc):
            fill(
                paragraph, letter.values.__getitem__, lambda name, run: _mark(run) if name in letter.proposed else None
            )
        return doc


def _mark(run: Run) -> None:
    run.font.highlight_color = WD_COLOR_INDEX.YELLOW
