"""What a killed run or a full disk left half written is swept by the next run; what a live run is writing is not."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.cli.test_exit_codes import GOOD, HEADINGS, UNITS
from tests.command import put, scored, taken_in, tthc
from tthc_cli.storage import strays
from tthc_cli.storage.location import write_atomic

KILLED_AT = """
import os, signal, sys
from pathlib import Path
left, name = int(sys.argv[1]), sys.argv[2]
real = getattr(os if name == "fsync" else Path, name)
def dies(*given, **named):
    global left
    left -= 1
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(*given, **named)
setattr(os if name == "fsync" else Path, name, dies)
from tthc_cli.cli import run
sys.exit(run(sys.argv[3:]))
"""


def half_written(folder: Path) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob(".*.tmp"))


@pytest.fixture
def province(tmp_path: Path) -> Path:
    folder = taken_in(tmp_path / "a", units=UNITS, ho_so=HEADINGS + GOOD)
    scored(folder, "2023Q2")
    return folder


def test_run_killed_at_every_file_it_writes(province: Path) -> None:
    """Just before each file is made safe on disk, and so before it takes its place."""
    job = ("run", str(province / "exports"), "--quarter", "2023Q2", "--format", "html", "--workspace", str(province))
    strayed = 0
    for number in range(0, 60, 5):
        put(province, ho_so_moi=HEADINGS + GOOD.replace("0001", f"{number + 100:04d}"))
        command = [sys.executable, "-c", KILLED_AT, str(number), "fsync", *job]
        code = subprocess.run(command, capture_output=True, timeout=60, check=False).returncode
        strayed += bool(half_written(province))
        assert tthc(*job).code == 0
        assert half_written(province) == [], number
        if code != -signal.SIGKILL:
            break
    assert strayed >= 3
    assert code == 0, "the last one ran to its end"


def test_full_disk_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_atomic(tmp_path / "a.html", b"x")
    assert list(tmp_path.iterdir()) == []


def gone() -> int:
    """The number of a process that is no more."""
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    return child.pid


def test_what_is_swept_and_what_stays(province: Path) -> None:
    machine, dead, alive = strays._machine(), gone(), os.getppid()
    folder = province / "reports"
    folder.mkdir(exist_ok=True)
    ours = [f".a.html.{machine}-{dead}.tmp", f".b.xlsx.{machine}-{os.getpid()}.tmp", ".c.xlsx.123.tmp"]
    others = [
        f".a.html.{machine}-{alive}.tmp",
        f".a.html.00000000-{dead}.tmp",
        ".notes.tmp",
        "a.123.tmp",
        ".d.csv.77.tmp",
    ]
    for name in (*ours, *others):
        (folder / name).write_bytes(b"x")
    os.utime(folder / ours[2], (1_700_000_000, 1_700_000_000))
    assert tthc("score", "--quarter", "2023Q2", "--workspace", province).code == 0
    assert sorted(p.name for p in folder.iterdir()) == sorted(others)


def test_place_of_a_report_named_on_the_command_line(province: Path, tmp_path: Path) -> None:
    out = tmp_path / "gửi"
    out.mkdir()
    (out / f".a.csv.{strays._machine()}-{gone()}.tmp").write_bytes(b"x")
    strays._sweep_once.cache_clear()
    assert tthc("report", "--format", "html", "--out", out, "--workspace", province).code == 0
    assert half_written(out) == []


def test_temporary_folders(province: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    dead = tmp_path / f"tthc-{strays._machine()}-{gone()}-x1"
    alive = tmp_path / f"tthc-{strays._machine()}-{os.getppid()}-x2"
    other = tmp_path / "tthc-notes"
    for folder in (dead, alive, other):
        (folder / "profile").mkdir(parents=True)
    with strays.working_folder() as mine:
        assert tthc("report", "--format", "html", "--workspace", province).code == 0
        assert mine.is_dir()
    assert not dead.exists()
    assert alive.is_dir()
    assert other.is_dir()
    assert not mine.exists()
