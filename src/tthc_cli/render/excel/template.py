"""A province's own workbook, filled by the names of its cells (docs/template.md lists them all).

Names that begin with `tthc_` are filled, everything else stays: `tthc_total` is the total of the province (or of the
one unit asked for), `tthc_total_in_H99_01` that of unit H99.01; `tthc_points_2_1`, `tthc_numerator_2_1`,
`tthc_denominator_2_1`, `tthc_ratio_2_1`, `tthc_max_2_1` are of component 2.1, `tthc_group_3` the points of group 3;
`tthc_ranking` is the top left cell of the ranking (rank, code, unit, level, total, maximum, on 100, grade, groups).
Charts and pictures of the template are lost: the library that writes workbooks does not keep them.
"""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from tthc_cli.errors import InputError
from tthc_cli.office.package import fixed_times
from tthc_cli.render.template_names import PREFIX, RANKING, named_values, nearest_name, ranking_row

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from tthc_cli.render.template_names import Named
    from tthc_cli.render.view.model import CardView, UnitView


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
            if key == RANKING:
                _fill_ranking(card, sheet, start.row, start.column)
            elif key in known:
                _set(start, known[key])
            else:
                raise InputError("template_name", path=str(template), name=name, nearest=nearest_name(key, known))
    stream = io.BytesIO()
    book.save(stream)
    return fixed_times(stream.getvalue(), card.as_of)


def _set(cell: Any, named: Named) -> None:
    if isinstance(named, str):
        cell.value, cell.data_type = named, "s"
    else:
        value = named.value
        cell.value = value if value is None or isinstance(value, int) else float(value)


def _fill_ranking(card: CardView, sheet: Any, row: int, column: int) -> None:
    for line, unit in enumerate(card.units, row):
        for offset, value in enumerate(ranking_row(card, unit)):
            _set(sheet.cell(line, column + offset), value)
