"""Codes of units, also as they stand in codes of dossiers."""

from __future__ import annotations

import re

_NEW_CODE = re.compile(r"[A-Z]\d{2,3}(?:\.\d{2,3})*")
_OLD_CODE = re.compile(r"(?:\d{2,3}\.)+[A-Z]\d{2,3}")


def unit_code(text: str) -> str | None:
    """The unit code that a text is, in the new form without zero parts; None when it is no code.

    >>> unit_code("000.16.22.H99"), unit_code("H99.22.16"), unit_code("Sở Y tế")
    ('H99.22.16', 'H99.22.16', None)
    """
    code = text.strip().upper()
    if _OLD_CODE.fullmatch(code):
        parts = code.split(".")[::-1]
    elif _NEW_CODE.fullmatch(code):
        parts = code.split(".")
    else:
        return None
    return ".".join([parts[0], *(part for part in parts[1:] if part.strip("0"))])


def is_unit_code(text: str) -> bool:
    """Whether a text is a unit code in the new form."""
    return _NEW_CODE.fullmatch(text) is not None


def dossier_code(text: str) -> str:
    """A dossier code as it is stored: its unit code in the new form.

    >>> dossier_code("000.00.22.H99-230405-0017")
    'H99.22-230405-0017'
    """
    unit, _, rest = text.strip().partition("-")
    return f"{unit_code(unit) or unit}-{rest}"
