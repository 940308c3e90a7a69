"""Open dossiers past due at a moment, worked by hand: the working day is 7:00 to 11:30 and 13:30 to 17:00, 8 hours."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.command import taken_in, tthc

UNITS = """MaDonVi,TenDonVi,Cap,DonViCha
H98,UBND tỉnh Thử,tinh,
H98.01,Sở Một,so,H98
H98.20,UBND huyện Hai,huyen,H98
H98.20.01,UBND xã Ba,xa,H98.20
"""
HEAD = (
    "MaHoSo,MaTTHC,TenTTHC,NgayTiepNhan,NgayHenTra,NgayKetThucXuLy,TrangThaiHoSo,DonViXuLy,NgayBoSung,"
    "NgayTiepNhanBoSung"
)
DOSSIERS = f"""{HEAD}
H98.01-240401-0001,1.000001,Cấp phép,01/04/2024 08:00,08/04/2024 16:00,,4,H98.01,,
H98.01-240401-0002,1.000001,Cấp phép,01/04/2024 08:00,12/04/2024 16:00,,4,H98.01,,
H98.01-240401-0003,1.000001,Cấp phép,01/04/2024 08:00,08/04/2024 16:00,09/04/2024 10:00,9,H98.01,,
H98.01-240401-0004,1.000001,Cấp phép,01/04/2024 08:00,08/04/2024 16:00,15/04/2024 10:00,10,H98.01,,
H98.01-240401-0005,1.000001,Cấp phép,01/04/2024 08:00,08/04/2024 16:00,,6,H98.01,,
H98.20.01-240402-0006,1.000002,Khai sinh,02/04/2024 08:00,03/04/2024 17:00,,4,UBND xã Ba,,
H98.20.01-240409-0007,1.000002,Khai sinh,09/04/2024 15:00,09/04/2024 10:00,,4,UBND xã Ba,,
"""
AS_OF = "2024-04-10T16:00"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return taken_in(tmp_path_factory.mktemp("office"), units=UNITS, hoso=DOSSIERS)


def listed(office: Path, *options: str) -> dict[str, Any]:
    ended = tthc("list", "overdue", "--as-of", AS_OF, "--workspace", office, "--json", *options)
    assert ended.code == 0, ended.err
    found: dict[str, Any] = ended.json
    return found


def cells(found: dict[str, Any], *columns: str) -> list[tuple[Any, ...]]:
    at = [next(i for i, c in enumerate(found["columns"]) if c["id"] == name) for name in columns]
    return [tuple(row[i] for i in at) for row in found["rows"]]


def test_open_and_past_due_at_the_moment_no_more_and_no_less(office: Path) -> None:
    """0002 is within due, 0003 finished, 0005 waits for a fee. 0004 was finished after the moment: open at it. Monday
    8 April 16:00 to Wednesday 10 April 16:00 is two working days."""
    found = listed(office)
    assert cells(found, "dossier", "overdue_days", "status") == [
        ("H98.01-240401-0001", 2.0, "4"),
        ("H98.01-240401-0004", 2.0, "later"),
        ("H98.20.01-240402-0006", 4.9, "4"),  # 3/4 17:00 to 10/4 16:00: four days and 7 hours, 4.875
        ("H98.20.01-240409-0007", 1.5, "4"),  # 9/4 10:00 to 10/4 16:00: 1.5 + 3.5 and 4.5 + 2.5 hours
    ]
    assert found["totals"] == {"dossiers": 4}
    assert (found["schema"], found["list"], found["unit"], found["as_of"]) == (
        1,
        "overdue",
        None,
        "2024-04-10T16:00:00",
    )


def test_a_unit_is_listed_with_all_below_it(office: Path) -> None:
    found = listed(office, "--unit", "UBND huyện Hai")
    assert {unit for (unit,) in cells(found, "unit")} == {"H98.20.01"}
    assert (found["unit"], found["totals"]) == ("H98.20", {"dossiers": 2})
    assert listed(office, "--level", "so")["totals"] == {"dossiers": 2}


def test_each_row_tells_where_it_was_read(office: Path) -> None:
    assert cells(listed(office), "source", "row")[0] == ("exports/hoso.csv", 2)


def test_without_a_process_log_it_is_said_what_is_not_known(office: Path) -> None:
    (line,) = listed(office)["notes"]
    assert "tiến trình" in line


def test_before_anything_was_received_there_is_nothing(office: Path) -> None:
    ended = tthc("list", "overdue", "--as-of", "2024-03-31", "--workspace", office, "--json")
    assert ended.json["rows"] == []


def test_an_empty_warehouse_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "tthc.toml").write_text("", "utf-8")
    ended = tthc("list", "overdue", "--workspace", tmp_path)
    assert ended.code == 3
    assert "tthc ingest" in ended.err
