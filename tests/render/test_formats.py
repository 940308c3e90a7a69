"""Numbers and dates as people write them."""

from decimal import Decimal
from fractions import Fraction

import pytest

from tthc_cli.render import formats
from tthc_cli.render.text import clean
from tthc_cli.text import no_formula


@pytest.mark.parametrize(
    ("value", "vi", "en"),
    [
        (Decimal("1234567.50"), "1.234.567,50", "1,234,567.50"),
        (Decimal("0.005"), "0,01", "0.01"),
        (Fraction(2, 3), "0,67", "0.67"),
        (Decimal(0), "0,00", "0.00"),
        (Decimal("8.5"), "8,5", "8.5"),
        (None, "–", "–"),
    ],
)
def test_two_decimals(value, vi, en):
    assert (formats.fixed(value, "vi"), formats.fixed(value, "en")) == (vi, en)


def test_counts_have_no_decimals_unless_they_are_fractions():
    assert formats.plain(Fraction(12000), "vi") == "12.000"
    assert formats.plain(Fraction(205, 2), "en") == "102.50"


def test_half_a_hundredth_goes_up_also_where_floats_would_not():
    assert formats.percent(Fraction(100005, 1000000), "vi") == "10,00%"
    assert formats.percent(Fraction(100050, 1000000), "vi") == "10,01%"
    assert formats.fixed(Decimal("1.005"), "en") == "1.01"
    assert formats.fixed(Decimal("-1.005"), "en") == "-1.01"


def test_changes_carry_a_sign():
    assert formats.signed(Decimal("1.50"), "vi") == "+1,50"
    assert formats.signed(Decimal("-1.50"), "vi") == "−1,50"
    assert formats.signed(0, "vi", 0) == "0"


@pytest.mark.parametrize(
    ("period", "vi", "en"),
    [
        ("2023Q2", "Quý II năm 2023", "Quarter 2 of 2023"),
        ("2023-06", "Tháng 6 năm 2023", "Month 6 of 2023"),
        ("2023H2", "6 tháng cuối năm 2023", "Second half of 2023"),
        ("2023", "Năm 2023", "Year 2023"),
    ],
)
def test_periods_in_words(period, vi, en):
    assert (formats.period_name(period, "vi"), formats.period_name(period, "en")) == (vi, en)


def test_days_and_moments():
    assert formats.day("2023-06-30", "vi") == "30/06/2023"
    assert formats.day("2023-06-30T17:05:00", "vi") == "30/06/2023 17:05"
    assert formats.day("2023-07-01T00:00:00", "en") == "2023-07-01"


def test_what_cannot_be_seen_is_taken_out():
    assert clean("Sở\r\nY\ttế\x00\x1b[0m\u202e\ud800\ufffe") == "Sở Y tế[0m"


def test_accents_are_composed():
    assert clean("Xa\u0303") == "Xã"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(1)"])
def test_csv_cells_that_would_be_formulas_get_an_apostrophe(text):
    assert no_formula(text) == "'" + text
