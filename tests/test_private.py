"""What may be shown of a text: personal numbers and addresses are masked, codes, dates and amounts stay."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tthc_cli.private import label, masked

HIDDEN = {
    "0912345678": "…",
    "gọi 0912 345 678 nhé": "gọi … nhé",
    "0912.345.678": "…",
    "0912-345-678": "…",
    "0912–345–678": "…",
    "0912\u200b345\u00a0678": "…",
    "０９１２３４５６７８": "…",
    "001 099 012345": "…",
    "001099012345, 05/04/2023": "…, 05/04/2023",
    "912.345.678": "…",
    "an.nguyen@thu.gov.vn": "…",
    "số 12 ngõ 34 đường Láng": "…",
    "12/3 đường Láng": "…",
    "12 Trần Phú, phường 5, Huế": "…",
    "thôn 3": "…",
    "ấp 5": "…",
    "tổ dân phố 7": "…",
    "H99-0912345678": "H…",
}
KEPT = (
    "kho/units/all-749517678990.parquet", "kho/dossiers/2023-04-749517678990.parquet",
    "H08.16.22-230405-0017", "000.00.22.H08-230405-0017", "h99.22 – 230405-0017", "000.16.22.H99", "1.001234",
    "1.001234.000.00.00.H08", "05/04/2023 08:30:15", "2023-04-05T08:30:15.000", "20240601083000",
    "HS_01062024_083015.xlsx", "tu_01-06-2024_den_30-06-2024", "1.200.000.000", "912.345.678 đồng", "1,234,567,890",
    "9f86d081884c", "192.168.100.123", "Quận 1", "Phường 12", "quý 2 tổ chức", "766/QĐ-TTg",
)  # fmt: skip
LONG = re.compile(r"\d[\d\s.\-()]*\d")


@pytest.mark.parametrize(("text", "shown"), HIDDEN.items())
def test_masked(text: str, shown: str) -> None:
    assert masked(text) == shown


@pytest.mark.parametrize("text", ["(024) 3825-1234", "+84 912.345.678", "[0912] 345-678"])
def test_no_digit_of_a_phone_is_left(text: str) -> None:
    assert not any(c.isdigit() for c in masked(text))


@pytest.mark.parametrize("text", KEPT)
def test_kept(text: str) -> None:
    assert masked(text) == text


@given(st.text(alphabet="03456789 -()ă", max_size=60))
def test_no_long_number_is_left(text: str) -> None:
    """Of signs that make no date, amount or code."""
    assert not [hit[0] for hit in LONG.finditer(masked(text)) if sum(c.isdigit() for c in hit[0]) >= 9]


@given(st.text(alphabet="0123456789 .-()abH/@…", max_size=60))
def test_what_is_masked_stays_as_it_is(text: str) -> None:
    assert masked(masked(text)) == masked(text)


@given(st.text(alphabet="0123456789 .-()ab/›@", max_size=60))
def test_a_masked_name_stays_as_it_is(text: str) -> None:
    assert label(label(text)) == label(text)


@pytest.mark.parametrize(
    "part", ["1 ", "a.", "0", "1.001234", "a@", "12/", "f", "H99.", "số ", "đường ", "1-", "12.345."]
)
def test_time_follows_length(part: str) -> None:
    began = time.process_time()
    masked(part * (400_000 // len(part)))
    assert time.process_time() - began < 3
