"""Every form of date that exports show, and every value that is none."""

from __future__ import annotations

from datetime import datetime, timedelta

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tthc_cli.ingest.cleaning.clean_dates import parse_times

EPOCH = datetime(1970, 1, 1)


def parse(text: str, order: str = "dmy") -> datetime | str | None:
    seconds, blank, bad = parse_times(pa.array([text]), order)  # type: ignore[arg-type]
    return "bad" if bad[0] else None if blank[0] else EPOCH + timedelta(seconds=int(seconds[0]))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("05/04/2023", datetime(2023, 4, 5)),
        ("5/4/2023", datetime(2023, 4, 5)),
        ("05-04-2023", datetime(2023, 4, 5)),
        ("05.04.2023", datetime(2023, 4, 5)),
        ("05/04/23", datetime(2023, 4, 5)),
        (" 05/04/2023 ", datetime(2023, 4, 5)),
        ("'05/04/2023", datetime(2023, 4, 5)),
        ("05/04/2023 07:30", datetime(2023, 4, 5, 7, 30)),
        ("05/04/2023 7:30", datetime(2023, 4, 5, 7, 30)),
        ("05/04/2023 07:30:15", datetime(2023, 4, 5, 7, 30, 15)),
        ("07:30 05/04/2023", datetime(2023, 4, 5, 7, 30)),
        ("07h30 ngày 05/04/2023", datetime(2023, 4, 5, 7, 30)),
        ("05/04/2023 1:30 PM", datetime(2023, 4, 5, 13, 30)),
        ("05/04/2023 1:30 CH", datetime(2023, 4, 5, 13, 30)),
        ("Ngày 05 tháng 4 năm 2023", datetime(2023, 4, 5)),
        ("2023-04-05", datetime(2023, 4, 5)),
        ("2023-04-05 07:30:15", datetime(2023, 4, 5, 7, 30, 15)),
        ("2023-04-05T07:30:15", datetime(2023, 4, 5, 7, 30, 15)),
        ("2023-04-05T07:30:15.000", datetime(2023, 4, 5, 7, 30, 15)),
        ("2023/04/05", datetime(2023, 4, 5)),
        ("20230405073015", datetime(2023, 4, 5, 7, 30, 15)),
        ("20230405", datetime(2023, 4, 5)),
        ("05042023", datetime(2023, 4, 5)),
        ("45021", datetime(2023, 4, 5)),
        ("45021.3125", datetime(2023, 4, 5, 7, 30)),
        ("29/02/2024", datetime(2024, 2, 29)),
    ],
)
def test_forms(text: str, expected: datetime) -> None:
    assert parse(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "31/02/2023",
        "29/02/2023",
        "31/04/2023",
        "00/04/2023",
        "05/13/2023",
        "05/04/2023 25:00",
        "05/04/2023 10:61",
        "hôm qua",
        "12345678901",
        "5/2023",
        "20231305000000",
        "05/04/1950",
        "05/04/2300",
        "1",
        "x",
        "99999",
    ],
)
def test_no_date(text: str) -> None:
    assert parse(text) == "bad"


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "-",
        "01/01/1900",
        "31/12/9999",
        "9999-12-31 00:00:00",
        "01/01/0001",
        "00/00/0000",
        "NULL",
        "chưa có",
        "0",
    ],
)
def test_none_dates(text: str) -> None:
    assert parse(text) is None


def test_month_first_order() -> None:
    assert parse("04/05/2023", "mdy") == datetime(2023, 4, 5)
    assert parse("2023-04-05", "mdy") == datetime(2023, 4, 5)


@given(st.datetimes(datetime(1990, 1, 1), datetime(2100, 12, 31)))
def test_written_dates_are_read_back(moment: datetime) -> None:
    moment = moment.replace(microsecond=0)
    texts = [
        f"{moment:%d/%m/%Y %H:%M:%S}",
        f"{moment:%Y-%m-%d %H:%M:%S}",
        f"{moment:%Y%m%d%H%M%S}",
        f"{moment.day}/{moment.month}/{moment:%Y %H:%M:%S}",
    ]
    seconds, blank, bad = parse_times(pa.array(texts))
    assert not blank.any() and not bad.any()
    assert {EPOCH + timedelta(seconds=int(s)) for s in seconds} == {moment}


@given(st.integers(0, 39), st.integers(0, 19), st.integers(1990, 2100))
def test_only_days_that_exist(day: int, month: int, year: int) -> None:
    try:
        expected: datetime | str = datetime(year, month, day)
    except ValueError:
        expected = "bad"
    found = parse(f"{day:02d}/{month:02d}/{year}")
    assert found == expected


@given(st.lists(st.sampled_from(["05/04/2023", "31/02/2023", "", "45021", "2023-04-05", "05/04/2023 08:00", "?"])))
def test_a_column_is_read_as_its_values_alone(texts: list[str]) -> None:
    seconds, blank, bad = parse_times(pa.array([t or None for t in texts], pa.string()))
    together = [
        "bad" if b else None if n else EPOCH + timedelta(seconds=int(s))
        for s, n, b in zip(seconds, blank, bad, strict=True)
    ]
    assert together == [parse(t) if t else None for t in texts]
