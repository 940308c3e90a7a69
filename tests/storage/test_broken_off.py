"""A run that is killed, or refused, at any request leaves the old warehouse or the new one; a rerun is exact."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.command import tthc
from tests.ingest.test_newest import FILES
from tests.storage.server import BUCKET, Server
from tthc_cli.errors import InputError
from tthc_cli.ingest import ingest
from tthc_cli.ingest.storing import publish
from tthc_cli.storage import stored_scores
from tthc_cli.storage.location import Remote
from tthc_cli.storage.warehouse import open_warehouse
from tthc_cli.workspace import Settings, StorageSettings, Workspace

CHANGES = ("PUT", "POST", "DELETE")


@pytest.fixture
def space(s3: Server, tmp_path: Path) -> Workspace:
    """A workspace whose warehouse and scores are on S3 and hold one of three files."""
    storage = StorageSettings(warehouse=f"s3://{BUCKET}/w", scores=f"s3://{BUCKET}/s", endpoint=s3.endpoint)
    exports = tmp_path / "exports"
    exports.mkdir()
    for name, text in FILES.items():
        (exports / name).write_text(text, encoding="utf-8")
        os.utime(exports / name, (1_700_000_000, 1_700_000_000))
    (tmp_path / "tthc.toml").write_text(
        f'[storage]\nwarehouse = "{storage.warehouse}"\nscores = "{storage.scores}"\nendpoint = "{s3.endpoint}"\n'
    )
    made = Workspace(tmp_path, Settings(storage=storage))
    ingest([exports / "april.csv"], made)
    return made


def again(s3: Server, start: dict[str, bytes]) -> None:
    """Put the bucket back to the state of the start."""
    for key in s3.objects("").keys() - start.keys():
        s3.client.delete_object(Bucket=BUCKET, Key=key)
    for key, data in start.items():
        s3.client.put_object(Bucket=BUCKET, Key=key, Body=data)


def assert_whole(space: Workspace) -> None:
    """Every file that the manifest names is there, with its content."""
    found = open_warehouse(space.warehouse)
    for partition in (p for parts in found.tables.values() for p in parts):
        assert hashlib.sha256(found.path(partition).read_bytes()).hexdigest() == partition.sha256


def named(space: Workspace, objects: dict[str, bytes]) -> dict[str, bytes]:
    """The objects that the manifest names, and the manifest."""
    tables = open_warehouse(space.warehouse).tables
    names = {f"w/{p.file}" for parts in tables.values() for p in parts} | {"w/manifest.json"}
    return {k: v for k, v in objects.items() if k in names}


def test_refused_at_any_change(space: Workspace, s3: Server) -> None:
    start = s3.objects("")
    s3.asked.clear()
    ingest([space.root / "exports"], space)
    expected = named(space, s3.objects(""))
    changes = sum(method in CHANGES for method, _ in s3.asked)
    assert changes >= 5
    for last in range(changes):
        again(s3, start)
        left = last

        def gate(method: str, _key: str) -> int | None:
            nonlocal left
            left -= method in CHANGES
            return 403 if method in CHANGES and left < 0 else None

        s3.gate = gate
        ended = tthc("ingest", space.root / "exports", "--workspace", space.root)
        assert ended.code == 3, last
        assert f"s3://{BUCKET}/w/" in ended.err
        assert "không cho phép" in ended.err
        s3.gate = lambda _method, _key: None
        assert_whole(space)
        assert not (space.root / ".work").exists()
        assert tthc("ingest", space.root / "exports", "--workspace", space.root).code in (0, 1)
        assert named(space, s3.objects("")) == expected


def killed(space: Workspace, s3: Server, when: Callable[[str, str], bool], served: bool, *arguments: str) -> None:
    """Run a command that is killed at the first request that `when` is true of, before or after that is served."""

    def kill(method: str, key: str) -> bool:
        if child.poll() is None and when(method, key):
            os.kill(child.pid, signal.SIGKILL)
            return True
        return False

    if served:
        s3.served = kill
    else:
        s3.gate = lambda method, key: 500 if kill(method, key) else None
    command = [sys.executable, "-m", "tthc_cli", *arguments, "--workspace", "."]
    child = subprocess.Popen(command, cwd=space.root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    assert child.wait(60) == -signal.SIGKILL
    s3.gate = lambda _method, _key: None
    s3.served = lambda _method, _key: None


@pytest.mark.parametrize(("key", "served"), [("w/dossiers", False), ("w/manifest", False), ("w/manifest", True)])
def test_killed_at_a_put(space: Workspace, s3: Server, key: str, served: bool) -> None:
    start = s3.objects("")
    ingest([space.root / "exports"], space)
    expected = named(space, s3.objects(""))
    again(s3, start)
    killed(space, s3, lambda method, asked: method == "PUT" and asked.startswith(key), served, "ingest", "exports")
    assert_whole(space)
    assert len(open_warehouse(space.warehouse).sources) == (3 if served else 1)
    assert tthc("ingest", space.root / "exports", "--workspace", space.root).code in (0, 1)
    assert named(space, s3.objects("")) == expected


def test_what_was_to_be_forgotten_is_deleted_by_the_next_run(space: Workspace, s3: Server) -> None:
    ingest([space.root / "exports"], space)
    killed(space, s3, lambda method, _key: method == "DELETE", False, "forget", "exports/april.csv")
    assert_whole(space)
    assert s3.objects("w/").keys() > {k.removeprefix("w/") for k in named(space, s3.objects(""))}
    ingest([space.root / "exports" / "may.csv"], space)
    assert s3.objects("") == named(space, s3.objects(""))


def test_score_refused_at_any_put_keeps_the_score_before(space: Workspace, s3: Server) -> None:
    score = ("score", "--month", "2023-04", "--workspace", space.root, "--json")
    before = tthc(*score)
    assert before.code == 0, before.err
    first, old = stored_scores.load(space.scores, "2023-04", "qd766"), s3.objects("s/")
    ingest([space.root / "exports"], space)
    middle = s3.objects("")
    s3.asked.clear()
    tthc(*score)
    new, expected = stored_scores.load(space.scores, "2023-04", "qd766"), s3.objects("s/")
    assert expected["2023-04/qd766/manifest.json"] != old["2023-04/qd766/manifest.json"]
    puts = [k for m, k in s3.asked if m == "PUT" and not k.endswith("/")]
    assert puts[-2:] == ["s/2023-04/qd766/manifest.json", "s/latest.json"]
    for refused in (puts[0], *puts[-2:]):
        again(s3, middle)

        def gate(method: str, key: str, refused: str = refused) -> int | None:
            return 403 if (method, key) == ("PUT", refused) else None

        s3.gate = gate
        ended = tthc(*score)
        assert (ended.code, set(ended.json)) == (3, {"schema", "error"})
        s3.gate = lambda _method, _key: None
        stands = stored_scores.load(space.scores, "2023-04", "qd766")
        assert stands == (new if refused == "s/latest.json" else first)
        assert tthc(*score).code == 0
        assert s3.objects("s/") == expected


def test_another_machine_that_wrote_meanwhile_is_not_overwritten(
    space: Workspace, s3: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Workspace(tmp_path / "other", space.settings)
    shutil.copytree(space.root / "exports", other.root / "exports")
    real = publish.open_warehouse
    calls = 0

    def meanwhile(root: Remote) -> object:
        nonlocal calls
        calls += 1
        if calls == 2:
            monkeypatch.setattr(publish, "open_warehouse", real)
            ingest([other.root / "exports" / "may.csv"], other)
        return real(root)

    monkeypatch.setattr(publish, "open_warehouse", meanwhile)
    with pytest.raises(InputError, match="another machine has just written"):
        ingest([space.root / "exports"], space)
    assert_whole(space)
    assert len(open_warehouse(space.warehouse).sources) == 2
    ingest([space.root / "exports"], space)
    assert len(open_warehouse(space.warehouse).sources) == 3


def test_others_files_in_the_place_stay(space: Workspace, s3: Server) -> None:
    for key in ("w/readme.txt", "w/dossiers/notes.parquet", "other/2023-04-0123456789ab.parquet"):
        s3.client.put_object(Bucket=BUCKET, Key=key, Body=b"mine")
    s3.client.put_object(Bucket=BUCKET, Key="w/dossiers/2023-04-0123456789ab.parquet", Body=b"left by a run")
    ingest([space.root / "exports"], space)
    assert [k for k, v in s3.objects("").items() if v == b"mine"] == [
        "other/2023-04-0123456789ab.parquet", "w/dossiers/notes.parquet", "w/readme.txt",
    ]  # fmt: skip
    assert "w/dossiers/2023-04-0123456789ab.parquet" not in s3.objects("")
