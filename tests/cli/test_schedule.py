"""`tthc schedule`: a run every day, as the schedulers of three systems want to be told of it."""

from __future__ import annotations

import shutil
import subprocess
from datetime import time
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.command import Ended, tthc
from tthc_cli.jobs.scheduling.texts import Schedule, crontab, service, task, timer

HANOI, UTC = 7 * 3600, 0
PLAN = Schedule(Path("/srv/một cửa"), ("/opt/tthc", "run", "/srv/một cửa/exports", "a%b"), time(2, 15), HANOI)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tthc.toml").touch()
    monkeypatch.setattr("tthc_cli.clock.machine_ahead", lambda: HANOI)
    return tmp_path


def plan(*options: str) -> Ended:
    return tthc("schedule", "--daily", "02:15", "--quarter", "truoc", *options)


def test_a_crontab_line_runs_in_the_folder(folder: Path) -> None:
    _, line, _ = plan("--as", "cron").out.strip().splitlines()
    assert line.startswith(f"15 2 * * * cd {folder} && /")
    assert f" run {folder}/exports --quarter truoc --workspace {folder} --wait 3600 --quiet" in line


def test_what_a_shell_or_cron_would_take_for_a_sign_is_quoted() -> None:
    assert "cd '/srv/một cửa' && /opt/tthc run '/srv/một cửa/exports' a\\%b" in crontab(PLAN)


@pytest.mark.parametrize(
    ("ahead", "daily", "line"),
    [(UTC, time(2, 15), "15 19"), (9 * 3600, time(23, 30), "30 1"), (int(5.5 * 3600), time(2, 15), "45 0")],
)
def test_cron_goes_by_the_zone_of_the_machine(ahead: int, daily: time, line: str) -> None:
    # 02:15 ở Việt Nam (UTC+7) là 19:15 UTC hôm trước; 23:30 là 01:30 ở UTC+9; 02:15 là 00:45 ở UTC+5:30
    assert f"\n{line} * * * " in crontab(Schedule(Path("/srv"), ("tthc",), daily, ahead))


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    root = tmp_path / "một cửa 100%"
    root.mkdir()
    made = Schedule(root, ("/bin/echo", "một cửa", 'a"b', "100%", "$HOME"), time(2, 15), HANOI)
    for ending, text in (("service", service(made)), ("timer", timer(made))):
        (tmp_path / f"{made.name}.{ending}").write_text(text, encoding="utf-8")
    paths = [str(tmp_path / f"{made.name}.{ending}") for ending in ("service", "timer")]
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *paths], capture_output=True, text=True, check=False
    )
    assert (done.returncode, [line for line in done.stderr.splitlines() if made.name in line]) == (0, [])


def test_the_task_of_windows_is_xml_that_names_the_same_run() -> None:
    from datetime import date

    text = task(Schedule(Path("/srv/a&b"), ("tthc.exe", "run", "x y"), time(2, 15), HANOI), date(2026, 11, 29))
    space = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"
    tree = ElementTree.fromstring(text.partition("\n")[2])
    found = {e.tag.removeprefix(space): e.text for e in tree.iter() if e.text and e.text.strip()}
    assert found["StartBoundary"] == "2026-11-29T02:15:00+07:00"
    assert (found["Command"], found["Arguments"], found["WorkingDirectory"]) == ("tthc.exe", 'run "x y"', "/srv/a&b")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--daily", "25:00", "--quarter", "truoc"), "25:00"),
        (("--daily", "02:15"), "thiếu kỳ"),
        (("--quarter", "truoc", "--as", "at"), "cron, systemd, windows"),
    ],
)
def test_what_can_mean_nothing_is_refused(folder: Path, options: tuple[str, ...], told: str) -> None:
    ended = tthc("schedule", *options)
    assert ended.code == 2
    assert told in ended.err


def program(folder: Path, name: str, script: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    (folder / name).chmod(0o755)


CRONTAB = """if [ "$1" = "-l" ]; then
  [ -f "$KEPT" ] || { echo "no crontab for it" >&2; exit 1; }
  while IFS= read -r line; do printf "%s\\n" "$line"; done < "$KEPT"
else
  : > "$KEPT.new"; while IFS= read -r line; do printf "%s\\n" "$line" >> "$KEPT.new"; done
  /bin/mv "$KEPT.new" "$KEPT"
fi"""


def test_installing_twice_leaves_one_line_and_what_was_there(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(folder / "bin", "crontab", CRONTAB)
    monkeypatch.setenv("PATH", str(folder / "bin"))
    monkeypatch.setenv("KEPT", str(folder / "kept"))
    assert plan("--install").code == 0
    first = (folder / "kept").read_text(encoding="utf-8")
    (folder / "kept").write_text("0 5 * * * sao-luu\n" + first, encoding="utf-8")
    assert tthc("schedule", "--daily", "03:00", "--quarter", "truoc", "--install").code == 0
    lines = (folder / "kept").read_text(encoding="utf-8").splitlines()
    assert [line[:12] for line in lines if not line.startswith("#")] == ["0 5 * * * sa", "0 3 * * * cd"]


def test_without_crontab_a_timer_of_the_account_is_made(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(folder / "bin", "systemctl", 'echo "$@" >> "$KEPT"')
    monkeypatch.setenv("PATH", str(folder / "bin"))
    monkeypatch.setenv("KEPT", str(folder / "kept"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
    found = plan("--install", "--json").json
    assert found["installed"] == "systemd"
    asked = (folder / "kept").read_text(encoding="utf-8").splitlines()
    assert asked[1:] == ["--user daemon-reload", f"--user enable --now {found['name']}.timer"]
    units = folder / "config" / "systemd" / "user"
    assert "02:15:00 Asia/Ho_Chi_Minh" in (units / f"{found['name']}.timer").read_text(encoding="utf-8")
    assert (units / f"{found['name']}.service").is_file()


def test_a_scheduler_that_refuses_is_named_and_nothing_is_left(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(folder / "bin", "systemctl", '[ "$2" = enable ] && { echo "no bus" >&2; exit 1; }; exit 0')
    monkeypatch.setenv("PATH", str(folder / "bin"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
    ended = plan("--install")
    assert ended.code == 3
    assert "no bus" in ended.err
    assert list((folder / "config" / "systemd" / "user").iterdir()) == []


def test_where_nothing_schedules_that_is_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "bin").mkdir()
    monkeypatch.setenv("PATH", str(folder / "bin"))
    ended = plan("--install")
    assert ended.code == 3
    assert "Không đặt được lịch" in ended.err
    assert plan("--install", "--as", "windows").code == 2
