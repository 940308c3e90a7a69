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
    assert [(f.path, f.reason) for f in report.left_out] == [("exports/may.csv", "left_gone")]
    assert report.accepted == 3
