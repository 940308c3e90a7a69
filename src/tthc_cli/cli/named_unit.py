"""The unit of a scorecard that a person means by a code or a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tthc_cli.errors import InputError, nearest
from tthc_cli.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tthc_cli.scorecard import UnitScore


def named_unit(units: Iterable[UnitScore], text: str) -> UnitScore:
    """The unit of that code, else of that name (accents and case do not matter).

    Raises InputError with the nearest known code or name.
    """
    known = list(units)
    for unit in known:
        if unit.id == text:
            return unit
    for unit in known:
        if fold(unit.name) == fold(text):
            return unit
    names = [u.id for u in known] + [u.name for u in known]
    raise InputError("unknown_unit", unit=text, nearest=nearest(text, names) or "–")
