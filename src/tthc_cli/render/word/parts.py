"""Small parts of a Word document that the library has no words for: rules, grids, page numbers, repeated headings."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Mm, Pt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docx.shared import Length


FONT, BODY = "Times New Roman", 14


def _element(tag: str, **attributes: str) -> Any:
    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    return element


def bottom_line(paragraph: Any, inset: Length) -> None:
    """A rule below a paragraph, shorter than the text by `inset` on either side: a paragraph of its own."""
    borders = _element("w:pBdr")
    borders.append(_element("w:top", val="single", sz="6", space="1", color="000000"))
    rule = paragraph._parent.add_paragraph()
    rule.paragraph_format.left_indent = rule.paragraph_format.right_indent = inset
    rule.paragraph_format.space_after = Pt(0)
    rule.paragraph_format.line_spacing = Pt(6)
    rule.add_run("\u00a0").font.size = Pt(2)
    properties = rule._p.get_or_add_pPr()
    properties.insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def add_line(
    place: Any,
    text: str,
    size: int,
    *,
    bold: bool = False,
    italic: bool = False,
    align: Any = WD_ALIGN_PARAGRAPH.CENTER,
) -> Any:
    """Add a paragraph without space around it. `place`: a document, or a cell (its empty paragraph is used)."""
    used = hasattr(place, "sections") or bool(place.paragraphs[-1].text)
    paragraph = place.add_paragraph() if used else place.paragraphs[-1]
    paragraph.alignment = align
    paragraph.paragraph_format.space_after = Pt(0)
    run = paragraph.add_run(text)
    run.bold, run.italic, run.font.size, run.font.name = bold, italic, Pt(size), FONT
    return paragraph


def decree_page(doc: Any) -> None:
    """A4 portrait as Nghị định 30/2020/NĐ-CP asks: margins 20 mm above and below, 30 left, 15 right; numbered from
    the second page, above."""
    section = doc.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.header_distance = Mm(10)
    section.different_first_page_header_footer = True
    page_number(section.header.paragraphs[0], FONT, 13)
    style = doc.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(BODY)
    style.paragraph_format.space_after = Pt(6)
    style.paragraph_format.space_before = Pt(0)
    style.paragraph_format.line_spacing = 1.0


def grid(table: Any) -> None:
    """Thin lines around every cell."""
    borders = _element("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        borders.append(_element(f"w:{side}", val="single", sz="4", space="0", color="7F8C99"))
    table._tbl.tblPr.insert_element_before(borders, "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")


def set_widths(table: Any, widths: Sequence[float]) -> None:
    """Column widths in centimetres, in the table's grid and in its cells (readers follow one or the other); a row is
    never split over two pages."""
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    for row in table.rows:
        row._tr.get_or_add_trPr().insert(0, _element("w:cantSplit"))
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Cm(width)


def repeat_heading(row: Any) -> None:
    """Repeat a row at the top of every page the table runs on to."""
    row._tr.get_or_add_trPr().append(_element("w:tblHeader"))


def shade(cell: Any, colour: str) -> None:
    cell._tc.get_or_add_tcPr().append(_element("w:shd", val="clear", color="auto", fill=colour))


def drop_old_styles(doc: Any) -> None:
    """Take out the second list of styles that the library's empty document brings along for Word 2007: it disagrees
    with the first, and Word may take that for damage."""
    rels = doc.part.rels
    for rel in [name for name, rel in rels.items() if rel.reltype.endswith("/stylesWithEffects")]:
        del rels[rel]


def page_number(paragraph: Any, font: str, size: int) -> None:
    """The number of the page, centred."""
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run()
    run.font.name, run.font.size = font, Pt(size)
    text = _element("w:instrText")
    text.text = "PAGE"
    for part in (_element("w:fldChar", fldCharType="begin"), text, _element("w:fldChar", fldCharType="end")):
        run._r.append(part)


def number_pages_anew(section: Any) -> None:
    """Let the pages of a section (`w:sectPr`) be numbered from 1."""
    if section.find(qn("w:pgNumType")) is None:
        section.insert_element_before(
            _element("w:pgNumType", start="1"), "w:cols", "w:formProt", "w:vAlign", "w:noEndnote", "w:titlePg",
            "w:textDirection", "w:bidi", "w:rtlGutter", "w:docGrid", "w:printerSettings", "w:sectPrChange",
        )  # fmt: skip


def end_section(section: Any) -> None:
    """End a section like the document's own (`w:sectPr`) here: what follows begins on a page of its own."""
    paragraph = _element("w:p")
    properties = _element("w:pPr")
    properties.append(_element("w:spacing", after="0", line="20", lineRule="exact"))
    properties.append(copy.deepcopy(section))
    paragraph.append(properties)
    section.addprevious(paragraph)
