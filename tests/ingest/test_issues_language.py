"""The list of issues is in the language of the run."""

from __future__ import annotations

from pathlib import Path

from tests.command import put, tthc

ROWS = "MaHoSo,NgayTiepNhan,NgayHenTra,TrangThaiHoSo,DonViXuLy\nH99.01-230403-0001,31/02/2023,10/04/2023,4,H99.01\n"


def test_the_list_is_english_when_asked_for(tmp_path: Path) -> None:
    put(tmp_path, ho_so=ROWS)
    tthc("ingest", tmp_path / "exports", "--workspace", tmp_path, "--lang", "en")
    assert ",Rejected," in (tmp_path / "issues.csv").read_text(encoding="utf-8-sig")


def test_the_list_is_vietnamese_when_nothing_is_said(tmp_path: Path) -> None:
    put(tmp_path, ho_so=ROWS)
    tthc("ingest", tmp_path / "exports", "--workspace", tmp_path)
    assert "không phải là ngày" in (tmp_path / "issues.csv").read_text(encoding="utf-8-sig")
