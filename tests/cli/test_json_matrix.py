"""With --json, every command prints exactly one object that has a schema: done, wrongly used, or stopped; and the
examples of its help page work. Commands come from the registry, their examples from the catalogue."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock

import tthc_cli
from tests.cli.test_exit_codes import GOOD, HEADINGS, UNITS
from tests.command import put, tthc
from tthc_cli.cli.help_page import examples
from tthc_cli.cli.registry import COMMANDS
from tthc_cli.messages import catalogue

NAMES = [one.name for one in COMMANDS]
EXAMPLES = [(name, line) for name in NAMES for line in examples(name, "vi")]
DONE = (0, 1)
RULEBOOKS = Path(tthc_cli.__file__).parent / "rulebooks"


@pytest.fixture(scope="module")
def scored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with exports, two scored quarters and a rulebook of its own."""
    folder = put(tmp_path_factory.mktemp("scored"), units=UNITS, ho_so=HEADINGS + GOOD)
    typed = "MaDonVi,Ky,ChiTieu,TuSo,MauSo,Nguon,NguoiCham\nH99.02,2023Q2,2.1,1,1,Sổ theo dõi,Tự chấm\n"
    put(folder, typed_figures=typed, report_totals="MaDonVi,Ky,TongTiepNhan\nH99.02,2023Q2,1\n")
    (folder / "rulebooks").mkdir()
    own = (RULEBOOKS / "qd766.toml").read_text(encoding="utf-8").replace('id = "qd766"', 'id = "tinh"', 1)
    own = re.sub(r"(?m)^effective_from = .*$", "effective_from = 2030-01-01", own, count=1)
    (folder / "rulebooks" / "tinh.toml").write_text(own, encoding="utf-8")
    assert tthc("ingest", folder / "exports", "--workspace", folder, "--quiet").code == 0
    for quarter in ("2023Q1", "2023Q2"):
        done = tthc("score", "--quarter", quarter, "--rulebook", "qd766", "--workspace", folder, "--quiet")
        assert done.code == 0, done.err
    drawn = tthc("inspection", "draw", "--unit", "H99.02", "--quarter", "2023Q2", "--workspace", folder, "--json")
    assert tthc("ingest", drawn.json["workbook"], "--workspace", folder, "--quiet").code == 0
    return folder


@pytest.fixture
def place(scored: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = shutil.copytree(scored, tmp_path / "place")
    monkeypatch.chdir(folder)
    return folder


def only_object(text: str) -> dict[str, object]:
    found = json.loads(text)
    assert isinstance(found, dict)
    assert isinstance(found["schema"], int)
    return found


def test_every_command_has_an_example() -> None:
    assert [name for name in NAMES if not examples(name, "vi")] == []


def test_every_example_belongs_to_a_command() -> None:
    told = {key for name in NAMES for key in examples(name, "vi")}
    assert {key.split(".", 2)[2] for key in catalogue("vi", "examples")} == told


@pytest.mark.parametrize(("name", "line"), EXAMPLES, ids=[line for _, line in EXAMPLES])
def test_examples_work_and_print_one_object(name: str, line: str, place: Path) -> None:
    words = shlex.split(line)
    assert " ".join(words[: 1 + len(name.split())]) == f"tthc {name}"
    ended = tthc(*words[1:], "--json")
    assert ended.code in DONE, ended.err
    assert "error" not in only_object(ended.out)


@pytest.mark.parametrize("name", NAMES)
def test_wrong_usage_prints_one_object(name: str, place: Path) -> None:
    ended = tthc(*name.split(), "--json", "--no-such-option")
    assert ended.code == 2
    error = only_object(ended.out)["error"]
    assert error == {
        "code": "no_such_option", "message": "không có tùy chọn --no-such-option", "file": None,
        "next": f"Xem: tthc {name} --help", "exit": 2,
    }  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_command_that_is_stopped_prints_one_object(name: str, place: Path) -> None:
    """By settings that cannot be read; `init` by the workspace that is there already."""
    (place / "tthc.toml").write_text("[scoring\n", encoding="utf-8")
    (place / "tinh-song-van").mkdir()
    (place / "tinh-song-van" / "tthc.toml").touch()
    ended = tthc(*shlex.split(next(iter(examples(name, "vi"))))[1:], "--json")
    assert ended.code == 3
    error = only_object(ended.out)["error"]
    assert isinstance(error, dict)
    assert set(error) == {"code", "message", "file", "next", "exit"}
    assert (error["exit"], str(error["file"]).rpartition("/")[2] in ("tthc.toml", "tinh-song-van")) == (3, True)
    assert error["message"]
    assert error["next"]
    assert str(error["message"]) in ended.err


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("scroe", "--json"), "no_such_command"),
        (("--json",), "no_such_option"),
        (("rules", "--json"), "no_such_option"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else value,
)
def test_what_is_no_command_prints_one_object_too(arguments: tuple[str, ...], code: str) -> None:
    ended = tthc(*arguments)
    error = only_object(ended.out)["error"]
    assert isinstance(error, dict)
    assert (ended.code, error["code"], error["exit"]) == (2, code, 2)


def test_a_defect_prints_one_object(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("tthc_cli.ingest.list_sources", broken)
    ended = tthc("sources", "--json")
    error = only_object(ended.out)["error"]
    assert isinstance(error, dict)
    assert (ended.code, error["code"], error["exit"]) == (5, "defect", 5)
    assert str(error["file"]).endswith("defect.txt")


def test_without_json_nothing_of_it_is_printed(place: Path) -> None:
    assert tthc("score", "--quarter", "2023Q9").out == ""


def test_a_value_that_reads_json_is_none() -> None:
    assert tthc("explain", "--", "--json").out == ""


@pytest.mark.parametrize("arguments", ["--help", "schema dossiers", "schema dossiers --json", "rules show qd766"])
def test_a_closed_pipe_is_no_failure(arguments: str, place: Path) -> None:
    command = f"{sys.executable} -m tthc_cli {arguments} | head -1; exit ${{PIPESTATUS[0]}}"
    ended = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False, env=os.environ)
    assert (ended.returncode, ended.stderr, len(ended.stdout.splitlines())) == (0, "", 1)


def test_a_workspace_that_another_run_holds_prints_one_object(place: Path) -> None:
    with FileLock(place / ".tthc.lock"):
        ended = tthc("ingest", "exports/", "--json")
    error = only_object(ended.out)["error"]
    assert isinstance(error, dict)
    assert (ended.code, error["code"], error["exit"]) == (4, "locked", 4)
