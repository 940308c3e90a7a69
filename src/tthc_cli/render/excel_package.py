"""The last pass over a workbook's package: cached values beside the formulas, fixed times, the same bytes every time.

openpyxl writes a formula without its value, so that a reader which does not calculate (a preview, a script, a phone)
sees nothing. The stored values are put in here, cell by cell; Excel and LibreOffice recalculate from the formulas.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from openpyxl import Workbook

CachedValue = Decimal | Fraction | int | float | str | None
PlainValue = str | int | float | None

_FORMULA = re.compile(r'<c r="([A-Z]+\d+)"([^>]*)><f>(.*?)</f><v\s*(?:/>|></v>)</c>', re.DOTALL)
_MODIFIED = re.compile(r"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")
_DIMENSION = re.compile(r'<dimension ref="[^"]*"')
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_EPOCH = (1980, 1, 1, 0, 0, 0)


def _with_values(values: Mapping[str, CachedValue]) -> Callable[[re.Match[str]], str]:
    def put(match: re.Match[str]) -> str:
        place, attributes, formula = match.groups()
        value = values[place]
        if value is None or isinstance(value, str):
            return f'<c r="{place}"{attributes} t="str"><f>{formula}</f><v>{escape(value or "")}</v></c>'
        shown = int(value) if Fraction(value).denominator == 1 else repr(float(value))
        return f'<c r="{place}"{attributes}><f>{formula}</f><v>{shown}</v></c>'

    return put


def row_xml(
    first: int, rows: Iterable[Sequence[PlainValue]], styles: tuple[int, int, int], heights: Mapping[int, float]
) -> str:
    """Rows of texts and numbers as sheet XML, from row `first` on; twenty times faster than a cell object each.

    The texts must be clean (no control characters); they are cells of text, never formulas. `styles`:
    numbers of the styles of texts, whole numbers and others; `heights`: points by row number, of the rows that need
    more than one line.
    """
    text, count, decimal = styles

    def cell(place: str, value: PlainValue) -> str:
        if value is None:
            return f'<c r="{place}" s="{text}"/>'
        if isinstance(value, str):
            return f'<c r="{place}" s="{text}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
        return f'<c r="{place}" s="{count if isinstance(value, int) else decimal}"><v>{value!r}</v></c>'

    return "".join(
        (f'<row r="{number}" ht="{heights[number]}" customHeight="1">' if number in heights else f'<row r="{number}">')
        + "".join(cell(f"{letter}{number}", value) for letter, value in zip(_LETTERS, row, strict=False))
        + "</row>"
        for number, row in enumerate(rows, first)
    )


def pack(
    book: Workbook,
    cached: Mapping[str, Mapping[str, CachedValue]],
    moment: str,
    appended: Mapping[str, tuple[str, str]] | None = None,
) -> bytes:
    """The bytes of the workbook. `cached`: sheet title -> cell -> value of its formula (every formula must have one);
    `moment`: ISO time written as the time of last change; `appended`: sheet title -> (rows as XML, new dimension)."""
    from openpyxl.writer.excel import ExcelWriter

    loose = io.BytesIO()
    with zipfile.ZipFile(loose, "w", zipfile.ZIP_STORED) as archive:
        ExcelWriter(book, archive).save()
    titles = {f"xl/worksheets/sheet{i}.xml": sheet.title for i, sheet in enumerate(book.worksheets, 1)}

    def with_values(name: str, data: bytes) -> bytes:
        if name not in titles:
            return data
        values = cached.get(titles[name], {})
        text, count = _FORMULA.subn(_with_values(values), data.decode("utf-8"))
        if count != len(values):
            raise AssertionError(f"{name}: {count} formulas, {len(values)} values")
        if appended and titles[name] in appended:
            rows, dimension = appended[titles[name]]
            text = _DIMENSION.sub(f'<dimension ref="{dimension}"', text, count=1)
            text = text.replace("</sheetData>", f"{rows}</sheetData>", 1)
        return text.encode("utf-8")

    return fixed_times(loose.getvalue(), moment, with_values)


def fixed_times(package: bytes, moment: str, change: Callable[[str, bytes], bytes] | None = None) -> bytes:
    """An Office package with the same bytes every time: fixed times of its parts, `moment` (ISO) as last change.

    `change` may replace the content of a part, given its name.
    """
    result = io.BytesIO()
    stamp = datetime.fromisoformat(moment).isoformat(timespec="seconds")
    with (
        zipfile.ZipFile(io.BytesIO(package)) as source,
        zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as target,
    ):
        for name in source.namelist():
            data = source.read(name)
            if name == "docProps/core.xml":
                data = _MODIFIED.sub(rf"\g<1>{stamp}Z\g<2>", data.decode("utf-8")).encode("utf-8")
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            target.writestr(entry, data if change is None else change(name, data))
    return result.getvalue()
