"""A table more is one file of the dictionary: it is found by its headings, and an edited file replaces the old one."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import tthc_cli
from tthc_cli import schema

CLOSURES = """
place = 99
vi = "Ngày đóng cửa"
en = "Closures"
key = ["DongTu", "PhongTiep"]
signature = [["DongTu", "DongDen", "PhongTiep"]]
order = [["DongTu", "DongDen", "ended_before_start", "rejected"]]

[[column]]
name = "DongTu"
type = "timestamp"
vi = "Đóng từ"
en = "From"
required = true
headings = ["Đóng từ"]

[[column]]
name = "DongDen"
type = "timestamp"
vi = "Đóng đến"
en = "To"
headings = ["Đóng đến"]

[[column]]
name = "PhongTiep"
type = "text"
vi = "Phòng tiếp"
en = "Room"
required = true
headings = ["Phòng tiếp"]
"""


def run(tmp_path: Path, *arguments: str) -> tuple[int, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tthc_cli", *arguments, "--workspace", str(tmp_path), "--json"],
        cwd=tmp_path, env={"PYTHONPATH": str(tmp_path / "program"), "PATH": ""}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    return done.returncode, json.loads(done.stdout or "null")


def test_a_new_table_kept_by_hand_costs_one_file(tmp_path: Path) -> None:
    package = tmp_path / "program" / "tthc_cli"
    shutil.copytree(Path(tthc_cli.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    (package / "dictionary" / "closures.toml").write_text(CLOSURES, "utf-8")
    file = tmp_path / "exports" / "dong_cua.csv"
    file.parent.mkdir()
    heads = "Đóng từ,Đóng đến,Phòng tiếp\n"
    file.write_text(heads + "03/04/2023 08:00,03/04/2023 10:00,Cổng\n05/04/2023 08:00,05/04/2023 09:00,Thuế\n", "utf-8")
    code, first = run(tmp_path, "ingest", "exports")
    assert (code, first["accepted"], first["rejected"]) == (0, 2, 0)
    file.write_text(heads + "03/04/2023 08:00,03/04/2023 11:30,Cổng\n", "utf-8")  # sửa một dòng, bỏ một dòng
    code, second = run(tmp_path, "ingest", "exports")
    assert (code, second["accepted"], second["rejected"]) == (0, 1, 0)
    assert not (tmp_path / "issues.csv").exists() or "conflict" not in (tmp_path / "issues.csv").read_text("utf-8")
    code, sources = run(tmp_path, "sources")
    assert len(sources["sources"]) == 1
    stored = json.loads((tmp_path / "warehouse" / "manifest.json").read_text("utf-8"))["tables"]["closures"]
    assert [partition["rows"] for partition in stored] == [1]


@pytest.mark.parametrize(("line", "named"), [('events = ["KhongCo"]\n', "KhongCo"), ('colour = "red"\n', "colour")])
def test_a_description_that_names_what_there_is_not_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, named: str
) -> None:
    monkeypatch.setattr(schema, "_DICTIONARY", tmp_path)
    schema._raw.cache_clear()
    (tmp_path / "closures.toml").write_text(line + CLOSURES, "utf-8")
    with pytest.raises(ValueError, match=named):
        schema.table("closures")
    schema._raw.cache_clear()
