"""Codes, words and numbers as people write them."""

from __future__ import annotations

import pyarrow as pa
import pytest

from tthc_cli.ingest.cleaning import clean_codes as codes
from tthc_cli.ingest.cleaning import clean_numbers as numbers
from tthc_cli.ingest.cleaning.clean import clean
from tthc_cli.schema import all_tables, table


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("000.16.22.H99", "H99.22.16"),
        ("000.00.22.H99", "H99.22"),
        ("H99.22.16", "H99.22.16"),
        ("h99.22", "H99.22"),
        ("000.00.00.H99", "H99"),
        ("H99.22.16.000", "H99.22.16"),
        ("000.00.00.G05", "G05"),
        ("Sở Công Thương", "Sở Công Thương"),
    ],
)
def test_unit_codes(text: str, expected: str) -> None:
    assert codes.unit(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.001234", "1.001234"),
        ("1.001234.000.00.00.H08", "1.001234"),
        ("1.001234.H08", "1.001234"),
        ("1.00123", "1.001230"),
        ("1,001234", "1.001234"),
        ("TTHC-5", "TTHC-5"),
    ],
)
def test_procedure_codes(text: str, expected: str) -> None:
    assert codes.procedure(text) == expected


def test_dossier_codes_of_a_column() -> None:
    texts = [
        "H99.22.16-230405-0001",
        "000.16.22.H99-230405-0001",
        "h99.22.16-230405-0001 ",
        "'H99.22.16-230405-0001",
        None,
        "12345",
    ]
    expected = ["H99.22.16-230405-0001"] * 4 + [None, "12345"]
    assert codes.dossiers(pa.array(texts)).to_pylist() == expected
    assert codes.dossiers(pa.array(["x", *texts]).slice(1)).to_pylist() == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2023Q2", "2023Q2"),
        ("2023q2", "2023Q2"),
        ("Quý II/2023", "2023Q2"),
        ("quý 2 năm 2023", "2023Q2"),
        ("Q4/2023", "2023Q4"),
        ("2023-06", "2023-06"),
        ("06/2023", "2023-06"),
        ("Tháng 6/2023", "2023-06"),
        ("2023-06-01 00:00:00", "2023-06"),
        ("2023H1", "2023H1"),
        ("6 tháng đầu năm 2023", "2023H1"),
        ("2023", "2023"),
        ("Năm 2023", "2023"),
        ("2023.0", "2023"),
        ("13/2023", None),
        ("2023Q5", None),
        ("quý này", None),
        ("05/06/2023", None),
    ],
)
def test_periods(text: str, expected: str | None) -> None:
    assert codes.period(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.1", "1.1"),
        ("1,1", "1.1"),
        ("1.1.", "1.1"),
        ("2023-01-01 00:00:00", None),
        ("01/01/2023", None),
        ("1-Thg1", None),
        ("1", None),
    ],
)
def test_indicators(text: str, expected: str | None) -> None:
    assert codes.indicator(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1", 1),
        ("x", 1),
        ("X", 1),
        ("Có", 1),
        ("TRUE", 1),
        ("Đã", 1),
        ("Đã đồng bộ", 1),
        ("✓", 1),
        ("", 0),
        ("0", 0),
        ("Không", 0),
        ("Chưa đồng bộ", 0),
        ("-", 0),
        ("có thể", 1),
        ("đang làm", None),
    ],
)
def test_yes_or_no(text: str, expected: int | None) -> None:
    assert numbers.flag(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("120000", 120000),
        ("120.000", 120000),
        ("120.000 đ", 120000),
        ("120,000.00", 120000),
        ("1.200.000 VNĐ", 1200000),
        ("120000.0", 120000),
        ("Miễn phí", 0),
        ("theo quy định", None),
        ("-5000", None),
    ],
)
def test_amounts(text: str, expected: int | None) -> None:
    assert numbers.amount(text) == expected


@pytest.mark.parametrize(
    ("text", "mark", "expected"),
    [
        ("12,5", "", "12.5"),
        ("12.5", "", "12.5"),
        ("1.234,5", "", "1234.5"),
        ("1,234.5", "", "1234.5"),
        ("1.234.567", "", "1234567"),
        ("1.234", "", "ambiguous"),
        ("1,234", "", "ambiguous"),
        ("1.234", ",", "1234"),
        ("1.234", ".", "1.234"),
        ("0.125", "", "0.125"),
        ("20", "", "20"),
        ("20.0", "", "20"),
        ("-3", "", "-3"),
        ("0", "", "0"),
        ("mười", "", None),
        ("5%", "", None),
    ],
)
def test_decimals(text: str, mark: numbers.Mark, expected: str | None) -> None:
    assert numbers.decimal(text, mark) == expected


def test_a_column_proves_its_decimal_mark() -> None:
    assert numbers.decimal_mark(["1.234", "12,5"]) == ","
    assert numbers.decimal_mark(["1.234", "12.5"]) == "."
    assert numbers.decimal_mark(["1.234", "20"]) == ""
    assert numbers.decimal_mark(["12,5", "12.5"]) == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Trực tuyến", 2),
        ("TRỰC TUYẾN", 2),
        ("Nộp trực tuyến", 2),
        ("online", 2),
        ("2", 2),
        ("2.0", 2),
        ("2 - Trực tuyến", 2),
        ("Trực tuyến (DVC)", 2),
        ("Bưu chính công ích", 3),
        ("", None),
        ("7", 0),
        ("bồ câu", 0),
    ],
)
def test_channel_words(text: str, expected: int | None) -> None:
    cleaned = clean(table("dossiers").column("KenhThucHien"), pa.array([text or None], pa.string()), "dossiers")
    assert cleaned.array.to_pylist() == [expected]
    assert bool(cleaned.faults) == (text in ("7", "bồ câu"))


def test_unused_dictionary_entries_do_no_harm() -> None:
    raw = pa.DictionaryArray.from_arrays(
        pa.array([1, None], pa.int32()), pa.array(["bồ câu", "1.001234.000.00.00.H99"])
    )
    assert clean(table("dossiers").column("MaTTHC"), raw, "dossiers").array.to_pylist() == ["1.001234", None]
    assert not clean(table("dossiers").column("KenhThucHien"), raw.slice(1), "dossiers").faults


def test_no_word_of_the_dictionary_means_two_things() -> None:
    from tthc_cli.text import fold

    for spec in all_tables():
        for column in spec.columns:
            words = [(fold(w), code) for code, names in column.codes.items() for w in names]
            assert len({w for w, _ in words}) == len(set(words)), (spec.name, column.name)
