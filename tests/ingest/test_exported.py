"""When a file was exported, as it tells itself; and what is said when a file changed later loses."""

from __future__ import annotations

import io
import os
import zipfile
from datetime import datetime, timedelta
from itertools import permutations
from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.ingest.conftest import Desk, dossiers
from tthc_cli.ingest.storing.exported import in_lines, in_name

EPOCH = datetime(1970, 1, 1)
OPEN = "H99.22.16-240603-0001,1.001234,03/06/2024 08:00,21/06/2024,,4"
DONE = "H99.22.16-240603-0001,1.001234,03/06/2024 08:00,21/06/2024,20/06/2024 08:00,9"
NEWER = "H99.22.16-240603-0002,1.001234,03/06/2024 08:00,30/06/2024,29/06/2024 08:00,9"


def moment(seconds: int) -> datetime | None:
    return EPOCH + timedelta(seconds=seconds) if seconds else None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("hoso_2024-06_xuat_2024-07-01.csv", datetime(2024, 7, 1, 23, 59, 59)),
        ("hoso_2024-06_dinh_chinh_xuat_2024-07-10.csv", datetime(2024, 7, 10, 23, 59, 59)),
        ("hoso_20240710.csv", datetime(2024, 7, 10, 23, 59, 59)),
        ("hồ sơ 10-07-2024.xlsx", datetime(2024, 7, 10, 23, 59, 59)),
        ("hs 10.07.2024.xls", datetime(2024, 7, 10, 23, 59, 59)),
        ("10072024.csv", datetime(2024, 7, 10, 23, 59, 59)),
        ("hoso_20240710_153000.csv", datetime(2024, 7, 10, 15, 30)),
        ("hoso_20240710153000.csv", datetime(2024, 7, 10, 15, 30)),
        ("hoso_2024-07-10T15-30.csv", datetime(2024, 7, 10, 15, 30)),
        ("thang/2024-06-30/hoso_2024-07-10 (1).csv", datetime(2024, 7, 10, 23, 59, 59)),
        ("gui_2024-07-10.zip › hoso.csv", datetime(2024, 7, 10, 23, 59, 59)),
        ("gui_2024-07-12.zip › hoso_2024-07-10.csv", datetime(2024, 7, 10, 23, 59, 59)),
        ("tu_2024-06-01_den_2024-06-30_xuat_2024-07-02.csv", datetime(2024, 7, 2, 23, 59, 59)),
        ("hoso_2024-06.csv", None),
        ("hoso_06-2024.csv", None),
        ("hoso_quy2_2024.csv", None),
        ("hoso_2024-06-01_2024-06-30.csv", None),
        ("tu_01-06-2024_den_30-06-2024.csv", None),
        ("hoso_den_2024-06-30.csv", None),
        ("hoso_2024-13-01.csv", None),
        ("hoso_20240631.csv", None),
        ("H99.22.16-240603-0001.csv", None),
    ],
)
def test_the_date_in_a_name(name: str, expected: datetime | None) -> None:
    assert moment(in_name(name)) == expected


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["Ngày kết xuất: 10/07/2024 15:30"], datetime(2024, 7, 10, 15, 30)),
        (["", "Ngày in", "10/07/2024"], datetime(2024, 7, 10, 23, 59, 59)),
        (["Thời điểm xuất dữ liệu: 15 giờ 30 phút ngày 10/07/2024"], datetime(2024, 7, 10, 15, 30)),
        (["Xuất lúc 15:30 10/07/2024 bởi cán bộ một cửa"], datetime(2024, 7, 10, 15, 30)),
        (["Từ ngày 01/06/2024 đến ngày 30/06/2024"], None),
        (["Hà Nội, ngày 10 tháng 7 năm 2024"], None),
        (["Ngày in: 31/06/2024"], None),
    ],
)
def test_the_line_beside_a_table(cells: list[str], expected: datetime | None) -> None:
    assert moment(in_lines([cells])) == expected


def changed(path: Path, when: str) -> None:
    instant = datetime.fromisoformat(when + "+07:00").timestamp()
    os.utime(path, (instant, instant))


def finished(desk: Desk) -> datetime | None:
    found = [row["NgayKetThucXuLy"] for row in desk.rows() if row["MaHoSo"].endswith("0001")]
    assert len(found) == 1
    when: datetime | None = found[0]
    return when


def test_a_correction_whose_latest_event_is_older_stands_by_its_name(desk: Desk) -> None:
    desk.put("hoso_2024-06_xuat_2024-07-01.csv", dossiers(OPEN, NEWER))
    desk.put("hoso_2024-06_dinh_chinh_xuat_2024-07-10.csv", dossiers(DONE))
    desk.run()
    assert finished(desk) == datetime(2024, 6, 20, 8)


def test_lines_above_and_below_come_before_the_name(desk: Desk) -> None:
    above = dossiers(
        DONE,
        headings="Ngày kết xuất: 10/07/2024 15:30,,,,,\n"
        + "MaHoSo,MaTTHC,NgayTiepNhan,NgayHenTra,NgayKetThucXuLy,TrangThaiHoSo",
    )
    desk.put("a_xuat_2024-07-01.csv", above)
    desk.put("b_xuat_2024-07-05.csv", dossiers(OPEN, NEWER))
    desk.run()
    assert finished(desk) == datetime(2024, 6, 20, 8)


def test_a_line_below_the_table(desk: Desk) -> None:
    desk.put("a.csv", dossiers(DONE) + '"Ngày in: 10/07/2024 15:30",,,,,\n')
    desk.put("b_xuat_2024-07-05.csv", dossiers(OPEN, NEWER))
    desk.run()
    assert finished(desk) == datetime(2024, 6, 20, 8)


def test_a_name_before_the_latest_event_tells_the_period_and_no_export(desk: Desk) -> None:
    desk.put("hoso_2024-06-01.csv", dossiers(OPEN, NEWER))
    desk.put("b_xuat_2024-06-28.csv", dossiers(DONE))
    desk.run()
    assert finished(desk) is None


def workbook(desk: Desk, name: str, made: datetime, *lines: str) -> None:
    book = Workbook()
    for line in dossiers(*lines).splitlines():
        book.worksheets[0].append(line.split(","))
    book.properties.created = made
    book.save(desk.put(name, b""))


def test_the_making_of_a_workbook_and_not_its_saving(desk: Desk) -> None:
    """Made at 08:30 UTC on 10 July, after the other; saved by this test, as all are."""
    workbook(desk, "a.xlsx", datetime(2024, 7, 10, 8, 30), DONE)
    workbook(desk, "b.xlsx", datetime(2024, 7, 1, 8, 30), OPEN, NEWER)
    desk.run()
    assert finished(desk) == datetime(2024, 6, 20, 8)
    assert [s.exported_at for s in desk.warehouse.sources] == ["2024-07-10T15:30:00", "2024-07-01T15:30:00"]


def test_the_time_in_an_archive_is_vietnams(desk: Desk) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(zipfile.ZipInfo("a.csv", (2024, 7, 10, 15, 30, 0)), dossiers(DONE))
        archive.writestr(zipfile.ZipInfo("b.csv", (2024, 7, 1, 15, 30, 0)), dossiers(OPEN, NEWER))
    desk.put("gui.zip", packed.getvalue())
    desk.run()
    assert finished(desk) == datetime(2024, 6, 20, 8)
    assert [s.exported_at for s in desk.warehouse.sources] == ["2024-07-10T15:30:00", "2024-07-01T15:30:00"]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_rows_of_a_file_changed_later_that_lose_are_told_in_any_order(desk: Desk, order: tuple[int, ...]) -> None:
    """The correction tells no time of export; its latest event, 20/06, is before that of the full export, 29/06."""
    files = [desk.put("a_day_du.csv", dossiers(OPEN, NEWER)), desk.put("b_dinh_chinh.csv", dossiers(DONE))]
    files.append(desk.put("c_khac.csv", dossiers(DONE.replace("0001", "0009"))))
    for path, when in zip(files, ("2024-07-01 08:00", "2024-07-10 08:00", "2024-07-11 08:00"), strict=True):
        changed(path, when)
    for number in order:
        desk.run(files[number])
    assert finished(desk) is None
    told = [(i.file, i.value) for i in desk.issues() if i.code == "later_lost"]
    assert told == [("exports/b_dinh_chinh.csv", "1 (exports/a_day_du.csv)")]


def test_an_older_file_that_loses_is_as_it_should_be(desk: Desk) -> None:
    changed(desk.put("a.csv", dossiers(OPEN)), "2024-07-01 08:00")
    changed(desk.put("b.csv", dossiers(DONE, NEWER)), "2024-07-10 08:00")
    assert desk.run().issue_counts.get("later_lost") is None
    assert finished(desk) == datetime(2024, 6, 20, 8)
