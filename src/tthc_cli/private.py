"""Words that may be shown: numbers of nine digits and more, e-mail and other addresses are masked with "…".

What stays is told by its grammar: codes of dossiers, procedures and units, dates and times, amounts with marks between
their thousands, hashes, addresses of servers. No pattern repeats a repetition, so that a long text costs what its
length says.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import lru_cache

MASK = "…"
LONG = 9
"""Digits from which a number may be a person's."""
MEMBER = " › "
"""Between an archive and its member."""
_HIDDEN = "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
_DASH = "\\-\u2010-\u2015\u2043\u2212\ufe58\ufe63\uff0d"
_CHUNK = re.compile(rf"\d[\d\s.·•_()\[\]{{}}（）．{_DASH}{_HIDDEN}]+\d")
_DAY, _MONTH, _YEAR = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])", r"(?:19|20)\d\d"
_DAY2, _MONTH2 = r"(?:0[1-9]|[12]\d|3[01])", r"(?:0[1-9]|1[0-2])"
_CLOCK = r"(?:[01]\d|2[0-3])[-_:h.]?[0-5]\d(?:[-_:.]?[0-5]\d)?"
_UNIT = r"[A-Za-z]\d{2,3}(?:\.\d{2,3}){0,5}"
_OCTET = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_KEPT = (
    rf"(?<![^\W_])(?:(?<![.\d])(?:\d{{2,3}}\.){{1,6}})?{_UNIT} ?[{_DASH}] ?\d\d{_MONTH2}{_DAY2}"
    rf" ?[{_DASH}] ?\d{{1,6}}(?!\d)",
    rf"(?<![\w.])(?:\d{{2,3}}\.){{0,6}}{_UNIT}(?![\w.{_DASH}])",
    rf"(?<![\w.])\d\.\d{{6}}(?:\.\d{{2,3}}){{0,5}}[.\-]{_UNIT}(?![^\W_]|\.\d)",
    r"(?<![\w.])\d\.\d{6}(?:\.0{2,3}){1,4}(?!\.?\d)",
    rf"(?<![\d./\-])(?P<a>{_DAY}(?P<s>[./\-]){_MONTH}(?P=s){_YEAR}|{_YEAR}(?P<t>[./\-]){_MONTH}(?P=t){_DAY})"
    r"(?:[ T]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)?(?![./\-]?\d)",
    rf"(?<!\d)20\d\d{_MONTH2}{_DAY2}(?:[-_ T.]?{_CLOCK})?(?!\d)",
    rf"(?<!\d){_DAY2}{_MONTH2}20\d\d[-_T]{_CLOCK}(?!\d)",
    r"(?<![\d.,+\-])[1-9](?:\.\d{3}){3}(?![.\d])",
    r"(?<![\d.,+\-])[1-9]\d{0,2}(?:\.\d{3}){2,4}(?=\s{0,2}(?:đồng|vnđ|vnd|đ\b))",
    r"(?<![0-9A-Za-z])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![0-9A-Za-z])",
    r"(?<![0-9A-Za-z])(?=\d{0,63}[a-f])(?![0-9a-f]{0,63}(?<!\d)0\d{8})(?:[0-9a-f]{12}|[0-9a-f]{16})(?![0-9A-Za-z])",
    r"(?<![0-9A-Za-z])(?=\d{0,63}[a-f])(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})(?![0-9A-Za-z])",
    rf"(?<![\d.]){_OCTET}\.{_OCTET}\.{_OCTET}\.{_OCTET}(?!\.?\d)",
    r"(?<![0-9A-Za-z])(?:all|none|\d{4}-\d\d)-\d{12}(?=\.parquet(?![0-9A-Za-z]))",
)
_GRAMMAR = re.compile("|".join(_KEPT), re.IGNORECASE)
_MAIL = re.compile(r"(?<![\w.+\-])[\w.+\-]+[@＠][\w.\-]+")
_REST = r"""(?:[^;›"\n\t./]|\.(?=\s)|/(?=\d)){0,200}"""
_NUMBERED = "ngõ|ngo|ngách|ngach|hẻm|kiệt|thôn|xóm|ấp|khu phố|tổ dân phố|to dan pho|tổ|đường|phố"
_HOUSE = r"\d{1,4}[a-z]?(?:/\d{1,4}[a-z]?){0,3}"
_PLACE = r"(?:p\.|q\.|h\.|x\.|tp|tx|tt\.|phường|xã|thị|quận|huyện|thành phố|tỉnh)"
_ADDRESS = re.compile(
    rf"(?<!\w)(?:(?:số nhà|so nha|nhà số|nha so)\s{{0,3}}\d|(?:{_NUMBERED})\s{{0,3}}(?:số\s{{0,3}})?\d"
    rf"|(?:(?:số|so)\s{{0,3}})?{_HOUSE},?\s{{1,3}}(?:đường|duong|phố|ngõ|ngo|ngách|ngach|hẻm|kiệt)(?!\w)"
    rf"|(?<![\s\S])(?:(?:số|so)\s{{0,3}})?{_HOUSE}\s[^\W\d_]+\s[^\d;,›\"\n]{{1,60}},\s{{0,3}}{_PLACE}"
    rf"){_REST}",
    re.IGNORECASE,
)


@lru_cache(maxsize=65536)
def masked(text: str) -> str:
    """The text without what may be a person's.

    >>> masked("H08.16.22-230405-0017, 05/04/2023 08:30, 0912 345 678, an@thu.vn")
    'H08.16.22-230405-0017, 05/04/2023 08:30, …, …'
    """
    if not any(c.isdecimal() or c in "@＠" for c in text):
        return text
    plain = unicodedata.normalize("NFC", text)
    found = _ADDRESS.sub(MASK, _MAIL.sub(MASK, plain))
    parts, last = [], 0
    for hit in _GRAMMAR.finditer(found):
        parts += [_CHUNK.sub(_long, found[last : hit.start()]), hit[0]]
        last = hit.end()
    whole = "".join([*parts, _CHUNK.sub(_long, found[last:])])
    return text if whole == plain else whole


def _long(hit: re.Match[str]) -> str:
    return MASK if sum(c.isdecimal() for c in hit[0]) >= LONG else hit[0]


def is_told(text: str) -> bool:
    """Whether a text is nothing but a code, date, amount or hash."""
    return bool(_GRAMMAR.fullmatch(text))


def is_private(text: str) -> bool:
    """Whether a text holds what `masked` hides."""
    return masked(text) != text


def name(text: str) -> str:
    """The name of a file or sheet as it is stored and shown: where something is masked, letters stand behind it that
    tell it from other names. A name that is masked already stays as it is.

    >>> name("0912345678.xlsx")[:2], name("0912345678.xlsx")[-5:], name("a.xlsx")
    ('…~', '.xlsx', 'a.xlsx')
    """
    shown = masked(text)
    if shown == text:
        return text
    stem, dot, suffix = text.rpartition(".")
    if not dot or len(suffix) > 5 or not suffix.isascii() or not suffix.isalnum() or suffix.isdigit():
        stem, dot, suffix = text, "", ""
    told = hashlib.sha256(unicodedata.normalize("NFC", text).encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{masked(stem)}~{told.translate(_LETTERS)}{dot}{suffix}"


_LETTERS = str.maketrans("0123456789abcdef", "ghijklmnopabcdef")


def label(path: str) -> str:
    """A path, or "a.zip › b.xlsx", each of its names as `name` gives it."""
    if not is_private(path):
        return path
    return MEMBER.join("/".join(map(name, part.split("/"))) for part in path.split(MEMBER))
