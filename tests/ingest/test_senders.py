"""Faults go back to those who can mend them: a book of issues for each sender."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.cli.test_exit_codes import BAD_DATE, GOOD, HEADINGS, UNITS
from tests.command import put, tthc
from tthc_cli.ingest.sender_books import SenderBook, read_index
from tthc_cli.ingest.senders import timeless


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two senders by folder, each with one dossier whose date is no date, and a third whose file is right."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tthc.toml").touch()
    put(tmp_path, units=UNITS)
    for name, rows in (("Sở A", BAD_DATE), ("huyen_b/2023", BAD_DATE.replace("-000", "-100")), ("xa_c", GOOD)):
        (tmp_path / "exports" / name).mkdir(parents=True)
        (tmp_path / "exports" / name / "ho_so.csv").write_text(HEADINGS + rows, encoding="utf-8")
    assert tthc("ingest", "exports/").code == 1
    return tmp_path


def test_each_sender_with_faults_has_a_book(folder: Path) -> None:
    assert read_index(folder / "issues") == (
        SenderBook("huyen_b", "huyen-b.xlsx", 1, 0),
        SenderBook("Sở A", "so-a.xlsx", 1, 0),
    )
    assert sorted(p.name for p in (folder / "issues").iterdir()) == ["huyen-b.xlsx", "senders.csv", "so-a.xlsx"]


def test_a_book_holds_the_rows_of_its_sender_alone(folder: Path) -> None:
    rows = list(load_workbook(folder / "issues" / "so-a.xlsx")["Từng dòng"].iter_rows(min_row=2, values_only=True))
    assert [row[0] for row in rows] == ["exports/Sở A/ho_so.csv"]


def test_a_book_goes_when_its_faults_are_mended(folder: Path) -> None:
    (folder / "exports" / "Sở A" / "ho_so.csv").write_text(
        HEADINGS + GOOD + GOOD.replace("-0001", "-0003"), encoding="utf-8"
    )
    tthc("ingest", "exports/")
    assert [book.file for book in read_index(folder / "issues")] == ["huyen-b.xlsx"]
    assert not (folder / "issues" / "so-a.xlsx").exists()


def test_a_file_that_somebody_laid_beside_the_books_stays(folder: Path) -> None:
    own = folder / "issues" / "trả lời.xlsx"
    own.write_bytes(b"own")
    (folder / "exports" / "Sở A" / "ho_so.csv").unlink()
    tthc("ingest", "exports/")
    assert own.read_bytes() == b"own"


def test_the_settings_name_a_sender(folder: Path) -> None:
    (folder / "tthc.toml").write_text('[senders]\n"Một cửa" = ["huyen_b/*", "Sở A/*"]\n', encoding="utf-8")
    tthc("ingest", "exports/")
    assert read_index(folder / "issues") == (SenderBook("Một cửa", "mot-cua.xlsx", 2, 0),)


def test_a_loose_file_is_of_the_unit_that_all_its_dossiers_are_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    put(tmp_path, units=UNITS, du_lieu=HEADINGS + GOOD + BAD_DATE)
    tthc("ingest", "exports/")
    name = next(line.split(",")[1] for line in UNITS.splitlines() if line.startswith(GOOD.split("-")[0] + ","))
    assert [book.sender for book in read_index(tmp_path / "issues")] == [name]


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("so_tu_phap_xuat_2023-08-02", "so_tu_phap"),
        ("HoSo Sở Y tế quý II 2023", "HoSo_Sở_Y_tế"),
        ("20230802", ""),
        ("Tháng 5", ""),
    ],
)
def test_what_tells_the_time_of_a_file_is_no_part_of_its_sender(name: str, kept: str) -> None:
    assert timeless(name) == kept
