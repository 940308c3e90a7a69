"""`tthc demo`: one command from nothing to scorecards of the sample province."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.command import tthc
from tests.machine.conftest import Demo


def test_the_sample_is_taken_in_scored_and_written(made: Demo) -> None:
    folder, ended, _ = made
    assert ended.code == 0, ended.err
    told = ended.json
    assert (told["period"], told["ingest"]["rows_read"], told["ingest"]["rejected"]) == ("2023Q2", 39166, 21)
    assert [Path(f) for f in told["files"]] == [folder / "reports" / f"tthc-2023Q2-qd766.{s}" for s in ("xlsx", "html")]
    assert all(Path(f).is_file() for f in told["files"])


def test_the_folder_is_a_workspace_to_go_on_in(made: Demo) -> None:
    folder = made.folder
    assert (folder / "tthc.toml").is_file()
    assert tthc("ingest", folder / "exports", "--workspace", folder, "--json").json["rows_read"] == 0
    assert tthc("explain", "H99.09", "3.6", "--workspace", folder).code == 0


def test_a_folder_with_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    ended = tthc("demo", tmp_path)
    assert ended.code == 3
    assert str(tmp_path) in ended.err
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]


def test_a_format_that_there_is_not_makes_no_folder(tmp_path: Path) -> None:
    assert tthc("demo", tmp_path / "new", "--format", "odt").code == 2
    assert not (tmp_path / "new").exists()


def test_next_steps_are_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tthc_cli.jobs import sample

    few = tmp_path / "few"
    few.mkdir()
    (few / "units.csv").write_text("MaDonVi,TenDonVi,Cap\nH99,UBND tỉnh,province\n", encoding="utf-8")
    monkeypatch.setattr(sample, "_HOMES", (few,))
    ended = tthc("demo", tmp_path / "new", "--format", "json")
    assert ended.code == 0, ended.err
    assert "tthc explain" in ended.out
    assert json.loads((tmp_path / "new" / "reports" / "tthc-2023Q2-qd766.json").read_text(encoding="utf-8"))
