"""The sample on a machine that refuses what Windows refuses: the same bytes, and all words on a cp1252 pipe.

What is simulated here and was never run on Windows or macOS is told in docs/machines.md.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.machine.conftest import Demo, bytes_of

HERE = Path(__file__).parent
SOURCE = HERE.parents[1] / "src"
ON_WINDOWS = {
    "PYTHONPATH": os.pathsep.join((str(HERE / "as_windows"), str(SOURCE))),
    "PYTHONIOENCODING": "cp1252", "PYTHONWARNDEFAULTENCODING": "1", "TTHC_DEBUG": "1",
}  # fmt: skip


def on_windows(*words: str | Path) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "tthc_cli", *map(str, words)]
    return subprocess.run(command, env={**os.environ, **ON_WINDOWS}, capture_output=True, check=False)


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[bytes]]:
    """(the folder of the demo, how it ended)"""
    folder = tmp_path_factory.mktemp("windows") / "tỉnh mẫu"
    return folder, on_windows("demo", folder)


def test_the_demo_is_made_without_a_hitch(there: tuple[Path, subprocess.CompletedProcess[bytes]]) -> None:
    _, ended = there
    assert ended.returncode == 0, ended.stderr.decode("utf-8", "replace")


def test_its_files_are_the_same_to_the_byte(there: tuple[Path, subprocess.CompletedProcess[bytes]], made: Demo) -> None:
    found = bytes_of(there[0])
    assert found.keys() == made.files.keys()
    assert len(found) > 50
    assert [name for name in found if found[name] != made.files[name]] == []


def test_a_cp1252_pipe_gets_every_word_in_utf_8(there: tuple[Path, subprocess.CompletedProcess[bytes]]) -> None:
    _, ended = there
    assert "UBND tỉnh Sông Vân" in ended.stdout.decode("utf-8")
    assert "Dòng bị loại hoặc cần xem lại" in ended.stderr.decode("utf-8")


def test_so_does_the_help_page() -> None:
    ended = on_windows("--help")
    assert ended.returncode == 0
    assert "Chấm điểm chất lượng phục vụ người dân" in ended.stdout.decode("utf-8")


def test_what_a_run_that_died_left_is_swept_without_a_signal(
    there: tuple[Path, subprocess.CompletedProcess[bytes]],
) -> None:
    ended = on_windows("score", "--quarter", "2023Q2", "--workspace", there[0], "--quiet")
    assert ended.returncode == 0, ended.stderr.decode("utf-8", "replace")
