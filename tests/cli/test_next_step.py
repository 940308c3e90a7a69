"""`tthc` alone shows its help page, and what to do next by what the folder holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.test_exit_codes import GOOD, HEADINGS, UNITS
from tests.command import put, tthc
from tthc_cli.cli.registry import top_names


def told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The last line that `tthc` prints there; it is wrong usage, so it goes to standard error."""
    monkeypatch.chdir(folder)
    ended = tthc()
    assert (ended.code, ended.out) == (2, "")
    assert "Việc chính:" in ended.err
    return ended.err.strip().splitlines()[-1]


def test_step_by_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = told(tmp_path, monkeypatch)
    assert "`tthc init`" in first
    assert ("tthc demo" in first) == ("demo" in top_names())
    tthc("init")
    assert "chép tệp" in told(tmp_path, monkeypatch)
    put(tmp_path, units=UNITS, ho_so=HEADINGS + GOOD)
    assert "chưa nạp tệp nào. Chạy `tthc ingest exports/`" in told(tmp_path, monkeypatch)
    assert tthc("ingest", "exports/", "--quiet").code == 0
    assert "chưa chấm kỳ nào. Chạy `tthc score" in told(tmp_path, monkeypatch)
    assert tthc("score", "--quarter", "II/2023", "--quiet").code == 0
    assert "kỳ 2023Q2 đã chấm. Chạy `tthc show`" in told(tmp_path, monkeypatch)


def test_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told(tmp_path, monkeypatch)
    assert list(tmp_path.iterdir()) == []


def test_settings_that_cannot_be_used_are_the_next_thing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tthc.toml").write_text('[scoring]\nreadin = "law"\n', encoding="utf-8")
    assert "scoring.readin (dòng 2)" in told(tmp_path, monkeypatch)


def test_data_elsewhere_are_not_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tthc.toml").write_text('[storage]\nscores = "s3://kho/tthc"\n', encoding="utf-8")
    assert "nơi lưu trữ khác" in told(tmp_path, monkeypatch)


def test_a_group_alone_shows_its_own_page_only() -> None:
    assert "Bước tiếp" not in tthc("rules").err
