"""A province's own workbook, filled by the names of its cells (docs/template.md lists them all).

Names that begin with `tthc_` are filled, everything else stays: `tthc_total` is the total of the province (or of the
one unit asked for), `tthc_total_in_H99_01` that of unit H99.01; `tthc_points_2_1`, `tthc_numerator_2_1`,
`tthc_denominator_2_1`, `tthc_ratio_2_1`, `tthc_max_2_1` are of component 2.1, `tthc_group_3` the points of group 3;
`tthc_ranking` is the top left cell of the ranking (rank, code, unit, level, total, maximum, on 100, grade, groups).
Charts and pictures of the template are lost: the library that writes workbooks does not keep them.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING

from tthc_cli.errors import InputError, nearest
from tthc_cli.messages import say
from tthc_cli.office.package import fixed_times

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from tthc_cli.render.view.model import CardView, UnitView

PREFIX = "tthc_"
_IN = "_in_"


def filled_template(card: CardView, template: Path, unit: UnitView) -> bytes:
    """Fill the template; names without a unit mean `unit`.

    Raises InputError when the file is no workbook, or holds a `tthc_` name that means nothing.
    """
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(template)
    except (OSError, KeyError, ValueError, zipfile.BadZipFile, InvalidFileException) as error:
        raise InputError(
            "bad_template", path=str(template), detail=error if isinstance(error, OSError) else str(error)
        ) from None
    known = named_values(card, unit)
    for name, defined in book.defined_names.items():
        if not name.lower().startswith(PREFIX):
            continue
        places = [(book[sheet], place.replace("$", "")) for sheet, place in defined.destinations]
        key = name[len(PREFIX) :]
        for sheet, place in places:
            start = sheet[place.partition(":")[0]]
            if key == "ranking":
                _fill_ranking(card, sheet, start.row, start.column)
            elif key in known:
                _set(start, known[key])
            else:
                near = nearest(key, [*known, "ranking"])
                hint = PREFIX + near if near else "–"
                raise InputError("template_name", path=str(template), name=name, nearest=hint)
    stream = io.BytesIO()
    book.save(stream)
    return fixed_times(stream.getvalue(), card.as_of)


def _set(cell: Any, value: object) -> None:
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"


def _plain(value: Any) -> object:
    return value if value is None or isinstance(value, int) else float(value)


def named_values(card: CardView, unit: UnitView) -> dict[str, object]:
    """What each name stands for, without `tthc_`: of the card, of `unit`, of all units (`_in_` and code)."""
    facts: dict[str, object] = {
        "province": card.province,
        "period": card.period,
        "title": card.title,
        "footer": card.footer,
        "version": card.version,
        "as_of": card.as_of,
        "standing": card.standing,
    }
    facts |= _of_unit(card, unit, "")
    for other in card.units:
        facts |= _of_unit(card, other, _IN + re.sub(r"\W+", "_", other.id))
    return facts


def _grade(card: CardView, unit: UnitView) -> str:
    """The grade in words, which tell where it was given without a sufficient unit table."""
    if not (card.standing and unit.grade):
        return unit.grade_label
    return f"{unit.grade_label} ({say('render.text.graded_anyway', 'en' if card.lang == 'en' else 'vi')})"


def _of_unit(card: CardView, unit: UnitView, suffix: str) -> dict[str, object]:
    values: dict[str, object] = {
        "unit": unit.name,
        "code": unit.id,
        "level": unit.level_label,
        "total": _plain(unit.total.value),
        "assessed_max": _plain(unit.assessed_max.value),
        "percent": _plain(unit.percent.value),
        "grade": _grade(card, unit),
        "rank": unit.rank.value,
        "provisional": unit.provisional_text,
    }
    for group in unit.groups:
        values[f"group_{group.head.id}"] = _plain(group.points.value)
    for cell in unit.cells:
        key = cell.head.id.replace(".", "_")
        values[f"numerator_{key}"] = _plain(cell.numerator.value)
        values[f"denominator_{key}"] = _plain(cell.denominator.value)
        values[f"ratio_{key}"] = _plain(cell.ratio.value)
        values[f"points_{key}"] = _plain(cell.points.value)
        values[f"max_{key}"] = _plain(cell.max.value)
        values[f"status_{key}"] = cell.status_label
    return {name + suffix: value for name, value in values.items()}


def _fill_ranking(card: CardView, sheet: Any, row: int, column: int) -> None:
    for line, unit in enumerate(card.units, row):
        values = [
            unit.rank.value, unit.id, unit.name, unit.level_label, _plain(unit.total.value),
            _plain(unit.assessed_max.value), _plain(unit.percent.value), _grade(card, unit),
            *(_plain(g.points.value) for g in unit.groups),
        ]  # fmt: skip
        for offset, value in enumerate(values):
            _set(sheet.cell(line, column + offset), value)
