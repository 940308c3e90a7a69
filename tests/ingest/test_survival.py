"""A machine that dies, a full disk, a folder that cannot be written: the warehouse stays whole, a rerun is exact."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.ingest.conftest import GOOD, HEADINGS, Desk, dossiers
from tests.ingest.test_newest import FILES, adds_up, named
from tthc_cli.errors import InputError, LockedError, UsageError
from tthc_cli.ingest import forget_source, ingest
from tthc_cli.ingest.cleaning.rows import Plan, Shaped
from tthc_cli.ingest.files.find import Found
from tthc_cli.ingest.files.raw import Block
from tthc_cli.ingest.take_in import Means, Taken
from tthc_cli.storage.warehouse import open_warehouse
from tthc_cli.workspace import Settings, Workspace

KILLS = 25
KILLS_OF_FORGET = 25


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
    first.run()
    expected, sources = content(first), first.warehouse.sources
    chance = random.Random(seed)
    span = min(_span(start) for _ in range(3))
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


def _span(start: Path) -> float:
    """How long a child takes that nobody kills; the least of some tells what the machine can do."""
    root = start.with_name("lives")
    shutil.copytree(start, root)
    desk = Desk(Workspace(root, Settings()))
    began = time.perf_counter()
    child = os.fork()
    if child == 0:
        try:
            ingest([desk.exports], desk.workspace)
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    taken = time.perf_counter() - began
    shutil.rmtree(root)
    return taken


def test_forgetting_killed_at_any_instant(new_desk: Callable[..., Desk]) -> None:
    first = new_desk("first", personal={"keep_for_letters": True})
    for name, text in FILES.items():
        os.utime(first.put(name, text), (1_700_000_000, 1_700_000_000))
    first.run()
    start = first.workspace.root.with_name("start")
    shutil.copytree(first.workspace.root, start)
    before = first.warehouse.sources
    warm = Desk(Workspace(first.workspace.root.with_name("warm"), first.workspace.settings))
    shutil.copytree(start, warm.workspace.root)
    forget_source("exports/june.csv", warm.workspace)  # what is loaded once is loaded before the time is taken
    began = time.perf_counter()
    forget_source("exports/june.csv", first.workspace)
    span = time.perf_counter() - began
    expected, sources = content(first), first.warehouse.sources
    chance = random.Random(3)
    unfinished = 0
    for _ in range(KILLS_OF_FORGET):
        root = first.workspace.root.with_name("dies")
        shutil.copytree(start, root)
        desk = Desk(Workspace(root, first.workspace.settings))
        child = os.fork()
        if child == 0:
            try:
                forget_source("exports/june.csv", desk.workspace)
            finally:
                os._exit(0)
        time.sleep(chance.uniform(0, span * 1.5))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        assert intact(desk.workspace.warehouse)
        assert desk.warehouse.sources in (before, sources)
        unfinished += desk.warehouse.sources == before
        try:
            forget_source("exports/june.csv", desk.workspace)
        except UsageError as gone:
            assert "exports/june.csv" in gone.message("en")
        assert desk.warehouse.sources == sources
        assert content(desk) == expected
        assert set(desk.files()) == named(desk), "no file of the forgotten source is left"
        assert not [p for p in desk.workspace.warehouse.rglob(".*") if p.name != ".work"]
        shutil.rmtree(root)
    assert unfinished > KILLS_OF_FORGET // 5, "the kills came too late to prove anything"


def test_full_disk_is_told_and_changes_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.put("april.csv", FILES["april.csv"])
    desk.run()
    before = content(desk)
    desk.put("may.csv", FILES["may.csv"])

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", str(desk.workspace.warehouse))

    monkeypatch.setattr("tthc_cli.ingest.run.publish", full)
    with pytest.raises(InputError, match="the disk is full"):
        desk.run()
    assert content(desk) == before
    monkeypatch.undo()
    assert desk.run().accepted == 3


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


def written_to(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on somebody adds to a file whenever it has been read."""
    from tthc_cli.ingest import run as running

    real = running.take_in

    def grow(found: Found, sha256: str, means: Means) -> Taken:
        taken = real(found, sha256, means)
        if found.path == path:
            with path.open("ab") as stream:
                stream.write(b"H99-1-9,1.001234,")
        return taken

    monkeypatch.setattr(running, "take_in", grow)


def test_file_that_grows_while_read_is_left_for_the_next_run(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.put("april.csv", FILES["april.csv"])
    growing = desk.put("may.csv", FILES["may.csv"])
    written_to(growing, monkeypatch)
    report = desk.run()
    assert [(f.path, f.reason) for f in report.left_out] == [("exports/may.csv", "ingest.left_being_written")]
    assert {row["_source"] for row in desk.rows()} == {desk.warehouse.sources[0].id}
    assert report.accepted == 3


def test_copy_of_a_file_that_grows_while_read_is_taken_in(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also when its size, that of a file before it, makes its content known before it is read."""
    desk.put("april.csv", FILES["april.csv"])
    growing = desk.put("may.csv", FILES["may.csv"])
    desk.put("may_copied.csv", FILES["may.csv"])
    desk.put("before.csv", FILES["may.csv"].replace("H99-23", "H98-23"))
    written_to(growing, monkeypatch)
    report = desk.run()
    assert [f.path for f in report.left_out] == ["exports/may.csv"]
    assert (report.rows_read, report.accepted, report.superseded, report.rejected) == (10, 7, 2, 1)
    assert adds_up(desk)


def test_copy_that_is_finished_while_read_takes_no_rows_with_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The copy is left for the next run; the file that it is a copy of was read before, and stands."""
    from tthc_cli.ingest import run as running

    real = running.take_in
    desk.put("april.csv", FILES["april.csv"])
    copy = desk.put("april_copied.csv", FILES["april.csv"][:-20])

    def finish(found: Found, sha256: str, means: Means) -> Taken:
        if found.path == copy:
            desk.put("april_copied.csv", FILES["april.csv"])
        return real(found, sha256, means)

    monkeypatch.setattr(running, "take_in", finish)
    report = desk.run()
    assert [(f.path, f.reason) for f in report.left_out] == [("exports/april_copied.csv", "ingest.left_being_written")]
    assert report.accepted == len(desk.rows()) == 3
    assert adds_up(desk)


def test_file_that_grows_while_read_with_one_code_in_two_months(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.put("april.csv", FILES["april.csv"])
    moved = "H99-1-1,1,05/04/2023,,,4", "H99-1-1,1,05/05/2023,,,4"
    written_to(desk.put("may.csv", dossiers(*moved)), monkeypatch)
    report = desk.run()
    assert [(f.path, f.reason) for f in report.left_out] == [("exports/may.csv", "ingest.left_being_written")]
    assert report.accepted == 3
    assert adds_up(desk)


def test_two_members_of_an_archive_with_one_name(desk: Desk) -> None:
    path = desk.put("a.zip", b"")
    with zipfile.ZipFile(path, "w") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("a.csv", dossiers("H99-1-1,1,05/04/2023,,,4"))
        archive.writestr("a.csv", dossiers("H99-1-2,1,05/04/2023,,,4", "H99-1-3,1,05/04/2023,,,4"))
    desk.run()
    assert sorted(sheet.accepted for source in desk.warehouse.sources for sheet in source.sheets) == [1, 2]
    assert adds_up(desk)


def children(script: str, root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a script in a process of its own, with `desk.run` at hand as `run(root)`."""
    begin = (
        "import os, resource, sys\nfrom pathlib import Path\nfrom tthc_cli.ingest import ingest\n"
        "from tthc_cli.workspace import Settings, Workspace\nfrom tthc_cli.errors import TthcError\n"
        "root = Path(sys.argv[1])\nspace = Workspace(root, Settings())\n"
        "def run():\n    try:\n        print(ingest([root / 'exports'], space).accepted)\n"
        "    except TthcError as error:\n        print(type(error).__name__, error.message('en'))\n"
    )
    command = [sys.executable, "-c", begin + script, str(root), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_disk_full_while_rows_are_set_aside(desk: Desk) -> None:
    desk.put("april.csv", FILES["april.csv"])
    desk.run()
    before = content(desk)
    many = (f"H99-230405-{i:06d},1.001234,05/04/2023 08:00,10/04/2023,07/04/2023 09:30,9" for i in range(60_000))
    desk.put("large.csv", dossiers(*many))
    small = "import tthc_cli.ingest.storing.spool as s, signal\ns.Spool.__init__.__defaults__ = (1 << 20,)\n"
    limit = "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\nresource.setrlimit(resource.RLIMIT_FSIZE, (1 << 19,) * 2)\n"
    told = children(small + limit + "run()", desk.workspace.root)
    assert "InputError" in told.stdout, told.stderr
    assert "cannot be written" in told.stdout
    assert content(desk) == before
    assert not (desk.workspace.warehouse / ".work").exists()
    assert desk.run().accepted == 60_000


def test_folder_that_cannot_be_written(desk: Desk, new_desk: Callable[..., Desk]) -> None:
    """As root, who may write anywhere, by a process that gives its rights up once everything is imported."""
    desk.put("april.csv", FILES["april.csv"])
    other = new_desk("other").put("april.csv", FILES["april.csv"])
    if os.geteuid() == 0:
        for folder in desk.workspace.root.parents:
            if Path(tempfile.gettempdir()) in folder.parents:
                folder.chmod(0o755)
    desk.workspace.root.chmod(0o555)
    script = (
        "other = Path(sys.argv[2])\ningest([other], Workspace(other.parent, Settings())).issues_path\n"
        "TthcError('no_path', path='').message('en')\nos.geteuid() == 0 and os.setuid(65534)\nrun()\n"
    )
    try:
        told = children(script, desk.workspace.root, str(other))
    finally:
        desk.workspace.root.chmod(0o755)
    assert "InputError" in told.stdout, told.stderr
    assert "cannot be written" in told.stdout


def test_second_run_at_the_same_time_is_refused(desk: Desk) -> None:
    desk.put("april.csv", FILES["april.csv"])
    script = (
        "try:\n    with space.lock():\n        run()\nexcept TthcError as error:\n    print(type(error).__name__)\n"
    )
    with desk.workspace.lock():
        assert children(script, desk.workspace.root).stdout.split() == ["LockedError"]
        with pytest.raises(LockedError), desk.workspace.lock():
            pass
        assert desk.run().accepted == 3
    assert children(script, desk.workspace.root).stdout.split() == ["0"], "the lock is free again, nothing is new"


def test_two_processes_at_once_take_in_each_row_once(desk: Desk) -> None:
    for name, text in FILES.items():
        desk.put(name, text)
    script = (
        "import time\nfor _ in range(200):\n    try:\n        with space.lock():\n            run()\n        break\n"
        "    except TthcError:\n        time.sleep(0.05)\n"
    )
    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(lambda _: children(script, desk.workspace.root).stdout.strip(), range(2)))
    assert sorted(told) == ["0", "4"]
    assert intact(desk.workspace.warehouse)
    assert len(desk.rows()) == 4


def test_damage_in_the_second_sheet_leaves_the_file_out(desk: Desk) -> None:
    rows = [HEADINGS.split(","), GOOD.split(",")]
    path = desk.put_xlsx("a.xlsx", {"Một": rows, "Hai": rows})
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members["xl/worksheets/sheet2.xml"] = members["xl/worksheets/sheet2.xml"][:-200] + b"<row><c"
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    desk.put("b.csv", FILES["april.csv"])
    report = desk.run()
    assert [(f.path, f.reason) for f in report.left_out] == [("exports/a.xlsx", "ingest.left_damaged")]
    assert report.accepted == 3, "no row of the damaged file is in"
    assert {row["MaHoSo"][:3] for row in desk.rows()} == {"H99"}
    assert len(desk.rows()) == 3


def test_source_deleted_after_it_was_opened(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.put("april.csv", FILES["april.csv"])
    gone = desk.put("may.csv", FILES["may.csv"])
    from tthc_cli.ingest import take_in as taking

    real = taking.shape

    def vanish(plan: Plan, block: Block) -> Shaped:
        gone.unlink(missing_ok=True)
        return real(plan, block)

    monkeypatch.setattr(taking, "shape", vanish)
    report = desk.run()
    assert [(f.path, f.reason) for f in report.left_out] == [("exports/may.csv", "ingest.left_gone")]
    assert {row["MaHoSo"] for row in desk.rows()} == {f"H99-23040{i}-000{i - 4}" for i in (5, 6, 7)}


def test_killed_while_erasing_is_finished_by_the_next_run(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in FILES.items():
        desk.put(name, text)
    desk.run()
    before = set(desk.files())

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("tthc_cli.ingest.storing.publish._sweep", dies)
    with pytest.raises(KeyboardInterrupt):
        forget_source("exports/june.csv", desk.workspace)
    monkeypatch.undo()
    assert before <= set(desk.files()), "the run died before anything was deleted"
    desk.run(desk.exports / "april.csv")
    assert set(desk.files()) == named(desk)
