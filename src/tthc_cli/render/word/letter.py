"""Letters from a template: a Word file whose fields in double braces are filled in, one file a letter or all in one.

What is proposed is marked in yellow for the office to check, where the template has the field in a run of its own.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

from docx import Document
from docx.enum.text import WD_COLOR_INDEX
from docx.opc.exceptions import OpcError

from tthc_cli import __version__
from tthc_cli.errors import InputError, nearest
from tthc_cli.office.package import fixed_times
from tthc_cli.render.word.parts import end_section, number_pages_anew
from tthc_cli.results.letter import FIELDS

if TYPE_CHECKING:
    from tthc_cli.results.letter import Letter

_FIELD = re.compile(r"\{\{\s*(\w+)\s*\}\}")


class LetterTemplate:
    """A template; `called`: how it is named in messages. Raises InputError when it is no Word file, or names a field
    that there is not."""

    def __init__(self, data: bytes, called: str) -> None:
        self._data = data
        try:
            doc = self._open()
        except (OpcError, BadZipFile, ValueError, KeyError, OSError, SyntaxError) as error:
            raise InputError("letter_template", path=called, detail=type(error).__name__) from None
        for paragraph in _paragraphs(doc):
            for name in _FIELD.findall(_text(paragraph)):
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
        for paragraph in _paragraphs(doc):
            if "{{" in _text(paragraph):
                _fill(paragraph, letter)
        return doc


def _text(paragraph: Any) -> str:
    return "".join(run.text for run in paragraph.runs)


def _paragraphs(doc: Any) -> Iterator[Any]:
    """Every paragraph: of the body, of tables within tables, of headers and footers."""
    yield from _within(doc)
    for section in doc.sections:
        for part in (section.header, section.first_page_header, section.footer, section.first_page_footer):
            if not part.is_linked_to_previous:
                yield from _within(part)


def _within(place: Any) -> Iterator[Any]:
    yield from place.paragraphs
    for table in place.tables:
        cells: Iterable[Any] = (cell for row in table.rows for cell in row.cells)
        for cell in cells:
            yield from _within(cell)


def _fill(paragraph: Any, letter: Letter) -> None:
    """Fill in the fields; one that an editor has split over several runs stands in the first of them."""
    runs = list(paragraph.runs)
    starts, total = [], 0
    for run in runs:
        starts.append(total)
        total += len(run.text)
    for found in reversed(list(_FIELD.finditer(_text(paragraph)))):
        first = max(i for i, start in enumerate(starts) if start <= found.start())
        for i in range(len(runs) - 1, first - 1, -1):
            run, start = runs[i], starts[i]
            text = run.text
            since, until = max(found.start() - start, 0), min(found.end() - start, len(text))
            if since < until:
                own = _printable(letter.values[found[1]]) if i == first else ""
                run.text = text[:since] + own + text[until:]
                if i == first and found[1] in letter.proposed and len(text) == until - since:
                    run.font.highlight_color = WD_COLOR_INDEX.YELLOW


def _printable(text: str) -> str:
    return "".join(c for c in text if c.isprintable())
