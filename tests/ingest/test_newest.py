"""Of several rows of one thing the newest stands, whatever the order of ingestion; the account adds up."""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Callable

import pytest

from tests.ingest.conftest import Desk, dossiers
from tthc_cli.ingest import IngestReport

APRIL = dossiers(
    "H99-230405-0001,1.001234,05/04/2023,10/04/2023,,4",
    "H99-230406-0002,1.001234,06/04/2023,10/04/2023,,4",
    "H99-230407-0003,1.001234,07/04/2023,10/04/2023,07/04/2023,9",
    ",1.001234,07/04/2023,10/04/2023,,9",
)
MAY = dossiers(
    "H99-230405-0001,1.001234,05/04/2023,10/04/2023,09/04/2023,10",
    "H99-230406-0002,1.001234,02/05/2023,10/05/2023,,4",
    "H99-230503-0004,1.001234,03/05/2023,10/05/2023,,4",
)
JUNE = dossiers(
    "H99-230406-0002,1.001234,02/05/2023,10/05/2023,05/06/2023,9", "H99-230406-0002,1.001234,02/05/2023,10/05/2023,,4"
)
FILES = {"april.csv": APRIL, "may.csv": MAY, "june.csv": JUNE}


def adds_up(desk: Desk) -> bool:
    sheets = [s for source in desk.warehouse.sources for s in source.sheets]
    stored = sum(s.accepted for s in sheets if s.table == "dossiers")
    return stored == len(desk.rows()) and all(s.rows_read == s.accepted + s.superseded + s.rejected for s in sheets)


def statuses(desk: Desk) -> dict[str, int]:
    return {row["MaHoSo"]: row["TrangThaiHoSo"] for row in desk.rows()}


EXPECTED = {"H99-230405-0001": 10, "H99-230406-0002": 9, "H99-230407-0003": 9, "H99-230503-0004": 4}


def test_newest_row_stands(desk: Desk) -> None:
    for name, content in FILES.items():
        desk.put(name, content)
    report = desk.run()
    assert statuses(desk) == EXPECTED
    assert (report.rows_read, report.accepted, report.superseded, report.rejected) == (9, 4, 4, 1)
    assert adds_up(desk)


def test_dossier_lives_in_its_new_month_only(desk: Desk) -> None:
    desk.put("april.csv", APRIL)
    desk.run()
    desk.put("may.csv", MAY)
    desk.run()
    months = {p.month: p.rows for p in desk.warehouse.partitions("dossiers")}
    assert months == {"2023-04": 2, "2023-05": 2}
    assert adds_up(desk)


@pytest.mark.parametrize("order", list(itertools.permutations(FILES)))
def test_order_of_ingestion_changes_nothing(new_desk: Callable[..., Desk], order: tuple[str, ...]) -> None:
    together, apart = new_desk("together"), new_desk("apart")
    for name, content in FILES.items():
        os.utime(together.put(name, content), (1_700_000_000, 1_700_000_000))
    together.run()
    for name in order:
        shutil.copy2(together.exports / name, apart.put(name, ""))
        apart.run(apart.exports / name)
    parquet = {n: b for n, b in apart.files().items() if n in named(apart)}
    assert parquet == {n: b for n, b in together.files().items() if n in named(together)}
    assert apart.warehouse.tables == together.warehouse.tables
    assert apart.warehouse.sources == together.warehouse.sources


def named(desk: Desk) -> set[str]:
    return {p.file for parts in desk.warehouse.tables.values() for p in parts}


def test_second_run_changes_nothing(desk: Desk) -> None:
    for name, content in FILES.items():
        desk.put(name, content)
    desk.run()
    before = desk.files()
    report = desk.run()
    assert desk.files() == before
    assert (report.rows_read, report.new_sources, len(report.unchanged)) == (0, 0, 3)


def test_same_file_under_another_name_changes_nothing(desk: Desk) -> None:
    desk.put("april.csv", APRIL)
    desk.run()
    before = desk.files()
    desk.put("bản sao của april.csv", APRIL)
    report: IngestReport = desk.run()
    assert desk.files() == before
    assert [f.reason for f in report.unchanged] == ["ingest.unchanged", "ingest.unchanged_other_name"]


def test_account_follows_later_files(desk: Desk) -> None:
    desk.put("april.csv", APRIL)
    desk.run()
    desk.put("may.csv", MAY)
    desk.run()
    april = next(s for s in desk.warehouse.sources if s.path.endswith("april.csv"))
    assert [(s.rows_read, s.accepted, s.superseded, s.rejected) for s in april.sheets] == [(4, 1, 2, 1)]


def test_repeated_row_in_one_file_is_told(desk: Desk) -> None:
    desk.put("june.csv", JUNE)
    report = desk.run()
    assert (report.accepted, report.superseded, report.warnings) == (1, 1, 1)
    [issue] = desk.issues()
    assert (issue.code, issue.row, issue.value) == ("repeated_in_file", 3, "H99-230406-0002")


def test_repeated_in_one_file_in_two_months_is_told(desk: Desk) -> None:
    desk.put("a.csv", dossiers("H99-1-1,1,05/04/2023,,,4", "H99-1-1,1,05/05/2023,,,4"))
    report = desk.run()
    assert (report.accepted, report.superseded, report.warnings) == (1, 1, 1)
    assert [str(row["NgayTiepNhan"]) for row in desk.rows()] == ["2023-05-05 00:00:00"]
    assert adds_up(desk)


def test_status_decides_between_exports_of_one_time(desk: Desk) -> None:
    desk.put("a.csv", dossiers("H99-1-1,1,05/04/2023,,,10"))
    desk.put("b.csv", dossiers("H99-1-1,1,05/04/2023,,,9"))
    desk.run()
    assert statuses(desk) == {"H99-1-1": 10}


def test_files_that_nothing_names_are_deleted_one_run_later(desk: Desk) -> None:
    for name, content in FILES.items():
        desk.put(name, content)
        desk.run(desk.exports / name)
    desk.put("more.csv", dossiers("H99-230405-0009,1.001234,05/07/2023,10/07/2023,,4"))
    desk.run()
    desk.put("again.csv", dossiers("H99-230405-0008,1.001234,05/07/2023,10/07/2023,,4"))
    desk.run()
    strange = set(desk.files()) - named(desk)
    assert len(strange) <= 2, strange


def test_new_version_of_a_hand_kept_file_replaces_the_old(desk: Desk) -> None:
    desk.put("so_lieu.csv", "MaDonVi,Ky,ChiTieu,TuSo,MauSo,Nguon\nH99,2023Q2,1.1,3,4,x\nH99,2023Q2,1.2,3,4,x\n")
    desk.run()
    desk.put("so_lieu.csv", "MaDonVi,Ky,ChiTieu,TuSo,MauSo,Nguon\nH99,2023Q2,1.1,4,4,x\n")
    desk.run()
    assert [(r["ChiTieu"], r["TuSo"]) for r in desk.rows("typed_figures")] == [("1.1", "4")]
    assert len(desk.warehouse.sources) == 1


def test_new_alias_makes_a_file_be_read_again(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk("w")
    desk.put("a.csv", dossiers("H99-1-1,05/04/2023,7", headings="MaHoSo,NgayTiepNhan,Tiền thu"))
    desk.run()
    other = Desk(
        type(desk.workspace)(
            desk.workspace.root,
            type(desk.workspace.settings).model_validate({"aliases": {"dossiers": {"Gia": ["Tiền thu"]}}}),
        )
    )
    report = other.run()
    assert (report.rows_read, report.accepted) == (1, 1)
    assert [row["Gia"] for row in other.rows()] == [7]
    assert len(other.warehouse.sources) == 1
    assert adds_up(other)


def test_two_hand_kept_files_of_one_time_that_disagree_are_told(desk: Desk) -> None:
    head = "MaDonVi,Ky,ChiTieu,TuSo,MauSo\n"
    for name, line in (
        ("a.csv", "H99,2023Q2,1.1,3,4\nH99,2023Q2,1.2,1,1\n"),
        ("b.csv", "H99,2023Q2,1.1,4,4\nH99,2023Q2,1.2,1,1\n"),
    ):
        os.utime(desk.put(name, head + line), (1_700_000_000, 1_700_000_000))
    report = desk.run()
    assert report.issue_counts == {"conflict": 1}
    [issue] = desk.issues()
    assert {issue.file, issue.value.split(": ")[1]} == {"exports/a.csv", "exports/b.csv"}
    assert "H99 / 2023Q2 / 1.1" in issue.value


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("07/04/2023 10:00:00,9", "06/04/2023 09:00:00,9"),  # the date set back held the file's latest event
        ("07/04/2023 10:00:00,10", ",4"),  # the status set back
    ],
)
def test_a_corrected_file_under_the_same_name_stands(desk: Desk, old: str, new: str) -> None:
    row, other = "H99-230405-0001,1.001234,05/04/2023,10/04/2023,", "H99-230405-0002,1.001234,05/04/2023,10/04/2023,,4"
    desk.put("ho_so.csv", dossiers(row + old, other))
    desk.run()
    path = desk.put("ho_so.csv", dossiers(row + new, other))
    os.utime(path, (path.stat().st_mtime + 60, path.stat().st_mtime + 60))
    report = desk.run()
    assert (report.accepted, report.superseded) == (2, 0)
    found = next(r for r in desk.rows() if r["MaHoSo"] == "H99-230405-0001")
    ended = found["NgayKetThucXuLy"]
    assert [f"{ended:%d/%m/%Y %H:%M:%S}" if ended else "", str(found["TrangThaiHoSo"])] == new.split(",")
    assert adds_up(desk)


def test_a_file_under_another_name_follows_the_events_as_before(desk: Desk) -> None:
    row = "H99-230405-0001,1.001234,05/04/2023,10/04/2023,"
    desk.put("a.csv", dossiers(row + "07/04/2023,9"))
    desk.run()
    desk.put("b.csv", dossiers(row + "06/04/2023,9"))
    desk.run()
    assert [f"{r['NgayKetThucXuLy']:%d/%m/%Y}" for r in desk.rows()] == ["07/04/2023"]
