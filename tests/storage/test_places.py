"""The few things that are done with a place: the same here, in fsspec's memory (by renaming) and on S3 (by one PUT)."""

from __future__ import annotations

import errno
import pickle
from pathlib import Path
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.storage.server import BUCKET, Server
from tthc_cli.storage.location import (
    Location,
    Remote,
    files_below,
    location_of,
    move_in,
    write_atomic,
)
from tthc_cli.storage.parquet import open_parquet, read_footer, read_parquet


@pytest.fixture(params=["here", "memory", "s3"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Location:
    """An empty place."""
    if request.param == "here":
        return tmp_path / "empty"
    if request.param == "memory":
        return location_of(f"memory://{uuid4().hex}/a b", tmp_path)
    return location_of(f"s3://{BUCKET}/a b", tmp_path, request.getfixturevalue("s3").endpoint)


def test_a_file_is_written_read_replaced_and_deleted(place: Location) -> None:
    file = place / "sub/tệp.json"
    assert not file.exists()
    with pytest.raises(FileNotFoundError, match=r"tệp\.json"):
        file.read_bytes()
    write_atomic(file, b"one")
    assert (file.exists(), file.read_bytes()) == (True, b"one")
    write_atomic(file, b"")
    assert file.read_bytes() == b""
    write_atomic(file, b"three")
    assert files_below(place) == ["sub/tệp.json"]
    file.unlink()
    assert not file.exists()
    file.unlink(missing_ok=True)
    with pytest.raises(FileNotFoundError):
        file.unlink()
    assert files_below(place) == []


def test_names_and_parents(place: Location) -> None:
    file = place / "2023Q2/qd766/manifest.json"
    assert (file.name, file.suffix, file.parent.name) == ("manifest.json", ".json", "qd766")
    assert file.parent.parent == place / "2023Q2"
    assert str(file) == f"{place}/2023Q2/qd766/manifest.json"


def test_parquet_is_read_by_row_group_and_column(place: Location, tmp_path: Path) -> None:
    rows = pa.table({"code": ["a", "b", "c", "d"], "n": [1, 2, 3, 4]})
    made = tmp_path / "made.parquet"
    pq.write_table(rows, made, row_group_size=2)
    move_in(made, place / "t/x.parquet")
    assert not made.exists()
    with open_parquet(place / "t/x.parquet") as file:
        assert file.num_row_groups == 2
        assert file.read_row_group(1, columns=["n"]).to_pydict() == {"n": [3, 4]}
    assert read_footer(place / "t/x.parquet").num_rows == 4
    assert read_parquet(place / "t/x.parquet", ["code"]).to_pydict() == {"code": ["a", "b", "c", "d"]}
    assert read_parquet(place / "t/x.parquet", filters=[("code", "=", "c")]).to_pydict() == {"code": ["c"], "n": [3]}


def test_a_file_is_moved_to_another_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = tmp_path / "made"
    made.write_bytes(b"rows")
    real = Path.replace

    def replace(self: Path, target: Path) -> Path:
        if self == made:
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    move_in(made, tmp_path / "nfs" / "x.parquet")
    assert {p.name: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()} == {"x.parquet": b"rows"}


def test_nothing_below_a_folder_that_is_not_there(place: Location) -> None:
    assert files_below(place / "none") == []


def test_only_the_columns_asked_for_come_over_the_network(s3: Server, tmp_path: Path) -> None:
    wide = pa.table({f"c{i}": pa.array(range(i, 20_000 + i)) for i in range(10)})
    made = tmp_path / "wide.parquet"
    pq.write_table(wide, made, use_dictionary=False, compression="none")
    whole = made.stat().st_size
    place = location_of(f"s3://{BUCKET}/wide.parquet", tmp_path, s3.endpoint)
    move_in(made, place)
    s3.sent = 0
    with open_parquet(place) as file:
        file.read_row_group(0, columns=["c3"])
    assert 0 < s3.sent < whole / 5


def test_a_place_is_sent_to_other_machines_without_secrets(s3: Server, tmp_path: Path) -> None:
    place = location_of(f"s3://{BUCKET}/x", tmp_path, s3.endpoint)
    write_atomic(place, b"1")
    sent = pickle.dumps(place)
    assert b"very-secret" not in sent
    assert pickle.loads(sent).read_bytes() == b"1"


def test_while_a_file_is_renamed_the_new_one_stands_in(tmp_path: Path) -> None:
    file = location_of(f"memory://{uuid4().hex}/manifest.json", tmp_path)
    assert isinstance(file, Remote)
    write_atomic(file, b"old")
    write_atomic(file.aside("new"), b"new")
    assert file.read_bytes() == b"old"
    file.unlink()
    assert (file.exists(), file.read_bytes()) == (True, b"new")
    write_atomic(file, b"newer")
    assert file.read_bytes() == b"newer"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("kho", "/srv/tthc/kho"),
        ("/mnt/nfs/kho", "/mnt/nfs/kho"),
        ("file:///mnt/n%20fs", "/mnt/n fs"),
        ("s3://b/tthc/kho/", "s3://b/tthc/kho"),
        ("abfs://box@account.dfs.core.windows.net/kho", "abfs://box@account.dfs.core.windows.net/kho"),
        ("hdfs://namenode:8020/kho", "hdfs://namenode:8020/kho"),
    ],
)
def test_what_a_setting_means(text: str, shown: str) -> None:
    assert str(location_of(text, Path("/srv/tthc"))) == shown


@pytest.mark.parametrize(
    "text",
    [
        "s3://KEY:hush@bucket/kho",
        "s3://hush@bucket/kho",
        "s3://bucket/kho?secret_key=hush",
        "s3:///kho",
        "sftp://me:hush@host/kho",
    ],
)
def test_an_address_with_a_secret_is_refused_without_showing_it(text: str) -> None:
    with pytest.raises(ValueError, match="://") as refused:
        location_of(text, Path("/srv"))
    assert "hush" not in str(refused.value)
