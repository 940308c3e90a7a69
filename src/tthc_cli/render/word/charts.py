"""Native bar charts in a Word document, drawn by the reader's program and edited there; the library has none.

The numbers stand in the chart and in a workbook within the document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.shared import Cm

from tthc_cli.office.small_book import small_book
from tthc_cli.render.word.parts import FONT

BAR, RAIL, NO_GRADE = "2F6EA5", "DDE4EC", "FFFFFF"
_NAMES = (
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
_PLACES = 'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
_WIDTH, _ROW, _REST = 16.0, 0.85, 2.2
"""Centimetres: the width, and of the height what a bar takes, and title and legend."""
_LINE = "7F8C99"


@dataclass(frozen=True, slots=True)
class Series:
    """One colour of the bars: its name, a value and a label a bar."""

    name: str
    values: Sequence[float]
    labels: Sequence[str]
    colour: str


def add_bars(
    doc: Any, title: str, categories: Sequence[str], series: Sequence[Series], moment: str, *, shares: bool = False
) -> Any:
    """Add lying bars, each of all series one after another; `shares`: all as long as one another. Returns the
    paragraph. moment: ISO, of the data."""
    table: list[list[str | float]] = [["", *(one.name for one in series)]]
    table += [[word, *(one.values[place] for one in series)] for place, word in enumerate(categories)]
    package = doc.part.package
    name = package.next_partname("/word/embeddings/chart%d.xlsx")
    book = Part(name, CONTENT_TYPE.SML_SHEET, small_book(table, moment), package)
    chart = Part(package.next_partname("/word/charts/chart%d.xml"), CONTENT_TYPE.DML_CHART, b"", package)
    link = chart.relate_to(book, RELATIONSHIP_TYPE.PACKAGE)
    chart._blob = _chart(title, categories, series, "percentStacked" if shares else "stacked", link).encode()
    shown = _inline(doc, f"{title}. {_in_words(categories, series)}", len(categories), chart)
    paragraph = doc.add_paragraph()
    paragraph.add_run()._r.add_drawing(parse_xml(shown))
    return paragraph


def _inline(doc: Any, about: str, bars: int, chart: Part) -> str:
    """The place of a chart in the text. about: what it shows, for whom cannot see it."""
    number = len(doc.element.xpath("//wp:docPr")) + 1
    link = doc.part.relate_to(chart, RELATIONSHIP_TYPE.CHART)
    return (
        f'<wp:inline {_NAMES} {_PLACES} distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent cx="{Cm(_WIDTH)}" cy="{Cm(_REST + _ROW * bars)}"/>'
        f'<wp:docPr id="{number}" name="Chart {number}" descr={quoteattr(about)}/><wp:cNvGraphicFramePr/>'
        '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">'
        f'<c:chart r:id="{link}"/></a:graphicData></a:graphic></wp:inline>'
    )


def _in_words(categories: Sequence[str], series: Sequence[Series]) -> str:
    lines = []
    for place, word in enumerate(categories):
        told = ", ".join(f"{one.name} {one.labels[place]}" for one in series if one.labels[place])
        lines.append(f"{word}: {told}")
    return "; ".join(lines)


def _chart(title: str, categories: Sequence[str], series: Sequence[Series], grouping: str, link: str) -> str:
    bars = "".join(_series(number, one, categories) for number, one in enumerate(series))
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<c:chartSpace {_NAMES}>'
        '<c:roundedCorners val="0"/><c:chart><c:title>'
        f"<c:tx><c:rich>{_paragraph(title, 1200, bold=True)}</c:rich></c:tx>"
        '<c:overlay val="0"/></c:title><c:autoTitleDeleted val="0"/><c:plotArea><c:layout/>'
        f'<c:barChart><c:barDir val="bar"/><c:grouping val="{grouping}"/><c:varyColors val="0"/>{bars}'
        '<c:gapWidth val="45"/><c:overlap val="100"/><c:axId val="1"/><c:axId val="2"/></c:barChart>'
        f"{_axis('cat', 1, 2, 'l')}{_axis('val', 2, 1, 'b')}</c:plotArea>"
        f'<c:legend><c:legendPos val="b"/><c:overlay val="0"/>{_look(1000)}</c:legend>'
        '<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>'
        f"<c:spPr>{_filled('FFFFFF')}<a:ln><a:noFill/></a:ln></c:spPr>"
        f'<c:externalData r:id="{link}"><c:autoUpdate val="0"/></c:externalData></c:chartSpace>'
    )


def _series(number: int, one: Series, categories: Sequence[str]) -> str:
    column, last = "BCDEFGHIJ"[number], len(categories) + 1
    count = f'<c:ptCount val="{len(categories)}"/>'
    name = f'<c:ptCount val="1"/>{_point(0, one.name)}'
    words = count + "".join(_point(place, word) for place, word in enumerate(categories))
    values = count + "".join(_point(place, str(value)) for place, value in enumerate(one.values))
    return (
        f'<c:ser><c:idx val="{number}"/><c:order val="{number}"/>'
        f"<c:tx><c:strRef><c:f>Sheet!${column}$1</c:f><c:strCache>{name}</c:strCache></c:strRef></c:tx>"
        f'<c:spPr>{_filled(one.colour)}<a:ln w="6350">{_filled(_LINE)}</a:ln></c:spPr>'
        f'<c:invertIfNegative val="0"/>{_labels(one)}'
        f"<c:cat><c:strRef><c:f>Sheet!$A$2:$A${last}</c:f><c:strCache>{words}</c:strCache></c:strRef></c:cat>"
        f"<c:val><c:numRef><c:f>Sheet!${column}$2:${column}${last}</c:f>"
        f"<c:numCache><c:formatCode>General</c:formatCode>{values}</c:numCache></c:numRef></c:val></c:ser>"
    )


def _point(place: int, text: str) -> str:
    return f'<c:pt idx="{place}"><c:v>{escape(text)}</c:v></c:pt>'


def _labels(one: Series) -> str:
    """A label a bar, in the words of the paper; none where it is empty."""
    ink = "FFFFFF" if one.colour == BAR else "000000"
    out = []
    for place, label in enumerate(one.labels):
        if label:
            text = f"<c:tx><c:rich>{_paragraph(label, 1000, ink=ink)}</c:rich></c:tx>{_shown(value=True)}"
        else:
            text = '<c:delete val="1"/>'
        out.append(f'<c:dLbl><c:idx val="{place}"/>{text}</c:dLbl>')
    return f"<c:dLbls>{''.join(out)}{_shown(value=False)}</c:dLbls>"


def _shown(*, value: bool) -> str:
    """What a label shows: its text in place of the value, or nothing."""
    names = ("LegendKey", "Val", "CatName", "SerName", "Percent", "BubbleSize")
    return "".join(f'<c:show{name} val="{int(value and name == "Val")}"/>' for name in names)


def _axis(kind: str, own: int, other: int, side: str) -> str:
    """The axis of the words, the first above; or of the numbers, which is left out: the bars have labels."""
    words = kind == "cat"
    more = '<c:auto val="1"/><c:lblAlgn val="ctr"/><c:lblOffset val="60"/><c:noMultiLvlLbl val="0"/>'
    order = '<c:orientation val="maxMin"/>' if words else '<c:orientation val="minMax"/><c:min val="0"/>'
    return (
        f'<c:{kind}Ax><c:axId val="{own}"/><c:scaling>{order}</c:scaling><c:delete val="{int(not words)}"/>'
        f'<c:axPos val="{side}"/><c:numFmt formatCode="General" sourceLinked="0"/><c:majorTickMark val="none"/>'
        '<c:minorTickMark val="none"/><c:tickLblPos val="low"/>'
        f'<c:spPr><a:ln w="6350">{_filled(_LINE)}</a:ln></c:spPr>{_look(1000)}'
        f'<c:crossAx val="{other}"/><c:crosses val="autoZero"/>{more if words else ""}</c:{kind}Ax>'
    )


def _paragraph(text: str, size: int, *, bold: bool = False, ink: str = "000000") -> str:
    look = f'sz="{size}" b="{int(bold)}">{_filled(ink)}<a:latin typeface="{FONT}"/>'
    return (
        f"<a:bodyPr/><a:p><a:pPr><a:defRPr {look}</a:defRPr></a:pPr>"
        f'<a:r><a:rPr lang="vi-VN" {look}</a:rPr><a:t>{escape(text)}</a:t></a:r></a:p>'
    )


def _look(size: int) -> str:
    """How the texts of an axis or a legend look."""
    look = f'sz="{size}">{_filled("000000")}<a:latin typeface="{FONT}"/>'
    return (
        f'<c:txPr><a:bodyPr/><a:p><a:pPr><a:defRPr {look}</a:defRPr></a:pPr><a:endParaRPr lang="vi-VN"/></a:p></c:txPr>'
    )


def _filled(colour: str) -> str:
    return f'<a:solidFill><a:srgbClr val="{colour}"/></a:solidFill>'
