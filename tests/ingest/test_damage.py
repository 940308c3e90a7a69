"""A stored file that was cut or changed: every command says which file, and from what to make the warehouse anew."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.ingest.conftest import GOOD, Desk, dossiers
from tthc_cli.cli.app import run

LINES = [
    f"H99.22.16-23{m:02d}05-{i:04d},1.001234,05/{m:02d}/2023,20/{m:02d}/2023,,4" for m in (4, 5) for i in range(300)
]
COMMANDS = {
    "ingest": ["ingest", "mới.csv"],
    "score": ["score", "--quarter", "2023Q2"],
    "sources": ["sources"],
    "forget": ["forget", "exports/a.csv"],
    "explain": ["explain", "H99.22.16-230405-0007"],
}


@pytest.fixture
def province(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A warehouse of two sources, one of them with a row that is superseded and one that is rejected."""
    desk.put("a.csv", dossiers(*LINES[:301], LINES[7].replace("05/04", "99/04")))
    desk.put("b.csv", dossiers(*LINES[300:], LINES[7].replace(",,4", ",21/05/2023,9")))
    desk.put("đơn vị.csv", "MaDonVi,TenDonVi,Cap\nH99,Tỉnh,tinh\nH99.22.16,Phòng,so\n")
    desk.run()
    (desk.workspace.root / "mới.csv").write_text(dossiers(LINES[7].replace(",,4", ",25/05/2023,10")))
    monkeypatch.chdir(desk.workspace.root)
    assert run(["score", "--quarter", "2023Q2", "--quiet"]) == 0
    return desk


def said(capsys: pytest.CaptureFixture[str], *command: str) -> tuple[int, str]:
    code = run([*command])
    return code, capsys.readouterr().err


def stored(desk: Desk, table: str) -> Path:
    return sorted(desk.workspace.warehouse.glob(f"{table}/*.parquet"))[0]


@pytest.mark.parametrize("name", COMMANDS)
def test_nothing_is_said_of_a_sound_warehouse(province: Desk, capsys: pytest.CaptureFixture[str], name: str) -> None:
    code, words = said(capsys, *COMMANDS[name])
    assert code in (0, 1)
    assert "hỏng" not in words


@pytest.mark.parametrize("name", COMMANDS)
def test_file_cut_off(province: Desk, capsys: pytest.CaptureFixture[str], name: str) -> None:
    path = stored(province, "dossiers")
    path.write_bytes(path.read_bytes()[:-500])
    code, words = said(capsys, *COMMANDS[name])
    assert code == 3
    assert f"{path}: tệp này của kho bị hỏng" in words
    assert "chạy lại `tthc ingest` với các tệp gốc: exports/a.csv; exports/b.csv." in words
    assert "đơn vị.csv" not in words, "it holds no dossiers"


@pytest.mark.parametrize("table", ["dossiers", "dossiers~superseded", "issues~rows", "units"])
def test_bytes_changed_anywhere(province: Desk, capsys: pytest.CaptureFixture[str], table: str) -> None:
    """Whatever byte is changed: a command says so, or gives what it gave before."""
    root = province.workspace.root
    sound = root.with_name(f"{root.name}-sound")
    shutil.copytree(root, sound)
    chance = random.Random(table)
    told = 0
    for _ in range(8):
        for name, command in COMMANDS.items():
            for folder in ("warehouse", "scores"):
                shutil.rmtree(root / folder)
                shutil.copytree(sound / folder, root / folder)
            path = stored(province, table)
            data = bytearray(path.read_bytes())
            at = chance.randrange(len(data))
            data[at] ^= 1 << chance.randrange(8)
            path.write_bytes(data)
            code, words = said(capsys, *command)
            assert code in (0, 1, 3), (name, at, words)
            assert "Traceback" not in words
            if code == 3:
                assert f"{path}: tệp này của kho bị hỏng" in words, (name, at)
                assert "exports/" in words
                told += 1
    assert told > 3


CHANGES = [('"rejected": 1', '"rejected": 0'), ("exports/a.csv", "exports/z.csv"), ('"rows": ', '"rows": 1')]
NONE = ["", "{", "[]", '{"format": 1}', '{"format": 1, "tables": 5, "sources": null}', "\x00"]


def edit(desk: Desk, change: Callable[[str], str]) -> str:
    path = desk.workspace.warehouse / "manifest.json"
    path.write_text(change(path.read_text()))
    return str(path)


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("change", CHANGES)
def test_manifest_edited(
    province: Desk, capsys: pytest.CaptureFixture[str], name: str, change: tuple[str, str]
) -> None:  # fmt: skip
    path = edit(province, lambda text: text.replace(*change, 1))
    code, words = said(capsys, *COMMANDS[name])
    assert code == 3
    assert f"{path}: tệp kê khai của kho đã bị sửa hoặc hỏng" in words
    assert "exports/b.csv" in words


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("content", NONE)
def test_manifest_that_is_none(province: Desk, capsys: pytest.CaptureFixture[str], name: str, content: str) -> None:
    path = edit(province, lambda _: content)
    code, words = said(capsys, *COMMANDS[name])
    assert code == 3
    assert f"{path}: tệp kê khai bị hỏng" in words


@pytest.mark.parametrize("name", COMMANDS)
def test_file_missing(province: Desk, capsys: pytest.CaptureFixture[str], name: str) -> None:
    path = stored(province, "dossiers")
    path.unlink()
    code, words = said(capsys, *COMMANDS[name])
    assert code == 3
    assert f"{path}: tệp này của kho đã mất" in words
    assert "exports/a.csv; exports/b.csv." in words


def test_what_is_advised_helps(province: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    whole = json.loads((province.workspace.warehouse / "manifest.json").read_text())["tables"]
    stored(province, "dossiers").write_bytes(b"PAR1")
    assert said(capsys, "ingest", "mới.csv")[0] == 3
    shutil.rmtree(province.workspace.warehouse)
    assert said(capsys, "ingest", "exports")[0] == 1
    assert json.loads((province.workspace.warehouse / "manifest.json").read_text())["tables"] == whole


def test_restricted_file_damaged(new_desk: Callable[..., Desk], capsys: pytest.CaptureFixture[str]) -> None:
    desk = new_desk("giữ", personal={"keep_for_letters": True})
    root = desk.workspace.root
    (root / "tthc.toml").write_text("[personal]\nkeep_for_letters = true\n")
    head = "MaHoSo,NgayTiepNhan,ChuHoSo"
    desk.put("a.csv", dossiers("H99-230405-1,05/04/2023,An", headings=head))
    desk.run()
    (root / "personal.parquet").write_bytes(b"PAR1 x")
    desk.put("b.csv", dossiers("H99-230405-2,05/04/2023,Ba", headings=head))
    code, words = said(capsys, "ingest", str(desk.exports), "--workspace", str(root))
    assert code == 3
    assert "tệp dữ liệu cá nhân bị hỏng" in words
    assert said(capsys, "forget", "--personal", "--workspace", str(root))[0] == 0
    assert said(capsys, "ingest", str(desk.exports), "--workspace", str(root))[0] == 0


def test_warehouse_of_an_earlier_version_is_read_and_added_to(desk: Desk) -> None:
    desk.put("a.csv", dossiers(GOOD))
    desk.run()
    manifest = desk.workspace.root / "warehouse" / "manifest.json"
    document = json.loads(manifest.read_text(encoding="utf-8"))
    document["format"] = 1
    del document["sha256"]
    for parts in document["tables"].values():
        for part in parts:
            del part["footer"]
    manifest.write_text(json.dumps(document), encoding="utf-8")
    desk.put("b.csv", dossiers(GOOD.replace("0001", "0002")))
    desk.run()
    assert sorted(row["MaHoSo"][-4:] for row in desk.rows()) == ["0001", "0002"]
    assert json.loads(manifest.read_text(encoding="utf-8"))["format"] == 3
