"""Exact rounding, in one place: a half goes away from zero."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction


def half_up(value: Decimal | Fraction | int, places: int = 2) -> Decimal:
    """The value rounded half-up, exactly.

    >>> half_up(Fraction(89995, 1000)), half_up(Fraction(1, 3)), half_up(Fraction(-1, 200))
    (Decimal('90.00'), Decimal('0.33'), Decimal('-0.01'))
    """
    over, under = value.as_integer_ratio()
    whole = (2 * abs(over) * 10**places + under) // (2 * under)
    return Decimal(whole if over >= 0 else -whole).scaleb(-places)


def places_of(value: Decimal | Fraction | int) -> int:
    """Decimals that a number is shown with: one where it was rounded to one, else two.

    >>> places_of(Decimal("8.5")), places_of(Decimal("8.50")), places_of(Fraction(17, 2))
    (1, 2, 2)
    """
    return 1 if isinstance(value, Decimal) and value.as_tuple().exponent == -1 else 2
