"""Dates in words, with zones, with badges; values that say there is none; and what must not pass for either."""

from __future__ import annotations

from datetime import datetime, timedelta

import pyarrow as pa
import pytest

from tthc_cli.ingest.cleaning.clean_dates import parse_times
from tthc_cli.ingest.layout.orders import orders

EPOCH = datetime(1970, 1, 1)
MORNING = datetime(2023, 4, 5, 8, 15)
EVENING = datetime(2023, 4, 12, 17)
DAY = datetime(2023, 4, 12)


def parse(text: str, order: str = "dmy") -> datetime | str | None:
    seconds, blank, bad = parse_times(pa.array([text]), order)  # type: ignore[arg-type]
    return "bad" if bad[0] else None if blank[0] else EPOCH + timedelta(seconds=int(seconds[0]))


@pytest.mark.parametrize(
    "text",
    [
        "2023-04-05T01:15:00Z",
        "2023-04-05T01:15:00.000Z",
        "2023-04-05T01:15:00.1234567Z",
        "2023-04-05T01:15Z",
        "2023-04-05T01:15:00+00:00",
        "2023-04-05T01:15:00.000+00:00",
        "2023-04-05 01:15:00 +0000",
        "2023-04-05 01:15:00 UTC",
        "2023-04-05 01:15:00 GMT",
        "20230405T011500Z",
        "2023-04-05T08:15:00+07:00",
        "2023-04-05T08:15:00.000+07:00",
        "2023-04-05T08:15:00+0700",
        "2023-04-05T08:15:00+07",
        "2023-04-05T09:15:00+08:00",
        "2023-04-05T09:15:00.000+08:00",
        "2023-04-04T21:15:00-04:00",
        "Wed Apr 05 2023 08:15:00 GMT+0700 (Giờ Đông Dương)",
        "Wed Apr 05 2023 08:15:00 GMT+0700 (Indochina Time)",
        "Wed Apr 05 2023 01:15:00 GMT+0000 (Coordinated Universal Time)",
        "Wed, 05 Apr 2023 01:15:00 GMT",
        "Wed, 05 Apr 2023 08:15:00 +0700",
        "Wed Apr 05 08:15:00 ICT 2023",
        "Wed Apr  5 08:15:00 2023",
        "/Date(1680657300000)/",
        "/Date(1680657300000+0700)/",
        "\\/Date(1680657300000)\\/",
        "1680657300000",
    ],
)
def test_a_time_with_a_zone_is_vietnams(text: str) -> None:
    assert parse(text) == MORNING


@pytest.mark.parametrize(
    "text",
    [
        "05/04/2023 8:15 sáng",
        "05/04/2023 8:15 SA",
        "SA 8:15 05/04/2023",
        "05/04/2023, 08:15:00 AM",
        "8:15 a.m. 05/04/2023",
        "8 giờ 15 phút ngày 05/04/2023",
        "08 giờ 15 phút 00 giây, ngày 05 tháng 04 năm 2023",
        "8h15 ngày 5/4/2023",
        "8g15 05/04/2023",
        "05/04/2023 8h15p",
        "lúc 08:15 ngày 05/04/2023",
        "vào hồi 8 giờ 15 phút, ngày 05/04/2023",
        "Apr  5 2023  8:15AM",
        "Apr 5, 2023, 8:15:00 AM",
        "5 Apr 2023 08:15",
        "05-Apr-2023 08:15:00",
        "05-APR-23 08.15.00",
        "05-APR-23 08.15.00.000000000 AM",
        "April 5, 2023 at 8:15 AM",
        "T4, 05/04/2023 08:15",
        "Thứ Tư, 05/04/2023 08:15",
        "08:15:00 5/4/2023",
        "08:15 5 tháng 4, 2023",
        "08:15 5 thg 4, 2023",
        "2023-04-05T08:15",
        "2023-04-05 08:15:00.000",
        "2023-04-05 08:15:00.0",
        "2023.04.05 08:15",
        "05 04 2023 08:15",
        "20230405081500",
        "20230405081500000",
        "202304050815",
        "20230405T081500",
        "20230405 08:15",
        "０５/０４/２０２３ ０８:１５",
        "05/04/2023\u00a008:15",
        "\u200b05/04/2023 08:15",
        "05–04–2023 08:15",
        "05/04/2023 - 08:15",
        "ngày 5 tháng tư năm 2023, 8 giờ 15",
    ],
)
def test_a_morning_in_every_form(text: str) -> None:
    assert parse(text) == MORNING


@pytest.mark.parametrize(
    "text",
    [
        "12/04/2023 5:00 chiều",
        "CH 5:00 12/04/2023",
        "12/04/2023 5:00 p.m.",
        "12/04/2023 5:00 PM",
        "5 giờ chiều ngày 12/04/2023",
        "17 giờ 00 phút ngày 12/04/2023",
        "17 giờ ngày 12 tháng 4 năm 2023",
        "17h 12/04/2023",
        "17h00 ngày 12/04/2023",
        "12/04/2023 17:00 Quá hạn",
        "12/04/2023 17:00 (còn 3 ngày 2 giờ)",
        "12/04/2023 17:00Quá hạn",
        "12/04/2023 17:00 CH",
        "12/04/2023\n17:00\nĐến hạn",
        "17:00 - 12/04/2023",
    ],
)
def test_an_evening_in_every_form(text: str) -> None:
    assert parse(text) == EVENING


@pytest.mark.parametrize(
    "text",
    [
        "12/04/2023 24:00",
        "12/04/2023 24:00:00",
        "24 giờ ngày 12/04/2023",
        "12/04/2023 Quá hạn",
        "12/04/2023Quá hạn",
        "12/04/2023 (đã quá hạn 3 ngày)",
        "12/04/2023 Còn 3 ngày",
        "12/04/2023 - Còn lại 3 ngày làm việc",
        "12/04/2023 Đến hạn",
        "12/04/2023 Trễ hạn 2 ngày 3 giờ",
        "12/04/2023 [Sắp đến hạn]",
        "Đến hạn: 12/04/2023",
        "12/04/2023 Đúng hạn",
        "ngày 12 tháng 4 năm 2023",
        "Thứ Tư 12/04/2023",
        "Thứ 4, ngày 12/04/2023",
        "Thứ 4 12/04/2023",
        "Wed Apr 12 2023",
        "Thu 12 Apr 2023",
        "12-Apr-2023",
        "12 04 2023",
        "12/4 năm 2023",
    ],
)
def test_a_day_in_every_form(text: str) -> None:
    assert parse(text) == DAY


@pytest.mark.parametrize(
    "text",
    [
        "01/01/1970 07:00:00",
        "01/01/1970",
        "1970-01-01 00:00:00",
        "1970-01-01T00:00:00.000Z",
        "01/01/70",
        "19700101070000",
        "1969-12-31T17:00:00Z",
        "/Date(0)/",
        "0001-01-01T00:00:00",
        "01/01/0001 00:00:00",
        "1753-01-01",
        "30/12/1899",
        "00:00:00",
        "0000-00-00 00:00:00",
        "00/00/0000 00:00",
        "__/__/____",
        "--/--/----",
        "—",
        "–",
        "N/A",
        "#N/A",
        "\\N",
        "NULL",
        "Không thời hạn",
        "Vô thời hạn",
        "Chưa có",
        "Chưa trả kết quả",
        "(chưa có)",
        "Không xác định",
        "00000000000000",
        "/Date(-62135596800000)/",
        "99991231235959",
    ],
)
def test_what_programs_and_people_write_for_none(text: str) -> None:
    assert parse(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "?",
        "？",
        "日付",
        "###",
        "****",
        "...?",
        "Còn 3 ngày",
        "Quá hạn",
        "ngày",
        "12/04/2023 và 15/04/2023",
        "12/04/2023 - 15/04/2023",
        "12/04/2023 gia hạn",
        "12/04/2023 12",
        "12/04/2023 24:01",
        "12/04/2023 17:00 SA",
        "12/04/2023 08:00-10:00",
        "12/04/2023 còn 3 ngày 17:00",
        "12/04/2023 5:00 SA CH",
        "2023-04-05T08:15:00 EST",
        "31 tháng 2 năm 2023",
        "Feb 30 2023",
        "30/02/2023 Quá hạn",
        "12/04/2023 Nguyễn Văn A",
        "32 giờ ngày 12/04/2023",
        "12/04/2023 17:60",
        "９９/０４/２０２３",
        "#VALUE!",
        "Invalid date",
        "1989-12-31T20:00:00Z",
        "99:99",
        "5" * 5000,
        "1 " * 60,
    ],
)
def test_no_date_is_never_blank(text: str) -> None:
    assert parse(text) == "bad"


def test_a_zone_never_crosses_the_years_that_are_stored() -> None:
    assert parse("1990-01-01T00:30:00+08:00") == "bad"


def test_month_first_where_the_sheet_proves_it() -> None:
    assert parse("4/5/2023, 8:15:00 AM", "mdy") == MORNING
    assert parse("5 tháng 4 năm 2023 8:15", "mdy") == MORNING
    assert parse("Apr 5, 2023 8:15", "mdy") == MORNING
    assert parse("2023-04-05T01:15:00.000Z", "swapped") == MORNING


@pytest.mark.parametrize(
    ("serial", "expected"),
    [
        ("45028.000498", datetime(2023, 4, 12, 0, 0, 43)),
        ("45028.7083", EVENING),
        ("45028.708333", EVENING),
        ("45028,7083333333", EVENING),
        ("45028", DAY),
    ],
)
def test_a_serial_is_as_exact_as_it_is_written(serial: str, expected: datetime) -> None:
    assert parse(serial) == expected


def test_a_date_behind_other_words_proves_the_order() -> None:
    texts = pa.array(["Thu, 04/13/2023 8:15", "Wed, 04/05/2023 8:15"])
    assert orders({"NgayTra": texts})["NgayTra"][0] == "mdy"
    assert orders({"NgayTra": pa.array(["05-APR-23 08.15.00"])}) == {}
