"""Text in the font encodings used before Unicode: TCVN3 (ABC, .VnTime) and VNI, told by what reads as Vietnamese.

In these encodings a letter such as à is stored under the code of another character (TCVN3 "Ngµy", VNI "Ngaøy"). A text
is converted only when its words are no Vietnamese as they stand and are once converted.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Literal

from tthc_cli.text import fold

Font = Literal["TCVN3", "VNI"]

_TCVN3_FROM = (
    "¡¢£¤¥¦§¨©ª«¬\u00ad®µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ"
)  # fmt: skip
_TCVN3_TO = "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ"
_TCVN3 = str.maketrans(_TCVN3_FROM, _TCVN3_TO)

_PLAIN_MARKS = {"ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
_ROOF_MARKS = {"â": "", "á": "\u0301", "à": "\u0300", "å": "\u0309", "ã": "\u0303", "ä": "\u0323"}
_BREVE_MARKS = {"ê": "", "é": "\u0301", "è": "\u0300", "ú": "\u0309", "ü": "\u0303", "ë": "\u0323"}
_VNI_ALONE = {"ñ": "đ", "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "ô": "ơ", "ö": "ư", "î": "ỵ"}


def _vni_table() -> dict[str, str]:
    table: dict[str, str] = {}
    for mark, tone in _PLAIN_MARKS.items():
        for base in "aeouy":
            table[base + mark] = unicodedata.normalize("NFC", base + tone)
        table["ô" + mark] = unicodedata.normalize("NFC", "ơ" + tone)
        table["ö" + mark] = unicodedata.normalize("NFC", "ư" + tone)
    for mark, tone in _ROOF_MARKS.items():
        for base in "aeo":
            table[base + mark] = unicodedata.normalize("NFC", base + "\u0302" + tone)
    for mark, tone in _BREVE_MARKS.items():
        table["a" + mark] = unicodedata.normalize("NFC", "a\u0306" + tone)
    table |= _VNI_ALONE
    for source, target in list(table.items()):
        table[source.upper()] = target.upper()
        table[source[0].upper() + source[1:]] = target.upper()
    return table


_VNI = _vni_table()
_VNI_PATTERN = re.compile("|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)))


def convert(text: str, font: Font) -> str:
    """The text in Unicode.

    >>> convert("Ngµy tiÕp nhËn", "TCVN3"), convert("Ngaøy tieáp nhaän", "VNI")
    ('Ngày tiếp nhận', 'Ngày tiếp nhận')
    """
    return text.translate(_TCVN3) if font == "TCVN3" else _VNI_PATTERN.sub(lambda m: _VNI[m[0]], text)


_VIETNAMESE = frozenset("àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵ")
_SYLLABLE = re.compile(
    r"(ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnpqrstvx])?"
    r"(oai|oay|oeo|uay|uoi|uou|uya|uye|uyu|ieu|yeu|ai|ao|au|ay|eo|eu|ia|ie|iu|oa|oe|oi|oo|ua|ue|ui|uo|uu|uy|ye|[aeiouy])"
    r"(ng|nh|ch|[cmnpt])?"
)


@lru_cache(maxsize=65536)
def _is_syllable(word: str) -> bool:
    low = word.lower()
    if any(ord(c) > 127 and c not in _VIETNAMESE for c in low):
        return False
    tones = sum(unicodedata.normalize("NFD", c)[-1:] in "\u0300\u0301\u0303\u0309\u0323" for c in low)
    return tones <= 1 and word[1:] in (low[1:], word[1:].upper()) and _SYLLABLE.fullmatch(fold(low)) is not None


def score(texts: Iterable[str]) -> tuple[int, int]:
    """(words with letters beyond ASCII that are Vietnamese syllables, words with such letters)."""
    good = total = 0
    for text in texts:
        for word in re.split(r"[^\w\u00a1-\u00ff]+", unicodedata.normalize("NFC", text)):
            if word.isascii():
                continue
            total += 1
            good += _is_syllable(word)
    return good, total


def font_of(texts: Sequence[str]) -> Font | None:
    """The legacy font in which some texts are written; None for Unicode, plain ASCII, or what is no Vietnamese."""
    sample = [t for t in texts if t and not t.isascii()][:2000]
    if not sample or any(c in "ăđơư" or "\u1ea0" <= c <= "\u1ef9" for t in sample for c in t):
        return None
    good, total = score(sample)
    best: tuple[float, Font] | None = None
    fonts: tuple[Font, ...] = ("TCVN3", "VNI")
    for font in fonts:
        fits, words = score(convert(t, font) for t in sample)
        share = fits / max(1, words)
        if share >= 0.8 and share > good / max(1, total) + 0.2 and (best is None or share > best[0]):
            best = share, font
    return best[1] if best else None
