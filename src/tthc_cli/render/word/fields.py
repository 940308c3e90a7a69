"""Fields in double braces in a Word file, wherever they stand: text, tables, boxes, content controls, headers, footers.

An editor splits a field over several runs as it likes; it is found all the same, and filled in with the look of its
beginning."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from docx.oxml.ns import qn
from docx.text.run import Run

FIELD = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_PLACES = ("/word/header", "/word/footer")


def roots(doc: Any) -> Iterator[Any]:
    """The elements that hold what is read: of the body, of every header and footer."""
    yield doc.element.body
    for part in doc.part.package.iter_parts():
        if str(part.partname).startswith(_PLACES) and hasattr(part, "element"):
            yield part.element


def paragraphs(doc: Any) -> Iterator[Any]:
    """Every paragraph (`w:p`)."""
    for root in roots(doc):
        yield from list(root.iter(qn("w:p")))


def runs_of(paragraph: Any) -> list[Run]:
    """The runs of a paragraph, in links, controls and marked changes too; not those of boxes that hang on it."""
    own = (run for run in paragraph.iter(qn("w:r")) if next(run.iterancestors(qn("w:p"))) is paragraph)
    return [Run(run, None) for run in own]  # type: ignore[arg-type]


def text_of(paragraph: Any) -> str:
    return "".join(run.text for run in runs_of(paragraph))


def fields_of(paragraph: Any) -> list[str]:
    """The names of its fields."""
    return FIELD.findall(text_of(paragraph))


def fill(paragraph: Any, value: Callable[[str], str], mark: Callable[[str, Run], None] | None = None) -> None:
    """Fill in the fields. mark: told of a field that has a run of its own."""
    runs = runs_of(paragraph)
    starts, total = [], 0
    for run in runs:
        starts.append(total)
        total += len(run.text)
    for found in reversed(list(FIELD.finditer("".join(run.text for run in runs)))):
        first = max(i for i, start in enumerate(starts) if start <= found.start())
        for i in range(len(runs) - 1, first - 1, -1):
            run, start = runs[i], starts[i]
            text = run.text
            since, until = max(found.start() - start, 0), min(found.end() - start, len(text))
            if since < until:
                own = printable(value(found[1])) if i == first else ""
                run.text = text[:since] + own + text[until:]
                if mark and i == first and len(text) == until - since:
                    mark(found[1], run)


def printable(text: str) -> str:
    return "".join(c for c in text if c.isprintable())
