"""A province's own Word paper, filled by named fields: `{{tthc_total}}` in the text, or content controls whose tag or
title is the name (docs/template.md). The names are those of the workbook's template.

`tthc_ranking` in a row of a table makes that row once a unit, from its cell on; elsewhere it becomes a table.
"""

from __future__ import annotations

import copy
import io
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

from docx import Document
from docx.opc.exceptions import OpcError
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.table import CT_Tbl
from docx.shared import Cm
from docx.table import Table

from tthc_cli.errors import InputError
from tthc_cli.messages import say
from tthc_cli.office.package import fixed_times
from tthc_cli.render import formats
from tthc_cli.render.template_names import PREFIX, RANKING, named_values, nearest_name, ranking_row
from tthc_cli.render.word.fields import fields_of, fill, paragraphs, printable, roots
from tthc_cli.render.word.parts import add_line, grid, repeat_heading, set_widths, shade

if TYPE_CHECKING:
    from pathlib import Path

    from tthc_cli.messages import Lang
    from tthc_cli.render.view.model import CardView, UnitView

_HEADS = {
    "rank": 1.3,
    "code": 2.2,
    "unit": 4.6,
    "level": 2.0,
    "total": 1.6,
    "assessed_max": 1.5,
    "percent": 1.6,
    "grade": 2.0,
}
"""The columns of a new table, with their widths in centimetres."""


def filled_paper(card: CardView, template: Path, unit: UnitView) -> bytes:
    """Fill the template; names without a unit mean `unit`.

    Raises InputError when the file is no Word file, or names a field that means nothing.
    """
    try:
        doc: Any = Document(io.BytesIO(template.read_bytes()))
    except OSError as error:
        raise InputError("bad_word_template", path=str(template), detail=error) from None
    except (OpcError, BadZipFile, ValueError, KeyError, SyntaxError) as error:
        raise InputError("bad_word_template", path=str(template), detail=type(error).__name__) from None
    for root in roots(doc):
        for control in list(root.iter(qn("w:sdt"))):
            _open_control(control)
    values = _texts(card, unit)
    for paragraph in paragraphs(doc):
        names = fields_of(paragraph)
        for name in names:
            key = name.removeprefix(PREFIX)
            if not name.startswith(PREFIX) or key not in (*values, RANKING):
                raise InputError("template_field", path=str(template), name=name, nearest=nearest_name(key, values))
        if PREFIX + RANKING in names:
            _rank(card, paragraph)
        elif names:
            fill(paragraph, lambda name: values[name.removeprefix(PREFIX)])
    stream = io.BytesIO()
    doc.save(stream)
    return fixed_times(stream.getvalue(), card.as_of)


def _texts(card: CardView, unit: UnitView) -> dict[str, str]:
    """What each name stands for, as it is written; a paper is sent out, and is told of what its reader may know."""
    lang: Lang = "vi" if card.lang == "vi" else "en"
    texts = {name: str(value) for name, value in named_values(card, unit).items()}
    return texts | {"as_of": formats.day(card.as_of, lang), "standing": card.told_standing}


def _open_control(control: Any) -> None:
    """Write the name of a content control of ours into it, as a field; controls of others stay as they are."""
    settings = control.find(qn("w:sdtPr"))
    content = control.find(qn("w:sdtContent"))
    if settings is None or content is None:
        return
    named = (settings.find(qn(f"w:{key}")) for key in ("tag", "alias"))
    name = next((n for one in named if one is not None and (n := one.get(qn("w:val"), "")).startswith(PREFIX)), None)
    if name is None:
        return
    for key in ("showingPlcHdr", "dataBinding", "placeholder"):
        for found in settings.findall(qn(f"w:{key}")):
            settings.remove(found)
    runs = list(content.iter(qn("w:r")))
    if not runs:
        place = next(content.iter(qn("w:p")), content)
        runs = [OxmlElement("w:r")]
        place.append(runs[0])
    for run in runs[1:]:
        run.getparent().remove(run)
    style = runs[0].find(f"{qn('w:rPr')}/{qn('w:rStyle')}")
    if style is not None and style.get(qn("w:val")) == "PlaceholderText":
        style.getparent().remove(style)
    runs[0].text = f"{{{{{name}}}}}"


def _rank(card: CardView, paragraph: Any) -> None:
    cell = next(paragraph.iterancestors(qn("w:tc")), None)
    if cell is None:
        _new_table(card, paragraph)
        return
    row = next(cell.iterancestors(qn("w:tr")))
    fill(paragraph, lambda name: "")
    first = _cells(row).index(cell)
    for unit in card.units:
        line = copy.deepcopy(row)
        row.addprevious(line)
        for own, value in zip(_cells(line)[first:], ranking_row(card, unit), strict=False):
            _write(own, str(value))
    row.getparent().remove(row)


def _cells(row: Any) -> list[Any]:
    """The cells of a row, in content controls too; not those of tables within."""
    return [cell for cell in row.iter(qn("w:tc")) if next(cell.iterancestors(qn("w:tr"))) is row]


def _write(cell: Any, text: str) -> None:
    """Write into a cell of a pattern row, with the look of its first line."""
    line = next(cell.iter(qn("w:p")))
    runs = list(line.iter(qn("w:r")))
    if not runs:
        runs = [OxmlElement("w:r")]
        line.append(runs[0])
    for run in runs[1:]:
        run.getparent().remove(run)
    runs[0].text = printable(text)


def _new_table(card: CardView, paragraph: Any) -> None:
    """The ranking with headings and lines in place of a paragraph."""
    lang: Lang = "vi" if card.lang == "vi" else "en"
    heads = [say(f"render.column.{key}", lang) for key in _HEADS]
    table = Table(_frame(1 + len(card.units), len(heads)), None)  # type: ignore[arg-type]
    grid(table)
    rows = [heads, *([str(value) for value in ranking_row(card, unit)][: len(heads)] for unit in card.units)]
    for number, (row, texts) in enumerate(zip(table.rows, rows, strict=True)):
        for cell, text in zip(row.cells, texts, strict=True):
            add_line(cell, printable(text), 11, bold=number == 0)
            if number == 0:
                shade(cell, "DCE6F1")
    repeat_heading(table.rows[0])
    set_widths(table, list(_HEADS.values()))
    paragraph.addprevious(table._tbl)
    fill(paragraph, lambda name: "")


def _frame(rows: int, columns: int) -> Any:
    return CT_Tbl.new_tbl(rows, columns, Cm(sum(_HEADS.values())))
