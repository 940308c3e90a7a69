"""Text from exports made harmless: what no reader can see and no format can hold is taken out.

Escaping for one format (HTML, a spreadsheet, a CSV cell) is done where that format is written.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_BIDI = set("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def _visible(char: str) -> bool:
    if char in _BIDI:
        return False
    category = unicodedata.category(char)
    return category not in ("Cc", "Cs", "Cn", "Co")


@lru_cache(maxsize=65536)
def clean(text: str) -> str:
    """The text without control characters, text-direction overrides, lone surrogates and unassigned code points;
    line breaks, tabs and runs of blanks become one blank; composed (NFC).

    >>> clean("Sở\\tTư  pháp\\x1b[31m")
    'Sở Tư pháp[31m'
    """
    spaced = " ".join(unicodedata.normalize("NFC", text).split())
    return "".join(char for char in spaced if _visible(char))
