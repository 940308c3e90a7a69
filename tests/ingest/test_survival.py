"""A machine that dies, a full disk, a folder that cannot be written: the warehouse stays whole, a rerun is exact."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.ingest.conftest import Desk
from tests.ingest.test_newest import FILES, named
from tthc_cli.errors import InputError
from tthc_cli.ingest import ingest
from tthc_cli.ingest.find import Found
from tthc_cli.ingest.take_in import Means, Taken
from tthc_cli.warehouse import open_warehouse
from tthc_cli.workspace import Settings, Workspace

KILLS = 100


def intact(root: Path) -> bool:
    """Whether every file that the manifest names is there, with its content."""
    warehouse = open_warehouse(root)
    return all(
        hashlib.sha256(warehouse.path(p).read_bytes()).hexdigest() == p.sha256
        for parts in warehouse.tables.values()
        for p in parts
    )


def content(desk: Desk) -> dict[str, bytes]:
    files = {n: b for n, b in desk.files().items() if n in named(desk)}
    return {**files, "issues.csv": (desk.workspace.root / "issues.csv").read_bytes()}


@pytest.mark.parametrize("seed", [1, 2])
def test_killed_at_any_instant(new_desk: Callable[..., Desk], seed: int) -> None:
    first = new_desk("first")
    for name, text in FILES.items():
        os.utime(first.put(name, text), (1_700_000_000, 1_700_000_000))
    first.run(first.exports / "april.csv")
    start = first.workspace.root.with_name("start")
    shutil.copytree(first.workspace.root, start)
    began = time.perf_counter()
    first.run()
    span = time.perf_counter() - began
    expected, sources = content(first), first.warehouse.sources
    chance = random.Random(seed)
    unfinished = 0
    for _ in range(KILLS):
        root = first.workspace.root.with_name("dies")
        shutil.copytree(start, root)
        desk = Desk(Workspace(root, Settings()))
        child = os.fork()
        if child == 0:
            try:
                ingest([desk.exports], desk.workspace)
            finally:
                os._exit(0)
        time.sleep(chance.uniform(0, span * 1.5))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        assert intact(desk.workspace.warehouse)
        unfinished += len(desk.warehouse.sources) < 3
        desk.run()
        assert intact(desk.workspace.warehouse)
        assert desk.warehouse.sources == sources
        assert content(desk) == expected
        assert not (desk.workspace.warehouse / ".work").exists()
        shutil.rmtree(root)
    assert unfinished > KILLS // 5, "the kills came too late to prove anything"


def test_full_disk_is_told_and_changes_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.put("april.csv", FILES["april.csv"])
    desk.run()
    before = content(desk)
    desk.put("may.csv", FILES["may.csv"])

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", str(desk.workspace.warehouse))

    monkeypatch.setattr("tthc_cli.ingest.run.publish", full)
    with pytest.raises(InputError, match="No space left"):
        desk.run()
    assert content(desk) == before
    monkeypatch.undo()
    assert desk.run().accepted == 3


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_folder_that_cannot_be_written(desk: Desk) -> None:
    path = desk.put("april.csv", FILES["april.csv"])
    desk.workspace.root.chmod(0o555)
    try:
        with pytest.raises(InputError, match="cannot be written"):
            desk.run(path)
    finally:
        desk.workspace.root.chmod(0o755)


def test_path_that_does_not_exist(desk: Desk) -> None:
    with pytest.raises(InputError, match="no such file"):
        desk.run(desk.exports / "nowhere")


def test_source_deleted_while_read(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.put("april.csv", FILES["april.csv"])
    gone = desk.put("may.csv", FILES["may.csv"])
    from tthc_cli.ingest import run as running

    real = running.kind_of

    def vanish(path: Path) -> str:
        kind = real(path)
        if path == gone:
            gone.unlink()
        return kind

    monkeypatch.setattr(running, "kind_of", vanish)
    report = desk.run()
    assert [(f.path, f.reason) for f in report.left_out] == [("exports/may.csv", "ingest.left_gone")]
    assert report.accepted == 3


CUT_OFF = {
    "row_of_a_csv": b"MaHoSo,NgayTiepNhan,NgayHenTra\nH99-1-1,05/04/2023,10/04/2023\nH99-1-2,05/0",
    "code_of_a_csv": b"MaHoSo,NgayTiepNhan,NgayHenTra\nH99-1-1,05/04/2023,10/04/2023\nH99-",
    "html_table": b"<table><tr><td>MaHoSo</td><td>NgayNhan</td></tr><tr><td>H99-1-1</td><td>05/04/2023</td></tr>",
}


@pytest.mark.parametrize("name", CUT_OFF)
def test_file_cut_off_is_left_for_the_next_run(desk: Desk, name: str) -> None:
    desk.put("a.csv", CUT_OFF[name])
    report = desk.run()
    assert [f.reason for f in report.left_out] == ["ingest.left_cut_off"]
    assert report.rows_read == 0


def test_last_row_without_line_end_is_read(desk: Desk) -> None:
    desk.put("a.csv", b"MaHoSo,NgayTiepNhan\nH99-1-1,05/04/2023")
    assert desk.run().accepted == 1


def test_file_that_grows_while_read_is_left_for_the_next_run(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.put("april.csv", FILES["april.csv"])
    growing = desk.put("may.csv", FILES["may.csv"])
    from tthc_cli.ingest import run as running

    real = running.take_in

    def grow(found: Found, sha256: str, means: Means) -> Taken:
        taken = real(found, sha256, means)
        if found.path == growing:
            with growing.open("ab") as stream:
                stream.write(b"H99-1-9,1.001234,")
        return taken

    monkeypatch.setattr(running, "take_in", grow)
    report = desk.run()
    assert [(f.path, f.reason) for f in report.left_out] == [("exports/may.csv", "ingest.left_being_written")]
    assert {row["_source"] for row in desk.rows()} == {desk.warehouse.sources[0].id}
    assert report.accepted == 3
