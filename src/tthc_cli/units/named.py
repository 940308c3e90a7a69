"""The unit that a person means by a code or a name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar

from tthc_cli.errors import InputError, nearest
from tthc_cli.text import fold


class Named(Protocol):
    """A unit of a scorecard or of a tree."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...


U = TypeVar("U", bound=Named)


def find_unit(units: Iterable[U], text: str) -> U | None:
    """The unit of that code, else of that name (accents and case do not matter), if there is one."""
    known = list(units)
    exact = [u for u in known if u.id == text]
    folded = [u for u in known if fold(u.name) == fold(text)]
    return next(iter(exact + folded), None)


def named_unit(units: Iterable[U], text: str) -> U:
    """As find_unit. Raises InputError with the nearest known code or name."""
    known = list(units)
    found = find_unit(known, text)
    if found is None:
        names = [u.id for u in known] + [u.name for u in known]
        raise InputError("unknown_unit", unit=text, nearest=nearest(text, names) or "–")
    return found
