"""Days that a program wrote as times moved away from midnight; and times of work that look like them."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.ingest.conftest import Desk, dossiers

HEADINGS = "MaHoSo,MaTTHC,NgayTiepNhan,NgayHenTra,NgayKetThucXuLy,TrangThaiHoSo"


def put(desk: Desk, *rows: tuple[str, str, str], name: str = "a.csv") -> None:
    lines = [f"H99.22.16-230405-{i:04d},1.001234,{','.join(row)},9" for i, row in enumerate(rows, 1)]
    desk.put(name, dossiers(*lines, headings=HEADINGS))
    desk.run()


def times(desk: Desk, column: str) -> list[datetime]:
    return [row[column] for row in desk.rows()]


def told(desk: Desk) -> list[str]:
    return sorted(i.column for i in desk.issues() if i.code == "shifted_days")


def test_seconds_after_midnight_in_the_whole_column(desk: Desk) -> None:
    put(desk, ("2023-04-05 08:00:00", "2023-04-12 00:00:43", ""), ("2023-04-06 09:00:00", "2023-04-13 00:00:43", ""))
    assert times(desk, "NgayHenTra") == [datetime(2023, 4, 12), datetime(2023, 4, 13)]
    assert times(desk, "NgayTiepNhan") == [datetime(2023, 4, 5, 8), datetime(2023, 4, 6, 9)]
    assert told(desk) == ["NgayHenTra"]


@pytest.mark.parametrize("clock", ["23:59:17", "23:59:20", "23:59:30"])
def test_seconds_before_midnight_are_the_next_day(desk: Desk, clock: str) -> None:
    put(desk, ("2023-04-05 08:00:00", f"2023-04-11 {clock}", ""))
    assert times(desk, "NgayHenTra") == [datetime(2023, 4, 12)]


@pytest.mark.parametrize("clock", ["23:59:59", "23:59:00"])
def test_the_last_second_of_a_day_is_a_time(desk: Desk, clock: str) -> None:
    put(desk, ("2023-04-05 08:00:00", f"2023-04-11 {clock}", ""))
    assert times(desk, "NgayHenTra") == [datetime.fromisoformat(f"2023-04-11 {clock}")]
    assert told(desk) == []


def test_one_value_by_day_disproves_the_seconds(desk: Desk) -> None:
    put(desk, ("2023-04-05 08:00:00", "2023-04-12 00:00:43", ""), ("2023-04-06 09:00:00", "2023-04-13 16:30:00", ""))
    assert times(desk, "NgayHenTra") == [datetime(2023, 4, 12, 0, 0, 43), datetime(2023, 4, 13, 16, 30)]
    assert told(desk) == []


def test_one_value_at_the_end_of_many_blocks_disproves_the_seconds(desk: Desk) -> None:
    rows = [("2023-04-05 08:00:00", "2023-04-12 00:00:43", "") for _ in range(140_000)]
    table = [HEADINGS.split(","), *(["", "1.001234", *row, "9"] for row in rows)]
    for number, row in enumerate(table[1:]):
        row[0] = f"H99.22.16-230405-{number:06d}"
    table[-1][3] = "2023-04-12 16:30:00"
    desk.put("a.csv", "\n".join(",".join(row) + " " * 200 for row in table) + "\n")
    desk.run()
    assert told(desk) == []
    assert desk.rows()[0]["NgayHenTra"] == datetime(2023, 4, 12, 0, 0, 43)


def test_days_at_midnight_in_utc(desk: Desk) -> None:
    put(
        desk, ("2023-04-05T01:00:00Z", "2023-04-11T17:00:00.000Z", ""),
        ("2023-04-06T02:00:00Z", "2023-04-12T17:00:00.000Z", "")
    )  # fmt: skip
    assert times(desk, "NgayHenTra") == [datetime(2023, 4, 12), datetime(2023, 4, 13)]
    assert told(desk) == []


def test_days_that_were_called_midnight_in_utc(desk: Desk) -> None:
    put(
        desk, ("2023-04-05T01:00:00Z", "2023-04-12T00:00:00Z", ""), ("2023-04-06T02:00:00Z", "2023-04-13T00:00:00Z", "")
    )  # fmt: skip
    assert times(desk, "NgayHenTra") == [datetime(2023, 4, 12), datetime(2023, 4, 13)]
    assert told(desk) == ["NgayHenTra"]


def test_due_at_the_end_of_work_is_due_then(desk: Desk) -> None:
    put(
        desk, ("05/04/2023 08:00", "12/04/2023 17:00:00", ""), ("06/04/2023 09:00", "13/04/2023 17:00:00", ""),
        ("07/04/2023 09:00", "14/04/2023 17:00:00", ""), ("10/04/2023 09:00", "17/04/2023 17:00:00", ""),
    )  # fmt: skip
    assert [t.hour for t in times(desk, "NgayHenTra")] == [17, 17, 17, 17]
    assert told(desk) == []


def test_everybody_received_at_17_proves_the_whole_sheet(desk: Desk) -> None:
    put(
        desk, ("2023-04-04 17:00:00", "2023-04-11 17:00:00", "2023-04-10 09:30:00"),
        ("2023-04-05 17:00:00", "2023-04-12 17:00:00", ""), ("2023-04-06 17:00:00", "2023-04-13 17:00:00", ""),
    )  # fmt: skip
    assert times(desk, "NgayTiepNhan") == [datetime(2023, 4, day) for day in (5, 6, 7)]
    assert times(desk, "NgayHenTra") == [datetime(2023, 4, day) for day in (12, 13, 14)]
    assert times(desk, "NgayKetThucXuLy")[0] == datetime(2023, 4, 10, 9, 30)
    assert told(desk) == ["NgayHenTra", "NgayTiepNhan"]


def test_received_at_17_on_two_days_proves_nothing(desk: Desk) -> None:
    put(desk, ("2023-04-04 17:00:00", "2023-04-11 17:00:00", ""), ("2023-04-05 17:00:00", "2023-04-12 17:00:00", ""))
    assert times(desk, "NgayTiepNhan") == [datetime(2023, 4, 4, 17), datetime(2023, 4, 5, 17)]


def test_due_on_sundays_and_never_on_fridays(desk: Desk) -> None:
    """9, 16 and 23 April 2023 are Sundays, 12 April is a Wednesday: in truth Mondays and a Thursday."""
    put(
        desk, ("03/04/2023 08:00", "09/04/2023 17:00", ""), ("04/04/2023 09:00", "16/04/2023 17:00", ""),
        ("05/04/2023 10:00", "23/04/2023 17:00", ""), ("06/04/2023 10:00", "12/04/2023 17:00", ""),
    )  # fmt: skip
    assert times(desk, "NgayHenTra") == [datetime(2023, 4, day) for day in (10, 17, 24, 13)]
    assert told(desk) == ["NgayHenTra"]
