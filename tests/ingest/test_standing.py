"""A newer row that is rejected leaves an older one standing, and that is told."""

from __future__ import annotations

import os
from collections.abc import Callable

from tests.ingest.conftest import Desk, dossiers

OLD = "H99-230405-0001,1.001234,05/04/2023,10/04/2023,,4"
NEW = "H99-230405-0001,1.001234,05/04/2023,10/04/2023,31/02/2023,9"
OTHER = "H99-230406-0002,1.001234,06/05/2023,10/06/2023,,4"


def told(desk: Desk) -> list[tuple[str, int, str]]:
    return [(i.file, i.row, i.value) for i in desk.issues() if i.code == "older_stands"]


def test_older_row_of_another_file(desk: Desk) -> None:
    desk.put("tháng 4.csv", dossiers(OLD))
    desk.put("tháng 5.csv", dossiers(OTHER, NEW))
    report = desk.run()
    assert (report.rows_read, report.accepted, report.rejected, report.warnings) == (3, 2, 1, 0)
    assert told(desk) == [("exports/tháng 5.csv", 3, "exports/tháng 4.csv › 2")]
    codes = [(i.code, i.row) for i in desk.issues()]
    assert codes == [("not_a_date", 3), ("older_stands", 3)], "told once, behind what is wrong with the row"
    text = (desk.workspace.root / "issues.csv").read_text("utf-8-sig")
    assert "vẫn dùng bản cũ ở exports/tháng 4.csv › 2 (tệp › trang tính › dòng)" in text


def test_sheet_is_told(desk: Desk) -> None:
    head = ["MaHoSo", "NgayTiepNhan", "NgayKetThucXuLy"]
    desk.put_xlsx(
        "a.xlsx", {"Quý I": [head, ["H99-1-1", "05/04/2023", ""]], "Quý II": [head, ["H99-1-1", "06/04/2023", "x"]]}
    )
    desk.run()
    assert told(desk) == [("exports/a.xlsx", 2, "exports/a.xlsx › Quý I › 2")]


def test_a_newer_row_that_stands_is_not_called_old(desk: Desk) -> None:
    desk.put("tháng 4.csv", dossiers(NEW))
    desk.put("tháng 5.csv", dossiers(OLD.replace(",,4", ",20/05/2023,9")))
    desk.run()
    assert told(desk) == []


def test_nothing_older_stands(desk: Desk) -> None:
    desk.put("a.csv", dossiers(NEW, ",1.001234,05/04/2023,,,4"))
    desk.run()
    assert told(desk) == []


def test_it_is_told_as_it_is_now(desk: Desk) -> None:
    """Files that come or go later change what is said."""
    desk.put("b.csv", dossiers(OTHER, NEW))
    desk.run()
    assert told(desk) == []
    desk.put("a.csv", dossiers(OLD))
    desk.run()
    assert told(desk) == [("exports/b.csv", 3, "exports/a.csv › 2")]
    desk.put("b.csv", dossiers(OTHER, NEW.replace("31/02", "07/04")))
    desk.run()
    assert told(desk) == []


def test_typed_figures(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk("số")
    head = "MaDonVi,Ky,ChiTieu,TuSo,MauSo\n"
    os.utime(desk.put("cũ.csv", head + "H99,2023Q2,1.1,1,2\n"), (1_700_000_000, 1_700_000_000))
    os.utime(desk.put("mới.csv", head + "H99,2023Q2,1.1,3,\nH99,2023Q2,1.2,3,4\n"), (1_700_000_100, 1_700_000_100))
    desk.run()
    assert told(desk) == [("exports/mới.csv", 2, "exports/cũ.csv › 2")]


def test_file_of_rejected_rows_alone(desk: Desk) -> None:
    """No row of it tells when it was exported: then the time it was changed does."""
    os.utime(desk.put("a.csv", dossiers(OLD)), (1_700_000_000, 1_700_000_000))
    os.utime(desk.put("b.csv", dossiers("H99-230405-0001,1.001234,31/02/2023,,,4")), (1_700_000_100, 1_700_000_100))
    desk.run()
    assert told(desk) == [("exports/b.csv", 2, "exports/a.csv › 2")]


def test_an_older_file_of_rejected_rows_alone(desk: Desk) -> None:
    os.utime(desk.put("a.csv", dossiers(OLD)), (1_700_000_100, 1_700_000_100))
    os.utime(desk.put("b.csv", dossiers("H99-230405-0001,1.001234,31/02/2023,,,4")), (1_700_000_000, 1_700_000_000))
    desk.run()
    assert told(desk) == []
