"""A form whose tables are too wide for a sheet of paper, cut into tables that are not."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tthc_cli.results.form import Form

MOST = 17
"""Columns of figures that A4 across takes at 8 points."""


def banded(form: Form, most: int = MOST) -> Form:
    """The form with no more than so many columns of figures; the others follow as further tables, each with the names
    of the rows. A table is cut where a widest heading ends."""
    first, *more = [band for one in (form, *form.parts) for band in _cut(one, most)]
    return replace(first, parts=tuple(more))


def _cut(form: Form, most: int) -> list[Form]:
    if len(form.figures) <= most:
        return [form]
    groups = [len(list(of)) for _, of in groupby(form.figures, key=lambda column: column.heads_vi[0])]
    ends, end = [0], 0
    for size in groups:
        if end + size - ends[-1] > most and end > ends[-1]:
            ends.append(end)
        end += size
    return [_band(form, start, stop) for start, stop in zip(ends, [*ends[1:], end], strict=True)]


def _band(form: Form, start: int, stop: int) -> Form:
    names = [column for column in form.columns if column.kind in ("ordinal", "label")]
    rows = tuple(replace(row, figures=row.figures[start:stop]) for row in form.rows)
    return replace(form, columns=(*names, *form.figures[start:stop]), rows=rows)
