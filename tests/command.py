"""The command line run inside the test process: exit code, standard output, standard error."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tthc_cli.cli import run


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What was printed, which must be one JSON document and nothing else."""
        return json.loads(self.out)


def tthc(*arguments: str | Path) -> Ended:
    """Run one command line."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = run([str(a) for a in arguments])
    return Ended(code, out.getvalue(), err.getvalue())


def put(folder: Path, **files: str) -> Path:
    """Write CSV files: put(folder, units="MaDonVi,...") writes units.csv into folder/exports."""
    exports = folder / "exports"
    exports.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (exports / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def taken_in(folder: Path, **files: str) -> Path:
    """Write CSV files and ingest them."""
    put(folder, **files)
    ended = tthc("ingest", folder / "exports", "--workspace", folder, "--quiet")
    assert ended.code in (0, 1), ended.err
    return folder


def scored(folder: Path, period: str, *options: str) -> dict[str, Any]:
    """What `tthc score --json` prints; period as 2023Q2, 2023-06, 2023H1 or 2023."""
    kind = "--month" if "-" in period else "--quarter" if "Q" in period else "--half" if "H" in period else "--year"
    ended = tthc("score", kind, period, "--workspace", folder, "--json", *options)
    assert ended.code == 0, ended.err
    found: dict[str, Any] = ended.json
    return found


def component(card: dict[str, Any], unit: str, wanted: str) -> dict[str, Any]:
    return next(c for c in card["components"] if (c["unit"], c["id"]) == (unit, wanted))


def counts(card: dict[str, Any], unit: str, wanted: str) -> tuple[float | None, float | None]:
    """(numerator, denominator)"""
    found = component(card, unit, wanted)
    return found["numerator"], found["denominator"]
