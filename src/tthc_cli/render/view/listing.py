"""Cells of a list as people read them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from tthc_cli.render import formats
from tthc_cli.render.text import clean
from tthc_cli.results.listing import Cell, Column

if TYPE_CHECKING:
    from tthc_cli.messages import Lang


def cell_text(value: Cell, column: Column, lang: Lang) -> str:
    """A cell as people read it."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return formats.day(value.isoformat(), lang)
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, int) or value.is_integer():
        return formats.plain(int(value), lang)
    from fractions import Fraction

    return formats.fixed(Fraction(value), lang, 1 if value == round(value, 1) else 2)
