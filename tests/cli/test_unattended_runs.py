"""What runs that nobody watches leave behind, and how they keep out of each other's way."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_exit_codes import BAD_DATE, GOOD, HEADINGS, UNITS
from tests.command import put, tthc
from tthc_cli.storage.lock import HOLDER, holder, is_held
from tthc_cli.storage.run_log import append, latest_first


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tthc.toml").touch()
    return put(tmp_path, units=UNITS, ho_so=HEADINGS + GOOD + BAD_DATE)


def records(folder: Path) -> list[dict[str, Any]]:
    text = (folder / "logs" / "runs.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def test_a_run_leaves_a_record_with_counts_a_file(folder: Path) -> None:
    assert tthc("run", "exports/", "--quarter", "2023Q2", "--format", "json").code == 1
    (record,) = records(folder)
    assert (record["schema"], record["command"], record["exit"], record["period"]) == (1, "run", 1, "2023Q2")
    assert record["start"] <= record["end"]
    # 2 đơn vị; 2 hồ sơ, một dòng có ngày 31/02 bị loại
    assert [(f["path"], f["rows_read"], f["accepted"], f["rejected"]) for f in record["files"]] == [
        ("exports/ho_so.csv", 2, 1, 1),
        ("exports/units.csv", 2, 2, 0),
    ]
    assert "issues/" in record["next"]


def test_a_run_that_stops_leaves_a_record_that_says_why(folder: Path) -> None:
    assert tthc("score", "--quarter", "2023Q2").code == 3
    (record,) = records(folder)
    assert record["exit"] == 3
    assert str(folder / "warehouse") in record["message"]
    assert record["next"]


def test_the_log_is_in_one_language_whatever_the_run_speaks(folder: Path) -> None:
    (folder / "tthc.toml").write_text('[log]\nlanguage = "en"\n', encoding="utf-8")
    tthc("ingest", "exports/", "--lang", "vi")
    tthc("score", "--quarter", "2099Q2", "--lang", "vi")
    first, second = (folder / "logs" / "tthc.log").read_text(encoding="utf-8").splitlines()
    assert "took in 2 files: 4 rows read" in first
    assert "tthc score: code 2: " in second


def test_a_log_that_grows_too_long_is_put_aside(tmp_path: Path) -> None:
    for number in range(5):
        append(tmp_path / "tthc.log", f"line {number} of ten", most=30, keep=2)
    # 15 byte một dòng: hai dòng một tệp
    assert (tmp_path / "tthc.log").read_text() == "line 4 of ten\n"
    assert (tmp_path / "tthc.log.1").read_text() == "line 2 of ten\nline 3 of ten\n"
    assert (tmp_path / "tthc.log.2").read_text() == "line 0 of ten\nline 1 of ten\n"
    for number in range(5, 8):
        append(tmp_path / "tthc.log", f"line {number} of ten", most=30, keep=2)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["tthc.log", "tthc.log.1", "tthc.log.2"]


def test_records_are_read_over_the_files_put_aside(tmp_path: Path) -> None:
    run = '{"command": "run", "start": "2026-11-0%s", "end": "2026-11-0%s", "exit": 0}'
    for number in range(1, 5):
        append(tmp_path / "runs.jsonl", run % (number, number), most=140, keep=3)
    append(tmp_path / "runs.jsonl", "{a line that was cut", most=140, keep=3)
    assert [found["end"][-1] for found in latest_first(tmp_path, 3)] == ["4", "3", "2", "1"]


def test_a_line_that_was_cut_off_takes_no_other_with_it(tmp_path: Path) -> None:
    runs = tmp_path / "runs.jsonl"
    runs.write_text('{"schema": 1, "sta', encoding="utf-8")
    append(runs, '{"command": "run", "start": "2026-11-01", "end": "2026-11-01", "exit": 3}', most=1000, keep=3)
    assert [found["exit"] for found in latest_first(tmp_path, 3)] == [3]


def test_a_record_may_hold_any_character_and_is_passed_over_when_it_is_none(tmp_path: Path) -> None:
    runs = tmp_path / "runs.jsonl"
    good = '{"command": "run", "start": "2026-11-01", "end": "2026-11-01", "exit": 0, "paths": ["a\u2028b.xlsx"]}'
    for line in (good, good.replace('"end": "2026-11-01"', '"end": "?"'), good.replace('"exit": 0', '"exit": "0"')):
        append(runs, line, most=1000, keep=3)
    assert [found["paths"] for found in latest_first(tmp_path, 3)] == [["a\u2028b.xlsx"]]


HOLD = """
import sys, time
from pathlib import Path
from tthc_cli.workspace import find_workspace
with find_workspace(Path(sys.argv[1]), Path(sys.argv[1])).lock("tthc run"):
    print("held", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def other(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the folder until it is told to go."""
    words = [sys.executable, "-c", HOLD, str(folder)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        if process.poll() is None:
            process.kill()


def test_who_holds_the_folder_since_when_is_told(folder: Path, other: subprocess.Popen[str]) -> None:
    ended = tthc("ingest", "exports/")
    assert ended.code == 4
    told = holder(folder)
    assert told is not None
    assert f"tiến trình {other.pid}" in ended.err
    assert told.since.partition("T")[2] in ended.err
    assert is_held(folder)


def test_a_run_waits_as_long_as_it_is_told_to(folder: Path, other: subprocess.Popen[str]) -> None:
    ended = tthc("ingest", "exports/", "--wait", "0.3")
    assert ended.code == 4
    assert "Đang đợi" in ended.err


def test_a_run_that_waits_goes_on_when_the_other_ends(folder: Path, other: subprocess.Popen[str]) -> None:
    words = [sys.executable, "-m", "tthc_cli", "ingest", "exports/", "--wait", "30"]
    with subprocess.Popen(words, cwd=folder, stderr=subprocess.PIPE, text=True, encoding="utf-8") as waiting:
        assert waiting.stderr is not None
        assert "Đang đợi" in waiting.stderr.readline()
        assert other.stdin is not None
        other.stdin.write("go\n")
        other.stdin.flush()
        waiting.stderr.read()
    assert waiting.returncode == 1
    assert not (folder / HOLDER).exists()


def test_a_holder_that_was_killed_holds_nothing(folder: Path, other: subprocess.Popen[str]) -> None:
    other.kill()
    other.wait()
    assert (folder / HOLDER).exists()
    assert not is_held(folder)
    assert tthc("ingest", "exports/").code == 1


@pytest.mark.parametrize("command", [("ingest", "không-có"), ("score", "--quarter", "2023Q2"), ("report",)])
def test_a_folder_that_is_no_workspace_is_left_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert tthc(*command).code == 3
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_used_makes_no_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "anh.jpg").write_bytes(b"\xff\xd8\xff")
    assert tthc("ingest", "anh.jpg").code == 3
    assert [p.name for p in tmp_path.iterdir()] == ["anh.jpg"]
