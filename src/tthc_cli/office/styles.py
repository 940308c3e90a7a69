"""The few named styles that every sheet shares."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.stylesheet import write_stylesheet
from openpyxl.utils.indexed_list import IndexedList
from openpyxl.xml.functions import tostring

from tthc_cli.office.workbook import RowStyles

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openpyxl.styles.cell_style import StyleArray
    from openpyxl.worksheet.worksheet import Worksheet

    from tthc_cli.messages import Lang

FONT = "Times New Roman"
"""The face that Nghị định 30/2020/NĐ-CP prescribes for administrative papers."""
MARK = "0.0"
POINTS, COUNT, PERCENT, CHANGE = "#,##0.00", "#,##0", "0.00%", "+#,##0.00;\u2212#,##0.00;0.00"
TENTHS = "#,##0.0"
LEVEL_TABS = {"tinh": "1F4E79", "so": "2F75B5", "huyen": "548235", "xa": "C55A11", "khac": "7F7F7F"}
"""Colours of the tabs of units, by level."""
GRADE_FILLS = ("A9D8B8", "CFE8C5", "FFF0B3", "FFD6A5", "F5B5B0")
"""Backgrounds from the best grade to the worst; text on them stays black (contrast over 12)."""

_LONG_LIST = ("small", "count", "points", "day", "moment")

_LINE = Side(style="thin", color="9AA5B1")
_BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_HEAD = PatternFill("solid", fgColor="1F4E79")
_GROUP = PatternFill("solid", fgColor="DCE6F1")
_TOTAL = PatternFill("solid", fgColor="C5D5E8")
_INPUT = PatternFill("solid", fgColor="FFFBE6")

_WRAP = Alignment(vertical="center", wrap_text=True)
_TALL = Alignment(horizontal="center", vertical="bottom", wrap_text=True, textRotation=90)
_CELL = Alignment(horizontal="left", vertical="center", wrap_text=True, indent=1)
_CENTER = Alignment(horizontal="center", vertical="center", wrap_text=True)
_RIGHT = Alignment(horizontal="right", vertical="center", indent=1)
_MIDDLE = Alignment(horizontal="center", vertical="center")
_PLAIN = Alignment(vertical="center")


@dataclass(frozen=True, slots=True)
class Styles:
    """Of a workbook that is written as XML: the number and the size (points) of each, and the part that says what they
    are."""

    numbers: Mapping[str, int]
    sizes: Mapping[str, float]
    part: bytes


def _style(
    name: str,
    *,
    bold: bool = False,
    italic: bool = False,
    size: int = 11,
    color: str = "000000",
    fill: PatternFill | None = None,
    box: bool = True,
    align: Alignment = _WRAP,
    number: str = "General",
) -> NamedStyle:
    return NamedStyle(
        name=f"tthc_{name}",
        font=Font(name=FONT, size=size, bold=bold, italic=italic, color=color),
        fill=fill or PatternFill(),
        border=_BOX if box else Border(),
        alignment=align,
        number_format=number,
    )


def _numbers(prefix: str, *, bold: bool = False, fill: PatternFill | None = None) -> list[NamedStyle]:
    formats = {"points": POINTS, "tenths": TENTHS, "count": COUNT, "percent": PERCENT, "change": CHANGE}
    return [
        _style(f"{prefix}{key}", bold=bold, fill=fill, align=_RIGHT, number=number) for key, number in formats.items()
    ]


def all_styles(lang: Lang) -> list[NamedStyle]:
    day = "dd/mm/yyyy" if lang == "vi" else "yyyy-mm-dd"
    return [
        _style("day", size=10, align=_CENTER, number=day),
        _style("moment", size=10, align=_CENTER, number=f"{day} hh:mm"),
        _style("mark", align=_CENTER, number=MARK),
        _style("whole", align=_CENTER, number="0"),
        _style("whole_change", align=_CENTER, number="+0;\u22120;0"),
        _style("agency", bold=True, size=12, box=False, align=_PLAIN),
        _style("title", bold=True, size=14, box=False, align=_PLAIN),
        _style("title_middle", bold=True, size=14, box=False, align=_CENTER),
        _style("subtitle", bold=True, size=12, box=False, align=_PLAIN),
        _style("plain", box=False),
        _style("fact", box=False, align=_PLAIN),
        _style("fact_label", box=False, bold=True, align=_PLAIN),
        _style("link_line", color="0B4F9E", box=False, align=_PLAIN),
        _style("italic", italic=True, box=False, align=_PLAIN),
        _style("sign_line", bold=True, box=False, align=_MIDDLE),
        _style("sign_italic_line", italic=True, box=False, align=_MIDDLE),
        _style("head", bold=True, color="FFFFFF", fill=_HEAD, align=_CENTER),
        _style("head_tall", bold=True, color="FFFFFF", fill=_HEAD, align=_TALL),
        _style("text", align=_CELL),
        _style("center", align=_CENTER),
        _style("small", size=10, align=_CELL),
        _style("link", color="0B4F9E", align=_CELL),
        *_numbers(""),
        _style("input", fill=_INPUT, align=_RIGHT, number=COUNT),
        _style("input_points", fill=_INPUT, align=_RIGHT, number=POINTS),
        _style("input_tenths", fill=_INPUT, align=_RIGHT, number=TENTHS),
        _style("group_text", bold=True, fill=_GROUP, align=_CELL),
        *_numbers("group_", bold=True, fill=_GROUP),
        _style("total_text", bold=True, fill=_TOTAL, align=_CELL),
        _style("total_center", bold=True, fill=_TOTAL, align=_CENTER),
        _style("total_whole", bold=True, fill=_TOTAL, align=_CENTER, number="0"),
        _style("total_mark", bold=True, fill=_TOTAL, align=_CENTER, number=MARK),
        *_numbers("total_", bold=True, fill=_TOTAL),
    ]


def register(book: Workbook, lang: Lang) -> dict[str, StyleArray]:
    """Name the styles in the workbook; the array of a style is then shared by all its cells."""
    sheet = book.active
    assert sheet is not None
    arrays: dict[str, StyleArray] = {}
    for style in all_styles(lang):
        book.add_named_style(style)
        cell: Any = sheet["A1"]
        cell.style = style.name
        arrays[style.name.removeprefix("tthc_")] = cell._style
        cell._style = type(cell._style)()
    fonts: Any = book
    fonts._fonts = IndexedList([_OrderedFont.like(font) for font in fonts._fonts])
    return arrays


@lru_cache(maxsize=2)
def stylesheet(lang: Lang) -> Styles:
    """The styles as a workbook names them, with the fills of grades as differential styles."""
    book: Any = Workbook()
    arrays = register(book, lang)
    numbers = {name: book._cell_styles.add(array) for name, array in arrays.items()}
    for colour in GRADE_FILLS:
        book._differential_styles.add(DifferentialStyle(fill=PatternFill(bgColor=colour)))
    sizes = {style.name.removeprefix("tthc_"): float(style.font.size) for style in all_styles(lang)}
    return Styles(numbers, sizes, tostring(write_stylesheet(book)))


def long_list_styles(numbers: Mapping[str, int]) -> RowStyles:
    """Of the cells of long lists."""
    return RowStyles(*(numbers[style] for style in _LONG_LIST))


def row_styles(sheet: Worksheet, arrays: Mapping[str, StyleArray]) -> RowStyles:
    """The numbers of the styles of long lists, in a workbook where they are named."""
    cell: Any = sheet["A1"]
    kept, numbers = cell._style, []
    for style in _LONG_LIST:
        cell._style = arrays[style]
        numbers.append(cell.style_id)
    cell._style = kept
    return RowStyles(*numbers)


class _OrderedFont(Font):
    """A font that is written in the order of parts that Office's own check of a workbook asks for."""

    __elements__ = (
        "b", "i", "strike", "condense", "extend", "outline", "shadow", "u", "vertAlign", "sz", "color", "name",
        "family", "charset", "scheme",
    )  # fmt: skip

    @classmethod
    def like(cls, font: Font) -> _OrderedFont:
        return cls(**{part: getattr(font, part) for part in cls.__elements__})


_OrderedFont.__nested__ = Font.__nested__
