"""Officials: what stands for a person, and the operator's own list of who that is.

The list is read when something is printed, and nothing of it is ever stored.
"""

from __future__ import annotations

import csv
import hashlib
import hmac
import io
import unicodedata
from collections.abc import Mapping
from pathlib import Path

from tthc_cli.errors import InputError
from tthc_cli.machine import hand_written
from tthc_cli.units.codes import unit_code

MARK = "cb~"
"""Every hash begins so; no typed code does."""
HEADINGS = ("MaCanBo", "DonVi", "HoTen")
"""Of the list: the code, else the unit's code by which the name was hashed; the name."""
_LETTERS = str.maketrans("0123456789abcdef", "ghijklmnopabcdef")


def hashed(key: bytes, name: str, unit: str) -> str:
    """What stands for a person of a unit: 64 bits of HMAC-SHA256, in letters, so that none is taken for a number.

    The case of letters and the width of blanks make no difference; the unit does, for names are borne by many.
    """
    plain = " ".join(unicodedata.normalize("NFC", name).casefold().split())
    told = hmac.new(key, f"{unit}\x1f{plain}".encode(), hashlib.sha256).hexdigest()[:16]
    return MARK + told.translate(_LETTERS)


def names_of(path: Path, key: bytes | None = None) -> Mapping[str, str]:
    """Code or hash -> name, from the operator's list: CSV with MaCanBo, DonVi, HoTen. A line without a code is hashed
    with the key. Raises InputError when the list cannot be read or has other headings."""
    try:
        text = hand_written(path)
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("no_official_names", path=str(path), detail=type(error).__name__) from None
    first = text.partition("\n")[0]
    lines = csv.DictReader(io.StringIO(text), delimiter=max(",;\t", key=first.count))
    if not {"MaCanBo", "HoTen"} <= set(lines.fieldnames or ()):
        raise InputError("no_official_names", path=str(path), detail=", ".join(HEADINGS))
    names: dict[str, str] = {}
    for line in lines:
        code, name = ((line.get(heading) or "").strip() for heading in ("MaCanBo", "HoTen"))
        if not code and name and key is not None:
            code = hashed(key, name, unit_code(line.get("DonVi") or "") or "")
        if code and name:
            names[code] = name
    return names


def shown(code: str, names: Mapping[str, str]) -> str:
    """An official as printed: the name where the operator's list has one, with the code; else the code.

    >>> shown("CB-01", {"CB-01": "Mẫu"}), shown("CB-02", {})
    ('Mẫu (CB-01)', 'CB-02')
    """
    return f"{names[code]} ({code})" if code in names else code
