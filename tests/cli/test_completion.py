"""The Tab key completes values from where they are known, without an error and without what is slow to load."""

from __future__ import annotations

import io
import os
import shlex
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from tests.cli.province import make_workspace
from tests.command import tthc
from tthc_cli.cli import run
from tthc_cli.cli.main.report import FILE_FORMATS
from tthc_cli.indicators.registry import components
from tthc_cli.schema import table_names
from tthc_cli.statements.registry import LISTS


@pytest.fixture(scope="module")
def scored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = make_workspace(tmp_path_factory.mktemp("completion"))
    for quarter in ("2023Q1", "2023Q2"):
        assert tthc("score", "--quarter", quarter, "--workspace", folder, "--quiet").code == 0
    return folder


def completed(monkeypatch: pytest.MonkeyPatch, line: str) -> set[str]:
    """What bash is offered at the end of a line."""
    words = shlex.split(line)
    if line.endswith(" "):
        words.append("")
    monkeypatch.setenv("_TTHC_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", line)
    monkeypatch.setenv("COMP_CWORD", str(len(words) - 1))
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as ended:
        run([])
    assert (ended.value.code, err.getvalue()) == (0, "")
    return set(out.getvalue().split())


OFFERED = {
    "tthc report --format ": {*FILE_FORMATS, "table"},
    "tthc run exports/ --format ": set(FILE_FORMATS),
    "tthc score --reading ": {"law", "portal"},
    "tthc score --reading p": {"portal"},
    "tthc --lang ": {"vi", "en"},
    "tthc score --rulebook ": {"qd766", "qd766-portal", "tt01-2018", "tt01-2018-officials", "vi-du-tinh"},
    "tthc rules show qd766-": {"qd766-portal"},
    "tthc rules diff qd766 ": {"qd766", "qd766-portal", "tt01-2018", "tt01-2018-officials", "vi-du-tinh"},
    "tthc form II.05": {"II.05a", "II.05b"},
    "tthc form II.06a --rows pro": {"procedure"},
    "tthc explain ": {"H99", "H99.02", "H99.08"},
    "tthc whatif H99.0": {"H99.02", "H99.08"},
    "tthc report --unit H99.08": {"H99.08"},
    "tthc explain H99.02 ": set(components()),
    "tthc compare 2023Q1 ": {"2023Q1", "2023Q2"},
    "tthc report --quarter ": {"2023Q1", "2023Q2", "truoc", "nay"},
    "tthc report --month ": {"truoc", "nay"},
    "tthc list ": {kind.name for kind in LISTS},
    "tthc list overdue --level ": {"tinh", "so", "huyen", "xa"},
    "tthc schema ": set(table_names()),
}
"""Told by the registries, and by what make_workspace writes."""


@pytest.mark.parametrize("line", OFFERED)
def test_values_are_offered_from_where_they_are_known(line: str, scored: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(scored)
    assert completed(monkeypatch, line) == OFFERED[line]


def test_sources_are_offered_by_their_ids(scored: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(scored)
    ids = {one["id"] for one in tthc("sources", "--json").json["sources"]}
    assert len(ids) == 2
    assert completed(monkeypatch, "tthc forget ") == ids


def test_the_folder_named_on_the_line_is_looked_into(
    scored: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert completed(monkeypatch, f"tthc explain --workspace {scored} H99.02") == {"H99.02"}


@pytest.mark.parametrize("line", ["tthc explain ", "tthc compare ", "tthc forget ", "tthc score --rulebook qd766-"])
def test_where_nothing_is_stored_nothing_fails(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert completed(monkeypatch, line) <= {"qd766-portal"}


@pytest.mark.parametrize("line", ["tthc explain ", "tthc score --rulebook qd", "tthc report --quarter "])
def test_settings_that_cannot_be_used_offer_nothing(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tthc.toml").write_text("[scoring\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert completed(monkeypatch, line) == set()


def test_a_damaged_score_offers_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "scores" / "2023Q2" / "qd766"
    folder.mkdir(parents=True)
    (tmp_path / "scores" / "latest.json").write_text('{"period": "2023Q2", "rulebook": "qd766"}', encoding="utf-8")
    (folder / "manifest.json").write_text('{"files": {"units": "gone.parquet"}}', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert completed(monkeypatch, "tthc explain ") == set()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_is_answered_without_what_is_slow_to_load(shell: str, scored: Path) -> None:
    code = """
import sys
from tthc_cli.__main__ import main
try:
    main()
except SystemExit:
    print({"pandas", "openpyxl", "jinja2", "lxml", "holidays"} & set(sys.modules), file=sys.stderr)
"""
    asked = {
        "_TTHC_COMPLETE": f"complete_{shell}", "COMP_WORDS": "tthc explain H99.08", "COMP_CWORD": "2",
        "_TYPER_COMPLETE_ARGS": "tthc explain H99.08", "_TYPER_COMPLETE_FISH_ACTION": "get-args",
    }  # fmt: skip
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=scored, env=os.environ | asked
    )
    assert ended.stderr == "set()\n"
    assert "H99.08" in ended.stdout
    assert ("Sở Tư pháp" in ended.stdout) == (shell != "bash")
