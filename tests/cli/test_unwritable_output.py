"""Output that cannot be written changes nothing of how a job ends; Vietnamese is UTF-8 whatever the locale says."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from tests.cli.test_exit_codes import BAD_DATE, GOOD, HEADINGS, UNITS
from tests.command import put, scored, taken_in

FULL = Path("/dev/full")
LOCALES = {
    "ascii": {"PYTHONIOENCODING": "ascii"},
    "cp1252": {"PYTHONIOENCODING": "cp1252"},
    "latin-1": {"PYTHONIOENCODING": "latin-1:strict"},
    "C": {"LANG": "C", "LC_ALL": "C"},
    "POSIX": {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
}
COMMANDS = {
    "score": (("score", "--quarter", "2023Q2"), 0),
    "score json": (("score", "--quarter", "2023Q2", "--json"), 0),
    "run": (("run", "exports", "--quarter", "2023Q2"), 0),
    "report": (("report", "--format", "csv"), 0),
    "sources": (("sources",), 0),
    "explain": (("explain", "H99.02"), 0),
    "rules": (("rules", "show", "qd766"), 0),
    "help": (("--help",), 0),
    "help of a command": (("ingest", "--help"), 0),
    "version": (("--version",), 0),
    "forget what": (("forget", "nowhere.csv"), 2),
    "unknown": (("scroe",), 2),
}


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = taken_in(tmp_path_factory.mktemp("province"), units=UNITS, ho_so=HEADINGS + GOOD)
    scored(folder, "2023Q2")
    return folder


def tthc(folder: Path, *arguments: str, **streams: object) -> subprocess.CompletedProcess[bytes]:
    given: dict[str, object] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | streams
    return subprocess.run(
        [sys.executable, "-m", "tthc_cli", *arguments], cwd=folder, timeout=60, check=False, **given,  # type: ignore[call-overload]
    )  # fmt: skip


@pytest.mark.parametrize("name", COMMANDS)
def test_pipe_that_is_closed(province: Path, name: str) -> None:
    arguments, code = COMMANDS[name]
    reading, writing = os.pipe()
    os.close(reading)
    try:
        ended = tthc(province, *arguments, stdout=writing)
    finally:
        os.close(writing)
    assert ended.returncode == code, ended.stderr.decode()
    assert b"Traceback" not in ended.stderr
    assert b"BrokenPipe" not in ended.stderr
    assert "Không in ra hết được" not in ended.stderr.decode()


@pytest.mark.skipif(not FULL.exists(), reason="a device that is always full")
@pytest.mark.parametrize("name", COMMANDS)
def test_full_disk(province: Path, name: str) -> None:
    arguments, code = COMMANDS[name]
    with FULL.open("wb") as full:
        ended = tthc(province, *arguments, stdout=full)
    assert ended.returncode == code, ended.stderr.decode()
    assert b"Traceback" not in ended.stderr
    if code == 0 and name != "report":
        assert "Không in ra hết được kết quả: ổ đĩa đã đầy" in ended.stderr.decode()


@pytest.mark.skipif(not FULL.exists(), reason="a device that is always full")
@pytest.mark.parametrize("name", ["score", "run", "help", "unknown"])
def test_both_streams_on_a_full_disk(province: Path, name: str) -> None:
    arguments, code = COMMANDS[name]
    with FULL.open("wb") as full:
        assert tthc(province, *arguments, stdout=full, stderr=full).returncode == code


def test_rows_rejected_stay_exit_code_1(tmp_path: Path) -> None:
    put(tmp_path, ho_so=HEADINGS + GOOD + BAD_DATE)
    reading, writing = os.pipe()
    os.close(reading)
    try:
        ended = tthc(tmp_path, "ingest", "exports", stdout=writing, stderr=writing)
    finally:
        os.close(writing)
    assert ended.returncode == 1
    assert "2 dòng" in (tmp_path / "logs" / "tthc.log").read_text(encoding="utf-8")


def test_streams_that_the_caller_closed(province: Path) -> None:
    command = f"{sys.executable} -m tthc_cli sources >&- 2>&-"
    assert subprocess.run(["sh", "-c", command], cwd=province, timeout=60, check=False).returncode == 0


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash")
@pytest.mark.parametrize("arguments", ["rules show qd766", "score --quarter 2023Q2 --json", "--help"])
def test_head_takes_the_first_line(province: Path, arguments: str) -> None:
    command = f"{sys.executable} -m tthc_cli {arguments} | head -1; exit ${{PIPESTATUS[0]}}"
    ended = subprocess.run(["bash", "-c", command], cwd=province, capture_output=True, timeout=60, check=False)
    assert ended.returncode == 0
    assert ended.stdout.count(b"\n") == 1
    assert b"Traceback" not in ended.stderr
    assert b"pipe" not in ended.stderr.lower()


def bare() -> dict[str, str]:
    return {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG", "PYTHONIO", "PYTHONUTF8"))}


@cache
def in_utf8(folder: Path, name: str) -> subprocess.CompletedProcess[bytes]:
    return tthc(folder, *COMMANDS[name][0], env=bare() | {"LC_ALL": "C.UTF-8"})


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("name", ["score json", "explain", "help", "unknown"])
def test_vietnamese_in_any_locale(province: Path, locale: str, name: str) -> None:
    arguments, code = COMMANDS[name]
    expected, ended = in_utf8(province, name), tthc(province, *arguments, env=bare() | LOCALES[locale])
    assert (ended.returncode, expected.returncode) == (code, code), ended.stderr
    assert ended.stdout.decode("utf-8") == expected.stdout.decode("utf-8")
    assert ended.stderr.decode("utf-8") == expected.stderr.decode("utf-8")
    assert any(letter in (ended.stdout + ended.stderr).decode("utf-8") for letter in "ạảệươđ")


def test_json_in_a_narrow_encoding_is_json(province: Path) -> None:
    ended = tthc(province, "sources", "--json", env=os.environ | LOCALES["ascii"])
    assert json.loads(ended.stdout.decode("utf-8"))["sources"]


def test_unbuffered_streams(province: Path) -> None:
    ended = tthc(
        province, "rules", "show", "qd766", env=os.environ | {"PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "ascii"}
    )
    assert ended.returncode == 0, ended.stderr
    assert "Quyết định" in ended.stdout.decode("utf-8")
