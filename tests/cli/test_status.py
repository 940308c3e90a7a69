"""`tthc status`: what a person who looks after an office's machine has to know, and an exit code for monitoring."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_exit_codes import BAD_DATE, GOOD, HEADINGS, UNITS
from tests.command import put, tthc
from tthc_cli import clock
from tthc_cli.jobs.health.registry import CHECKS
from tthc_cli.storage.lock import HOLDER

EXPORTED = ("2023-04-03", "2023-05-03", "2023-06-04")
"""Two gaps: of 30 and of 32 days."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with three monthly deliveries of one sender, scored."""
    folder = tmp_path_factory.mktemp("status")
    (folder / "tthc.toml").touch()
    put(folder, units=UNITS)
    os.utime(folder / "exports" / "units.csv", (1_680_000_000, 1_680_000_000))
    (folder / "exports" / "so_ct").mkdir()
    for number, day in enumerate(EXPORTED, 1):
        row = GOOD.replace("-0001", f"-000{number}").replace("03/04/2023", "01/04/2023").replace("07/04", "02/04")
        (folder / "exports" / "so_ct" / f"ho_so_xuat_{day}.csv").write_text(HEADINGS + row, encoding="utf-8")
    words = ("run", folder / "exports", "--quarter", "2023Q2", "--format", "json", "--workspace", folder, "--quiet")
    assert tthc(*words).code == 0
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of it, looked at on a day in June 2023."""
    shutil.copytree(made, tmp_path / "w", copy_function=shutil.copy2)
    at(monkeypatch, "2023-06-20T08:00:00")
    path = tmp_path / "w" / "logs" / "runs.jsonl"
    (run,) = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    run |= {"start": "2023-06-20T02:15:00", "end": "2023-06-20T02:15:40", "seconds": 40, "paths": ["exports"]}
    path.write_text(json.dumps(run) + "\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path / "w")
    yield tmp_path / "w"


def at(monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime.fromisoformat(moment))
    monkeypatch.setattr(clock, "machine_ahead", lambda: 7 * 3600)


def asked(*options: str) -> tuple[int, dict[str, list[dict[str, Any]]]]:
    ended = tthc("status", "--json", *options)
    assert ended.json["schema"] == 1
    assert ended.json["ok"] == (ended.code == 0)
    return ended.code, ended.json["checks"]


def codes(found: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(one["state"], one["code"]) for one in found]


def test_a_workspace_that_is_well(folder: Path) -> None:
    code, checks = asked()
    assert code == 0
    assert list(checks) == [check.name for check in CHECKS if not check.deep]
    assert codes(checks.pop("handing_in")) == [("note", "self_due")]  # quý II: trước 30/6 mười ngày
    assert {one["state"] for name, findings in checks.items() for one in findings if name != "due"} == {"ok"}


def test_a_person_sees_a_line_a_finding_within_the_window(folder: Path) -> None:
    ended = tthc("status")
    assert ended.code == 0
    assert max(map(len, ended.out.splitlines()[1:])) <= 100
    assert "20/06/2023 02:15 (5 giờ trước): tthc run xong sau 40 giây." in ended.out
    # 04/06 đến 20/06 là 16 ngày; trung vị của 30 và 32 ngày là 31 ngày
    assert "so_ct: gửi 04/06/2023 (16 ngày trước), thường 31 ngày một lần" in ended.out


@pytest.mark.parametrize(("day", "late"), [("2023-08-04", False), ("2023-08-06", True)])
def test_a_sender_is_late_after_twice_its_rhythm(
    folder: Path, monkeypatch: pytest.MonkeyPatch, day: str, late: bool
) -> None:
    # 04/06 + 62 ngày = 05/08
    at(monkeypatch, f"{day}T08:00:00")
    assert codes(asked()[1]["senders"]) == [("bad", "sender_late") if late else ("ok", "sender_in_time")]


def test_a_file_that_is_not_taken_in_waits(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, clock.datetime.fromtimestamp(time.time()).isoformat())
    new = folder / "exports" / "so_ct" / "moi.csv"
    new.write_text(HEADINGS + GOOD, encoding="utf-8")
    (found,) = asked()[1]["waiting"]
    assert found["code"] in ("waiting", "waiting_long")
    assert found["fields"]["names"] == "exports/so_ct/moi.csv"


def test_a_copy_of_what_is_there_under_another_name_does_not_wait(folder: Path) -> None:
    shutil.copy(folder / "exports" / "units.csv", folder / "exports" / "don_vi.csv")
    assert codes(asked()[1]["waiting"]) == [("ok", "nothing_waits")]


def test_a_file_that_could_not_be_used_does_not_wait_and_is_told(folder: Path) -> None:
    image = folder / "exports" / "anh.jpg"
    image.write_bytes(b"\xff\xd8\xff")
    os.utime(image, (1_600_000_000, 1_600_000_000))
    path = folder / "logs" / "runs.jsonl"
    run = json.loads(path.read_text(encoding="utf-8"))
    run["left_out"] = [{"path": "exports/anh.jpg", "reason": "ingest.left_image"}]
    path.write_text(json.dumps(run) + "\n", encoding="utf-8")
    assert codes(asked()[1]["waiting"]) == [("ok", "nothing_waits"), ("note", "unusable")]


def test_a_run_that_stopped_is_bad_until_another_is_done(folder: Path) -> None:
    path = folder / "logs" / "runs.jsonl"
    good = path.read_text(encoding="utf-8")
    stopped = json.dumps(json.loads(good) | {"exit": 3, "message": "đĩa đầy"}) + "\n"
    path.write_text(good + stopped, encoding="utf-8")
    code, checks = asked()
    assert code == 1
    assert codes(checks["runs"]) == [("bad", "run_failed"), ("ok", "run_done")]
    assert "đĩa đầy" in checks["runs"][0]["message"]
    path.write_text(good + stopped + good, encoding="utf-8")
    assert codes(asked()[1]["runs"]) == [("ok", "run_done"), ("note", "run_failed"), ("ok", "run_done")]


def test_a_nightly_run_that_did_not_come_is_missed(folder: Path) -> None:
    path = folder / "logs" / "runs.jsonl"
    run = json.loads(path.read_text(encoding="utf-8"))
    nights = [run | {"end": f"2023-06-{day:02}T02:15:40"} for day in (14, 15, 16, 17)]
    path.write_text("".join(json.dumps(one) + "\n" for one in nights), encoding="utf-8")
    # từ 17/06 02:15 đến 20/06 08:00 là hơn hai lần một ngày
    assert ("bad", "run_missed") in codes(asked()[1]["runs"])


def test_a_run_that_died_is_told(folder: Path) -> None:
    holder = {"command": "tthc run", "machine": os.uname().nodename, "process": 2**22 - 1}
    (folder / HOLDER).write_text(json.dumps(holder | {"since": "2023-06-20T02:15:00"}), encoding="utf-8")
    checks = asked()[1]
    assert ("bad", "run_died") in codes(checks["runs"])
    assert codes(checks["lock"]) == [("ok", "lock_free")]


def test_a_run_that_goes_on_too_long_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tthc_cli.workspace import find_workspace

    with find_workspace(folder).lock("tthc run"):
        assert codes(asked()[1]["lock"]) == [("note", "lock_held")]
        at(monkeypatch, "2023-06-20T14:00:01")
        assert codes(asked()[1]["lock"]) == [("bad", "lock_long")]


def test_newer_files_make_a_score_old(folder: Path) -> None:
    (folder / "exports" / "so_ct" / "moi.csv").write_text(HEADINGS + GOOD, encoding="utf-8")
    assert tthc("ingest", "exports/").code == 0
    (found,) = asked()[1]["scores"]
    assert (found["code"], found["fields"]["new"], found["fields"]["gone"]) == ("score_older", 1, 0)


def test_a_rulebook_that_changed_makes_a_score_old(folder: Path) -> None:
    path = folder / "scores" / "2023Q2" / "qd766" / "manifest.json"
    raw = json.loads(path.read_text(encoding="utf-8"))
    raw["rulebook"]["sha256"] = "0" * 64
    path.write_text(json.dumps(raw), encoding="utf-8")
    assert codes(asked()[1]["scores"]) == [("bad", "rules_changed")]


def test_a_damaged_warehouse_is_an_answer_and_no_end(folder: Path) -> None:
    (folder / "warehouse" / "manifest.json").write_text("{", encoding="utf-8")
    code, checks = asked()
    assert code == 1
    assert codes(checks["senders"]) == [("bad", "stopped")]
    assert codes(checks["lock"]) == [("ok", "lock_free")]


def test_a_full_disk_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: shutil._ntuple_diskusage(10**12, 10**12, 10**8))  # type: ignore[attr-defined]
    (found,) = asked()[1]["disk"]
    assert found["code"] == "disk_full"
    assert "100,0 MB" in found["message"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[storage]\nreports = "exports/bao_cao"', ("bad", "place_in_exports")),
        ('[storage]\nreports = "chung"\nscores = "chung"', ("bad", "places_alike")),
        ('[notify]\nmail_to = ["it@tinh.example"]', ("bad", "notify_incomplete")),
        ('[senders]\n"Sở X" = ["so_x/*"]', ("note", "pattern_unused")),
    ],
)
def test_settings_that_nobody_can_have_meant(folder: Path, text: str, told: tuple[str, str]) -> None:
    (folder / "tthc.toml").write_text(text, encoding="utf-8")
    assert codes(asked()[1]["settings"]) == [told]


def test_check_tries_folders_and_clock(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tthc_cli.render.pdf.pdf_bytes", lambda _: b"%PDF-1.4")
    before = sorted(p.relative_to(folder) for p in folder.rglob("*"))
    code, checks = asked("--check")
    assert code == 0
    assert list(checks) == [check.name for check in CHECKS]
    assert codes(checks["clock"]) == [("ok", "clock_right")]
    assert codes(checks["folders"]) == [("ok", "folders_open")]
    assert sorted(p.relative_to(folder) for p in folder.rglob("*")) == before
    at(monkeypatch, "2023-06-01T08:00:00")
    assert codes(asked("--check")[1]["clock"]) == [("bad", "clock_behind")]


def test_status_leaves_a_folder_that_is_no_workspace_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    code, told = asked()
    assert code == 1 and codes(told["workspace"]) == [("bad", "no_workspace")]
    assert list(tmp_path.iterdir()) == []


def test_rows_that_were_rejected_are_no_alarm(folder: Path) -> None:
    put(folder, sai=HEADINGS + BAD_DATE)
    assert tthc("ingest", "exports/").code == 1
    assert codes(asked()[1]["runs"])[0] == ("note", "run_with_faults")
