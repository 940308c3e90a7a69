"""Numbers, dates and periods as people write them: 1.234,56 and 30/06/2023 in Vietnamese, 1,234.56 and 2023-06-30
in English."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from tthc_cli.messages import Lang, say
from tthc_cli.periods import parse_period
from tthc_cli.results.rounding import half_up, places_of

NOTHING = "–"
_ROMAN = ("", "I", "II", "III", "IV")


def fixed(value: Decimal | Fraction | int | None, lang: Lang, places: int | None = None) -> str:
    """A number with so many decimals, else with those it was rounded to; "–" for nothing.

    >>> fixed(Decimal("1234.50"), "vi"), fixed(Decimal("1234.50"), "en"), fixed(Decimal("8.5"), "vi")
    ('1.234,50', '1,234.50', '8,5')
    """
    if value is None:
        return NOTHING
    return written(value, lang, places_of(value) if places is None else places)


@lru_cache(maxsize=65536)
def written(value: Decimal | Fraction | int, lang: Lang, places: int) -> str:
    """A number with so many decimals; what was written is kept."""
    text = f"{half_up(value, places):,.{places}f}"
    return text.translate(str.maketrans(",.", ".,")) if lang == "vi" else text


def plain(value: Decimal | Fraction | int | None, lang: Lang) -> str:
    """A count or a maximum: whole numbers without decimals, others with those of `fixed`.

    >>> plain(Fraction(12345), "vi"), plain(Fraction(5, 2), "vi")
    ('12.345', '2,50')
    """
    if value is None:
        return NOTHING
    return fixed(value, lang, 0 if value.as_integer_ratio()[1] == 1 else None)


def percent(ratio: Fraction | None, lang: Lang) -> str:
    """A ratio as a percentage with two decimals.

    >>> percent(Fraction(1, 3), "vi")
    '33,33%'
    """
    return NOTHING if ratio is None else fixed(ratio * 100, lang) + "%"


def signed(value: Decimal | Fraction | int | None, lang: Lang, places: int | None = None) -> str:
    """A change, with its sign (a true minus, not a hyphen)."""
    if value is None:
        return NOTHING
    text = fixed(-value if value < 0 else value, lang, places)
    return text if value == 0 else ("+" if value > 0 else "\u2212") + text


@lru_cache(maxsize=65536)
def day(iso: str, lang: Lang) -> str:
    """A day or a moment; a time of 00:00 is not shown.

    >>> day("2023-06-30", "vi"), day("2023-06-30T17:00:00", "en")
    ('30/06/2023', '2023-06-30 17:00')
    """
    moment = datetime.fromisoformat(iso)
    date = f"{moment:%d/%m/%Y}" if lang == "vi" else f"{moment:%Y-%m-%d}"
    return date if (moment.hour, moment.minute, moment.second) == (0, 0, 0) else f"{date} {moment:%H:%M}"


def period_name(period_id: str, lang: Lang) -> str:
    """The period in words.

    >>> period_name("2023Q2", "vi"), period_name("2023H1", "en")
    ('Quý II năm 2023', 'First half of 2023')
    """
    period = parse_period(period_id)
    key = f"half_{period.index}" if period.kind == "half" else period.kind
    roman = _ROMAN[period.index] if period.kind == "quarter" else ""
    return say(f"render.period.{key}", lang, index=period.index, year=period.year, roman=roman)
