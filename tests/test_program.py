"""What kept counts depend on: every module that counting imports, wherever it lies, and the dictionary."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import tthc_cli
from tthc_cli import program
from tthc_cli.indicators.registry import MEASURES

COUNTING = (
    "tthc_cli.counting.dossier_pass",
    *sorted({judge.cases.__module__ for judge in MEASURES.judges} | {MEASURES.times.__module__}),
)
EDIT_EACH = """
import json, sys
from pathlib import Path
from tthc_cli import program
before = program.fingerprint(*sys.argv[2:])
package, alike = Path(sys.argv[1]), []
files = [Path(program.find_spec(m).origin) for m in program.modules_behind(*sys.argv[2:])]
for file in [*files, *sorted(package.joinpath("dictionary").rglob("*.toml"))]:
    held = file.read_bytes()
    file.write_bytes(held + b"\\n# edited\\n")
    if program.fingerprint(*sys.argv[2:]) == before:
        alike.append(str(file))
    file.write_bytes(held)
other = package / "render" / "html" / "page.py"
other.write_bytes(other.read_bytes() + b"\\n# edited\\n")
print(json.dumps([alike, program.fingerprint(*sys.argv[2:]) == before, len(files)]))
"""


def test_every_module_that_counting_stands_on_changes_the_hash_and_no_other_does(tmp_path: Path) -> None:
    package = tmp_path / "tthc_cli"
    shutil.copytree(Path(tthc_cli.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    done = subprocess.run(
        [sys.executable, "-c", EDIT_EACH, str(package), *COUNTING],
        cwd=tmp_path, env={"PYTHONPATH": str(tmp_path)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    alike, render_is_none_of_it, modules = json.loads(done.stdout)
    assert alike == []
    assert render_is_none_of_it
    assert modules > 20


def test_modules_found_in_the_sources_are_those_that_an_import_loads() -> None:
    """The second way: let Python import, and look what came."""
    code = f"import sys, {', '.join(COUNTING)}; print([m for m in sys.modules if m.startswith('tthc_cli')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(json.loads(done.stdout.replace("'", '"')))
    assert loaded - set(program.modules_behind(*COUNTING)) == set()


def test_imports_are_read_as_they_are_written() -> None:
    source = b"""
from tthc_cli.one import two, three as c  # and more
from tthc_cli.four import (
    five,
    six,
)
import tthc_cli.seven
def later():
    from tthc_cli import eight
"""
    found = program.imported(source)
    expected = {"one.two", "one.three", "four.five", "four.six", "seven", "eight", "one"}
    assert {f"{program.PACKAGE}.{name}" for name in expected} <= found


def test_in_a_bundle_without_sources_the_bundle_itself_is_the_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bundle holds compiled modules alone; any edit of the program makes another bundle."""
    bundle = tmp_path / "tthc"
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(bundle))
    monkeypatch.setattr(program, "source_of", lambda module: b"" if module.startswith(program.PACKAGE) else None)
    keys = []
    for held in (b"first build", b"first build", b"second build"):
        bundle.write_bytes(held)
        keys.append(program.fingerprint(*COUNTING))
    assert keys[0] == keys[1] != keys[2]
