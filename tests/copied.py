"""A copy of the program, to which a test adds what a contributor would, and whose commands it runs."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import tthc_cli


def program(folder: Path) -> Path:
    """The copied package, in folder/program."""
    package = folder / "program" / "tthc_cli"
    shutil.copytree(Path(tthc_cli.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    return package


def append(file: Path, text: str) -> None:
    file.write_text(file.read_text("utf-8") + text, "utf-8")


def python(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A Python of its own that finds the copy."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder, env={"PYTHONPATH": str(folder / "program"), "PATH": ""}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip


def tthc(folder: Path, *arguments: str) -> str:
    """What a command of the copy prints, in a workspace in `folder`."""
    done = python(folder, "-m", "tthc_cli", *arguments, "--workspace", str(folder))
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def tthc_json(folder: Path, *arguments: str) -> Any:
    return json.loads(tthc(folder, *arguments, "--json"))
