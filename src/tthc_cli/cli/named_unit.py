"""The unit of a scorecard that a person means by a code or a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tthc_cli.errors import InputError, nearest
from tthc_cli.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tthc_cli.results.scorecard import UnitScore


def find_unit(units: Iterable[UnitScore], text: str) -> UnitScore | None:
    """The unit of that code, else of that name (accents and case do not matter), if there is one."""
    known = list(units)
    exact = [u for u in known if u.id == text]
    folded = [u for u in known if fold(u.name) == fold(text)]
    return next(iter(exact + folded), None)


def named_unit(units: Iterable[UnitScore], text: str) -> UnitScore:
    """As find_unit. Raises InputError with the nearest known code or name."""
    known = list(units)
    found = find_unit(known, text)
    if found is None:
        names = [u.id for u in known] + [u.name for u in known]
        raise InputError("unknown_unit", unit=text, nearest=nearest(text, names) or "–")
    return found
