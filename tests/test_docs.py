"""The examples in docs/ run, and what the README says of commands is so."""

from __future__ import annotations

import doctest
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("name", ["how_it_works.md", "python.md"])
def test_examples_run(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    failed, tried = doctest.testfile(str(ROOT / "docs" / name), module_relative=False, encoding="utf-8")
    assert tried > 5
    assert failed == 0


def test_docstring_examples_run() -> None:
    import importlib
    import pkgutil

    import tthc_cli

    tried = 0
    for found in pkgutil.walk_packages(tthc_cli.__path__, "tthc_cli."):
        if not found.name.endswith("__main__"):
            result = doctest.testmod(importlib.import_module(found.name))
            assert result.failed == 0, found.name
            tried += result.attempted
    assert tried > 10


def readme_sessions(name: str) -> list[tuple[str, str]]:
    """(command, output) of every "$ tthc ..." in the console blocks of a README, in order."""
    text = (ROOT / name).read_text(encoding="utf-8")
    found = []
    for block in re.findall(r"```console\n(.*?)```", text, re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            found.append((command, output))
    return found


@pytest.mark.parametrize(("name", "word"), [("README.md", 1), ("README.en.md", 3)])
def test_commands_print_what_the_readme_says(tmp_path: Path, name: str, word: int) -> None:
    shutil.copytree(ROOT / "sample_data" / "exports", tmp_path / "exports")
    sessions = readme_sessions(name)
    assert [c.split()[word] for c, _ in sessions] == ["ingest", "score", "report", "report", "explain"]
    checker = doctest.OutputChecker()
    for command, expected in sessions:
        words = [sys.executable, "-m", "tthc_cli", *shlex.split(command)[1:]]
        done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
        got = re.sub(r" +$", "", done.stdout, flags=re.MULTILINE).strip("\n").replace(str(tmp_path), "/srv/tthc") + "\n"
        assert checker.check_output(expected, got, doctest.ELLIPSIS), f"$ {command}\n{got}\n{done.stderr}"


def test_the_english_readme_has_every_section_and_command() -> None:
    vietnamese, english = ((ROOT / name).read_text("utf-8") for name in ("README.md", "README.en.md"))
    assert [h.rpartition(" · ")[2] for h in re.findall(r"^## (.*)$", vietnamese, re.MULTILINE)] == re.findall(
        r"^## (.*)$", english, re.MULTILINE
    )
    rows = re.compile(r"^\| `tthc ([a-z-]+)", re.MULTILINE)
    assert rows.findall(vietnamese) == rows.findall(english)
