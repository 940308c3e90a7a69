"""The conclusion of an inspection as a Word document for the office to complete and sign. The narrative states stored
facts; what is asked of the unit beyond them is left for the office.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from docx import Document
from docx.shared import Pt

from tthc_cli.messages import say
from tthc_cli.office.package import fixed_times
from tthc_cli.render import formats
from tthc_cli.render.control.conclusion import result_lines, scope_lines
from tthc_cli.render.control.inspection import mark
from tthc_cli.render.text import clean
from tthc_cli.render.view.listing import cell_text
from tthc_cli.render.word.official import boxed_table, letterhead, paragraph, signature
from tthc_cli.render.word.parts import add_line, decree_page, drop_old_styles

if TYPE_CHECKING:
    from tthc_cli.messages import Lang
    from tthc_cli.results.control.conclusion import Conclusion
    from tthc_cli.results.listing import Listing

_ACROSS, _SIZE = 16.5, 10
"""Centimetres between the margins; points of tables."""
_WIDTHS = {"count": 1.5, "number": 1.5, "moment": 2.5, "word": 2.7, "text": 1.5}
_DOSSIER = 4.3


@dataclass(frozen=True, slots=True)
class Office:
    """Who issues the conclusion and signs it."""

    superior: str
    agency: str
    place: str
    signer_title: str
    signer_name: str


def conclusion_document(conclusion: Conclusion, office: Office, lang: Lang) -> bytes:
    """The bytes of the document. Same conclusion, same bytes."""
    doc: Any = Document()
    decree_page(doc)
    number = say("inspection.paper.number", lang)
    letterhead(doc, lang, superior=office.superior, agency=office.agency, number=number, place=office.place)
    _body(doc, conclusion, lang)
    signature(doc, lang, office.signer_title, office.signer_name)
    properties = doc.core_properties
    properties.author, properties.title = "tthc", f"{say('inspection.paper.kind', lang)} {conclusion.draw.id}"
    properties.created = properties.modified = datetime.fromisoformat(conclusion.as_of)
    properties.language, properties.comments = lang, ""
    drop_old_styles(doc)
    stream = io.BytesIO()
    doc.save(stream)
    return fixed_times(stream.getvalue(), conclusion.as_of)


def _body(doc: Any, conclusion: Conclusion, lang: Lang) -> None:
    draw = conclusion.draw
    kind = add_line(doc, say("inspection.paper.kind", lang), 14, bold=True)
    kind.paragraph_format.space_before = Pt(18)
    about = say("inspection.paper.subject", lang, unit=draw.unit_name, period=draw.period)
    add_line(doc, about, 14, bold=True).paragraph_format.space_after = Pt(12)
    _part(doc, "part_1", lang)
    for line in scope_lines(conclusion, lang):
        paragraph(doc, clean(line))
    _part(doc, "part_2", lang)
    for line in result_lines(conclusion, lang)[:2]:
        paragraph(doc, clean(line))
    names = ["rates", "checks", *(name for name in ("fields", "units") if _several(conclusion, name)), "unit"]
    for name in names:
        _table(doc, conclusion.table(f"inspection-{name}"), lang)
    _part(doc, "part_3", lang)
    paragraph(doc, clean(result_lines(conclusion, lang)[2]))
    _table(doc, conclusion.table("inspection-findings"), lang)
    _grounds(doc, conclusion, lang)
    _part(doc, "part_4", lang)
    _table(doc, conclusion.table("inspection-carried"), lang)
    _part(doc, "part_5", lang)
    paragraph(doc, say("inspection.paper.asked", lang, day=formats.day(draw.fix_by, lang)))
    paragraph(doc, say("inspection.paper.to_write", lang), italic=True)
    paragraph(doc, say("inspection.paper.notes", lang), bold=True, italic=True)
    for line in conclusion.note_lines(lang):
        paragraph(doc, f"- {clean(line)}", italic=True)


def _grounds(doc: Any, conclusion: Conclusion, lang: Lang) -> None:
    """What each check that was not met stands on, and how sure that is."""
    findings = conclusion.table("inspection-findings")
    at = findings.place("check")
    named = {row[at] for row in findings.rows} if at is not None else set()
    for check in conclusion.draw.checks:
        if check.id in named:
            ground = check.ground + mark(check.evidence, lang)
            told = say("inspection.paper.ground", lang, id=check.id, title=check.title(lang), ground=ground)
            paragraph(doc, clean(told))


def _several(conclusion: Conclusion, name: str) -> bool:
    return len(conclusion.table(f"inspection-{name}").rows) > 1


def _part(doc: Any, key: str, lang: Lang) -> None:
    paragraph(doc, say(f"inspection.paper.{key}", lang), bold=True).paragraph_format.keep_with_next = True


def _table(doc: Any, table: Listing, lang: Lang) -> None:
    """The columns that a terminal shows, below the title; a sentence where there are no rows."""
    if not table.rows:
        paragraph(doc, say("inspection.paper.none", lang))
        return
    paragraph(doc, table.title(lang) + ":", italic=True).paragraph_format.keep_with_next = True
    shown = [at for at, column in enumerate(table.columns) if column.on_screen]
    columns = [table.columns[at] for at in shown]
    headings = table.headings(lang)
    rows = [[cell_text(row[at], table.columns[at], lang) for at in shown] for row in table.worded(lang)]
    widths = [_DOSSIER if c.id in ("dossier", "finding") else 0.0 if c.share else _WIDTHS[c.type] for c in columns]
    free = max(_ACROSS - sum(widths), 3.0)
    widths = [width or free for width in widths]
    text = {at for at, column in enumerate(columns) if column.type in ("text", "word", "moment")}
    boxed_table(doc, [" ".join(headings[at].split()) for at in shown], rows, widths, text, size=_SIZE)
