"""Files that people write in an editor (settings, rulebooks, hand-kept tables), as editors of each system save them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.command import put, scored, tthc
from tthc_cli import rulebooks
from tthc_cli.machine import hand_written
from tthc_cli.rulebooks.loader import problems
from tthc_cli.workspace import load_settings

SAVED: dict[str, Callable[[str], bytes]] = {
    "line ends of Windows": lambda text: text.replace("\n", "\r\n").encode(),
    "line ends of an old Mac": lambda text: text.replace("\n", "\r").encode(),
    "UTF-8 with a mark, as Notepad": lambda text: b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode(),
    "UTF-16, as Notepad's Unicode": lambda text: b"\xff\xfe" + text.replace("\n", "\r\n").encode("utf-16-le"),
    "UTF-16, big end first": lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
    "UTF-16 without a mark": lambda text: text.encode("utf-16-le"),
    "UTF-16 without a mark, big end first": lambda text: text.encode("utf-16-be"),
}
SETTINGS = '[province]\ncode = "H99"\nname = "UBND tỉnh Sông Vân"\n'
EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "binh-thuan.toml"
UNITS = "MaDonVi,TenDonVi,Cap,DonViCha\nH99,UBND tỉnh Sông Vân,province,\nH99.01,Sở Công Thương,department,H99\n"
FIGURES = "MaDonVi,ChiSo,KyBaoCao,TuSo,MauSo\nH99.01,3.1,2023Q2,4,8\n"

every_way = pytest.mark.parametrize("how", list(SAVED))


@every_way
def test_what_was_written_is_read(how: str, tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes(SAVED[how](SETTINGS))
    assert hand_written(path) == SETTINGS


@every_way
def test_settings(how: str, tmp_path: Path) -> None:
    path = tmp_path / "tthc.toml"
    path.write_bytes(SAVED[how](SETTINGS))
    assert load_settings(path).province.name == "UBND tỉnh Sông Vân"


def test_settings_in_another_encoding_are_refused_with_the_file(tmp_path: Path) -> None:
    (tmp_path / "tthc.toml").write_bytes('name = "tỉnh"'.encode("cp1258", "replace") + b"\xff\xd0")
    ended = tthc("score", "--quarter", "2023Q2", "--workspace", tmp_path)
    assert ended.code == 3
    assert "tthc.toml" in ended.err


@every_way
def test_a_rulebook_is_the_same_to_the_hash(how: str, tmp_path: Path) -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    (tmp_path / "plan.toml").write_bytes(SAVED[how](text))
    plain = tmp_path / "plain"
    plain.mkdir()
    (plain / "plan.toml").write_text(text, encoding="utf-8", newline="\n")
    own = [next(b for b in rulebooks.available(folder) if b.id not in ("qd766", "qd766-portal"))
           for folder in (tmp_path, plain)]  # fmt: skip
    assert own[0] == own[1]


def test_a_fault_in_a_rulebook_is_on_the_line_that_the_editor_shows(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_bytes(SAVED["UTF-16, as Notepad's Unicode"]('id = "x"\nrevision = 1\nwrong_key = 2\n'))
    assert [p.line for p in problems(path) if p.fields.get("field") == "wrong_key"] == [3]


@pytest.mark.parametrize("how", [h for h in SAVED if "old Mac" not in h])
def test_hand_kept_tables(how: str, tmp_path: Path) -> None:
    put(tmp_path)
    (tmp_path / "exports" / "units.csv").write_bytes(SAVED[how](UNITS))
    (tmp_path / "exports" / "typed_figures.csv").write_bytes(SAVED[how](FIGURES))
    ended = tthc("ingest", tmp_path / "exports", "--workspace", tmp_path, "--json")
    assert (ended.code, ended.json["accepted"]) == (0, 3), ended.err
    names = {u["id"]: u["name"] for u in scored(tmp_path, "2023Q2")["units"]}
    assert names["H99.01"] == "Sở Công Thương"
