"""Codes in one form: units, dossiers, procedures, periods, indicators.

Old unit codes ("000.16.22.H99") are reversed and their zero parts dropped ("H99.22.16"); a dossier code keeps its
date and serial behind the unit code; a procedure code keeps its national part ("1.001234").
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tthc_cli.ingest.cleaning.nothing import is_nothing, unguarded
from tthc_cli.ingest.vectors import arrow, vector
from tthc_cli.periods import spelled_period
from tthc_cli.private import is_private
from tthc_cli.text import fold, nfc
from tthc_cli.units.codes import is_unit_code, unit_code

_PROCEDURE = re.compile(r"(\d)\.(\d{4,6})(?:\.000)?(?:[.\-](?:\d{2,3}\.)*[A-Z]\d{2,3}(?:\.\d{2,3})*)?(?:\.000)*")
_LED_PROCEDURE = re.compile(r"(?:(?:MÃ(?:SỐ)?)?(?:TTHC|THỦTỤC)?[:.\-]?)(\d)\.(\d{6})(?:[^\d].*)?")
"""A whole procedure code with a word before it, or a name or unit behind it."""
_MANGLED = r"^(?:\d(?:[.,]\d+)?E\+?\d+|\d+[.,]\d+|\d{4}-\d\d-\d\d(?:[ T]?00:00:00)?)$"
"""What Excel makes of a code that it takes for a number or a date."""
_EXCEL_DIGITS = 15


_INVISIBLE = re.compile("[\x00-\x08\x0e-\x1f\x7f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
"""Control characters and marks without width; a byte order mark in the midst of a file is one."""
_DASH = re.compile("[\u2010-\u2015\u2043\u2212\ufe58\ufe63\uff0d]")


@lru_cache(maxsize=16384)
def tidy(text: str) -> str:
    """Composed form, blanks folded, guards against Excel and what cannot be seen removed; "" for a word for nothing."""
    plain = unguarded(nfc(_INVISIBLE.sub("", text))).strip()
    return "" if is_nothing(plain) else plain


def code_form(text: str) -> str:
    """A code in its one form: plain letters and digits in upper case, one kind of hyphen, no blanks.

    >>> code_form("ｈ99.22 – ２３０４０５-0017")
    'H99.22-230405-0017'
    """
    plain = unicodedata.normalize("NFKC", _DASH.sub("-", tidy(text)))
    return "".join(plain.upper().split())


@lru_cache(maxsize=65536)
def unit(text: str) -> str:
    """A unit code in the new form; a name as it is.

    >>> unit("000.16.22.H99"), unit("H99.22.00"), unit("Sở  Công Thương")
    ('H99.22.16', 'H99.22', 'Sở Công Thương')
    """
    return unit_code(code_form(text)) or tidy(text)


@lru_cache(maxsize=65536)
def procedure(text: str) -> str:
    """The national part of a procedure code, with the trailing zeros that Excel ate.

    >>> procedure("1.001234.000.00.00.H08.02"), procedure("1.00123"), procedure("1.001234 - Cấp giấy phép")
    ('1.001234', '1.001230', '1.001234')
    """
    clean = code_form(text)
    hit = _PROCEDURE.fullmatch(clean.replace(",", ".")) or _LED_PROCEDURE.fullmatch(clean)
    return f"{hit[1]}.{hit[2]:0<6}" if hit else tidy(text)


def dossier(text: str) -> str:
    """A dossier code: upper case, no blanks, its unit code in the new form.

    >>> dossier(" 000.00.22.h08-230405-0017")
    'H08.22-230405-0017'
    """
    clean = code_form(text)
    head, dash, tail = clean.partition("-")
    return unit(head) + dash + tail if dash else clean


_PLAIN = np.ones(256, bool)
_PLAIN[[*range(48, 58), *range(65, 91), 45, 46]] = False
"""Bytes that a dossier code in the new form has not."""


def text_bytes(texts: pa.Array) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.uint8]]:
    """(offsets, shape (n + 1,); the bytes of all texts) of a string column."""
    n = len(texts)
    offsets = np.frombuffer(texts.buffers()[1], np.int32)[texts.offset : texts.offset + n + 1]
    return offsets, np.frombuffer(texts.buffers()[2] or b"", np.uint8)[: offsets[-1]]


def dossiers(texts: pa.Array) -> pa.Array:
    """All dossier codes of a column in one form, "" as null; those already in it are not touched."""
    n = len(texts)
    if n == 0:
        return texts
    offsets, data = text_bytes(texts)
    odd = np.zeros(n, bool)
    strange = np.flatnonzero(_PLAIN[data[offsets[0] :]])
    if data[offsets[0] :].tobytes().find(b".00") >= 0:
        odd |= vector(pc.match_substring(texts, ".00"), False)
    if len(strange):
        odd[np.searchsorted(offsets, strange + offsets[0], side="right") - 1] = True
    size = np.diff(offsets)
    odd |= size == len("NULL")
    filled = np.flatnonzero(size > 0)
    odd[filled[data[offsets[filled]] < 65]] = True
    odd[size == 0] = texts.null_count < np.count_nonzero(size == 0)
    if texts.null_count:
        odd &= ~vector(texts.is_null())
    if not odd.any():
        return texts
    fixed = [dossier(t) or None for t in texts.filter(arrow(odd)).to_pylist()]
    return pc.replace_with_mask(texts, arrow(odd), pa.array(fixed, pa.string()))


def _led_by_digit(texts: pa.Array) -> npt.NDArray[np.int64]:
    """Positions of the texts that begin with a digit."""
    offsets, data = text_bytes(texts)
    filled = np.flatnonzero(np.diff(offsets) > 0)
    return filled[data[offsets[filled]] - np.uint8(48) < 10] if len(filled) else filled


def are_numbers(texts: pa.Array) -> str:
    """One of the codes, when most codes of a column are nothing but digits; else ""."""
    at = _led_by_digit(texts)
    if len(at) * 2 <= len(texts) - texts.null_count:
        return ""
    some = texts.take(arrow(at))
    digits = some.filter(pc.match_substring_regex(some, r"^\d+$"))
    return str(digits[0]) if len(digits) * 2 > len(texts) - texts.null_count else ""


def mangled(texts: pa.Array, numeric: bool = False) -> npt.NDArray[np.int64]:
    """Positions of dossier codes that are numbers or dates, as Excel leaves them ("2.02305E+14", "230602").

    Where codes are `numeric`, digits alone are right; but not when all those of more than 15 digits end in zeros from
    the 16th on, for Excel keeps 15.
    """
    at = _led_by_digit(texts)
    if not len(at):
        return at
    some = texts.take(arrow(at))
    hits = vector(pc.match_substring_regex(some, _MANGLED), False)
    digits = vector(pc.match_substring_regex(some, r"^\d+$"), False)
    if numeric:
        long = digits & vector(pc.greater(pc.binary_length(some), _EXCEL_DIGITS), False)
        cut = vector(pc.match_substring_regex(some, r"^\d{15}0+$"), False)
        digits = long & (np.count_nonzero(long) >= 3) & (cut[long].all() if long.any() else False)
    found: npt.NDArray[np.int64] = at[hits | digits]
    return found


NUMBERED = frozenset({"MaPAKN", "MaPhieu", "SoQuyetDinh"})
"""Codes that may be long numbers."""
_NUMBER_ALONE = re.compile(r"[1-9]\d*")


@lru_cache(maxsize=65536)
def like_personal(text: str) -> bool:
    """Whether a text holds what looks like a phone, an identity number, an e-mail or other address.

    >>> [like_personal(t) for t in ("0912345678", "Sở Y tế (0912 345 678)", "a@b.vn", "H99.22.16", "766/QĐ-TTg")]
    [True, True, True, False, False]
    """
    return is_private(text) and not (is_unit_code(text) or _PROCEDURE.fullmatch(text))


def like_a_phone(text: str) -> bool:
    """The same of a code that may be a long number: such a one begins with no 0, as phones and identity numbers do.

    >>> [like_a_phone(t) for t in ("0912345678", "20230405000017")]
    [True, False]
    """
    return like_personal(text) and not _NUMBER_ALONE.fullmatch(text)


def of_persons(given: pa.Array, codes: pa.Array) -> npt.NDArray[np.int64]:
    """Positions of dossier codes that were `given` as phones, identity numbers, or e-mail or other addresses."""
    if codes is given:  # all in the one form
        return np.zeros(0, np.int64)
    offsets, data = text_bytes(codes)
    filled = np.flatnonzero(np.diff(offsets) > 0)
    if not len(filled):
        return filled
    lead = data[offsets[filled]]
    odd = np.zeros(len(codes), bool)
    odd[filled[(lead - np.uint8(65) >= 26) & (lead - np.uint8(49) >= 9)]] = True
    strange = np.flatnonzero(_PLAIN[data[offsets[0] :]])
    if len(strange):
        odd[np.searchsorted(offsets, strange + offsets[0], side="right") - 1] = True
    numbers = filled[lead - np.uint8(49) < 9]
    if len(numbers):
        odd[numbers] |= ~vector(pc.match_substring_regex(codes.take(arrow(numbers)), r"^\d+$"), False)
    at = np.flatnonzero(odd)
    texts = given.take(arrow(at)).to_pylist()
    found: npt.NDArray[np.int64] = at[[bool(text) and like_a_phone(text) for text in texts]] if len(at) else at
    return found


_UNIT_OF_DOSSIER = r"^(?P<unit>[A-Z]\d{2,3}(?:\.\d{2,3})*)-"


def units_of_dossiers(codes: pa.Array) -> pa.Array:
    """The unit code that each dossier code starts with; null where there is none."""
    return pc.struct_field(pc.extract_regex(codes, _UNIT_OF_DOSSIER), "unit")


@lru_cache(maxsize=4096)
def period(text: str) -> str | None:
    """A period in the form 2023Q2, 2023-06, 2023H1 or 2023, also one that Excel made a day or a number of; None when
    it is none.

    >>> period("Quý II/2023"), period("2023-06-01 00:00:00"), period("2023.0")
    ('2023Q2', '2023-06', '2023')
    """
    words = fold(text)
    if stamp := re.fullmatch(r"(\d{4} \d\d) 01(?: 00 00 00)?", words):
        return spelled_period(stamp[1])
    return spelled_period(words.removesuffix(" 0") if re.fullmatch(r"20\d\d 0", words) else text)


_OPEN = re.compile(r"20\d\d(?:Q|H|-)\?")


def published_period(text: str) -> str | None:
    """A period, or one of which only year and kind are known.

    >>> published_period("Quý II/2023"), published_period("2026Q?"), published_period("quarter")
    ('2023Q2', '2026Q?', None)
    """
    return text if _OPEN.fullmatch(text) else period(text)


_CRITERION = re.compile(r"(?:t?c|(?:tieu chi|chi so)(?: so)?|tieuchi) ?(0?[1-9]|1[01])")
_FIGURE = re.compile(r" ?[a-z_]+")


def indicator(text: str) -> str | None:
    """An indicator id such as "1.1", a criterion ("c7") or a figure of one ("c5:received"); None for anything else (a
    date that Excel made of it).

    >>> indicator("1,1"), indicator(" 2.1."), indicator("2023-01-01 00:00:00"), indicator("Tiêu chí 7")
    ('1.1', '2.1', None, 'c7')
    >>> indicator("C5: received")
    'c5:received'
    """
    clean = tidy(text).replace(",", ".").rstrip(".")
    name, colon, figure = clean.lower().partition(":")
    criterion = _CRITERION.fullmatch(fold(name))
    if criterion and bool(colon) == bool(_FIGURE.fullmatch(figure)):
        return f"c{int(criterion[1])}{colon}{figure.strip()}"
    return clean if re.fullmatch(r"\d{1,2}\.\d{1,2}", clean) else None
