"""One line a run in the log: what was done, or what stopped it; a defect of the program is a sentence too."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from tests.cli.test_exit_codes import BAD_DATE, GOOD, HEADINGS, UNITS
from tests.command import put, tthc


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tthc.toml").touch()
    return put(tmp_path, units=UNITS, ho_so=HEADINGS + GOOD + BAD_DATE)


def lines(folder: Path) -> list[str]:
    """The log, without the times."""
    written = (folder / "logs" / "tthc.log").read_text(encoding="utf-8").splitlines()
    return [line.partition(" ")[2] for line in written]


def test_every_step_leaves_one_line(folder: Path) -> None:
    tthc("ingest", "exports/")
    tthc("score", "--quarter", "2023Q2")
    tthc("report", "--format", "html")
    # 2 đơn vị, 2 hồ sơ (một dòng có ngày 31/02 bị loại)
    assert lines(folder) == [
        "nạp 2 tệp: đọc 4 dòng, nhận 3, thay thế 0, loại 1",
        "chấm kỳ 2023Q2, bộ quy tắc qd766: 2 đơn vị",
        f"báo cáo kỳ 2023Q2, bộ quy tắc qd766: 1 tệp trong {folder / 'reports'}",
    ]


def test_what_stopped_a_run_is_in_the_log(folder: Path) -> None:
    assert tthc("score", "--quarter", "2023Q2").code == 3
    (line,) = lines(folder)
    assert line.startswith("tthc score: mã 3: Lỗi: ")
    assert str(folder / "warehouse") in line


def test_a_name_that_is_no_utf8_is_in_the_log(folder: Path) -> None:
    assert tthc("ingest", os.fsdecode(b"exports/h\xf4.csv")).code == 3
    (line,) = lines(folder)
    assert line.startswith("tthc ingest: mã 3: Lỗi: exports/h")


def test_a_log_that_cannot_be_written_stops_nothing(folder: Path) -> None:
    (folder / "logs").write_text("một tệp nằm ở chỗ của thư mục", encoding="utf-8")
    ended = tthc("ingest", "exports/")
    assert ended.code == 1
    assert "Không ghi được nhật ký" in ended.err


def test_a_defect_is_one_sentence_and_a_file_without_data(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cell = (folder / "exports" / "ho_so.csv").read_text(encoding="utf-8")

    def broken(*_: object) -> None:
        raise ZeroDivisionError(cell)

    monkeypatch.delenv("TTHC_DEBUG", raising=False)
    monkeypatch.setattr("tthc_cli.ingest.ingest", broken)
    ended = tthc("ingest", "exports/")
    assert ended.code == 5
    assert "lỗi chưa lường trước (ZeroDivisionError)" in ended.err
    assert "Traceback" not in ended.err
    kept = (folder / "logs" / "defect.txt").read_text(encoding="utf-8")
    assert "main_job.py" in kept
    assert "H99.02-230403-0001" not in kept + ended.err + "".join(lines(folder))
    monkeypatch.setenv("TTHC_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        tthc("ingest", "exports/")


def test_the_quarter_that_ended_last(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tthc_cli.clock.today", lambda: date(2023, 7, 2))
    tthc("ingest", "exports/", "--quiet")
    assert tthc("score", "--quarter", "truoc", "--json").json["period"] == "2023Q2"
    assert tthc("report", "--quarter", "last", "--format", "json").code == 0
    assert (folder / "reports" / "tthc-2023Q2-qd766.json").is_file()
