"""Nothing personal is in anything that ingest writes: every file of the workspace is opened and searched."""

from __future__ import annotations

import csv
import io
import os
import random
import shutil
import signal
import stat
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.ingest.conftest import Desk, dossiers
from tthc_cli.ingest import forget_personal, forget_source, take_in
from tthc_cli.ingest.cleaning.rows import Plan, Shaped
from tthc_cli.ingest.files.raw import Block
from tthc_cli.schema import all_tables

SAMPLE = Path(__file__).parents[2] / "sample_data" / "exports"
HEADINGS = [(c.type, heading) for t in all_tables() for c in t.columns for heading in (c.name, *c.headings)]
PERSONAL = {h for kind, h in HEADINGS if kind == "personal"} - {h for kind, h in HEADINGS if kind != "personal"}


def texts_of(path: Path) -> str:
    """All that a file says, unpacked."""
    if path.suffix == ".parquet":
        rows = pq.read_table(path, partitioning=None)
        texts = [c.cast(pa.string()).unique().to_pylist() for c in rows.columns if not pa.types.is_integer(c.type)]
        return "\n".join(t for column in texts for t in column if t)
    data = path.read_bytes()
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return "\n".join(archive.read(n).decode("utf-8", "replace") for n in archive.namelist())
    return data.decode("utf-8", "replace")


def written(desk: Desk) -> str:
    files = [
        p
        for p in desk.workspace.root.rglob("*")
        if p.is_file() and "exports" not in p.relative_to(desk.workspace.root).parts
    ]
    return "\n".join(texts_of(p) for p in files)


@pytest.mark.skipif(not SAMPLE.exists(), reason="the sample province is not there")
def test_sample_province(new_desk: Callable[..., Desk]) -> None:
    """With officials kept, so that names of those who acted are read too, and hashed."""
    desk = new_desk("mẫu", officials={"keep": "code"})
    secrets: set[str] = set()
    for path in sorted(SAMPLE.glob("*.csv")):
        for row in csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))):
            secrets |= {v for k, v in row.items() if k in PERSONAL and v and len(v) > 6}
    assert len(secrets) > 1_000
    desk.run(SAMPLE)
    words = written(desk)
    assert "H99.22-2304" in words, "the search sees what is stored"
    assert "cb~" in words
    assert not [s for s in sorted(secrets)[:: max(1, len(secrets) // 400)] if s in words]
    assert not secrets & set(words.split("\n"))


def test_rows_that_are_wrong_leak_nothing(desk: Desk) -> None:
    head = "ChuHoSo,SoDienThoai,MaHoSo,NgayTiepNhan,NgayHenTra"
    good = "Trần Bí Mật,0912345678,H99-230405-0001,05/04/2023,10/04/2023"
    cells = good.split(",")
    lines = [
        good, good.replace("10/04", "31/02"), ",".join([*cells, "x"]), ",".join(cells[:4]),
        ",".join([*cells[1:], cells[0]]),
        ",".join(["", *cells[:4]]), good.replace("H99-230405-0001", ""), '"' + good, "Tổng cộng,1,,,",
    ]  # fmt: skip
    desk.put("a.csv", dossiers(*lines, headings=head))
    desk.put_xlsx("b.xlsx", {"HS": [head.split(","), *(line.split(",") for line in lines)]})
    desk.run()
    words = written(desk)
    assert "0912345678" not in words
    assert words.count("Bí Mật") == 0


SECRET = "Trần Bí Mật"
HEAD = "MaHoSo,NgayTiepNhan,NgayHenTra,ChuHoSo,SoDienThoai"
LINES = [f"H99-230405-{i:04d},05/04/2023,10/04/2023,{SECRET},0912345678" for i in range(2_000)]
EXPORT = dossiers(*LINES, headings=HEAD)


def keeper(new_desk: Callable[..., Desk], name: str = "giữ") -> Desk:
    """A desk that keeps personal data for letters, with an export of which a UTF-8 copy is made on the way."""
    desk = new_desk(name, personal={"keep_for_letters": True})
    desk.put("a.csv", EXPORT.encode("utf-16"))
    return desk


def remains(desk: Desk) -> list[str]:
    """Files outside the exports that hold a personal value, in whatever form."""
    files = [p for p in desk.workspace.root.rglob("*") if p.is_file() and desk.exports not in p.parents]
    return [p.relative_to(desk.workspace.root).as_posix() for p in files if tells(p)]


def tells(path: Path) -> bool:
    data = path.read_bytes()
    if data.startswith(b"PAR1"):
        try:
            columns = pq.read_table(io.BytesIO(data)).columns
        except pa.ArrowInvalid:
            return False
        return any(SECRET in column.cast(pa.string()).unique().to_pylist() for column in columns)
    return any(mark in data for mark in (SECRET.encode(), SECRET.encode("utf-16-le"), b"0912345678"))


def leave(desk: Desk) -> None:
    """What a run leaves that dies while it writes the restricted file."""
    desk.workspace.work.mkdir(parents=True)
    (desk.workspace.work / "a-1-utf8.txt").write_text(EXPORT)
    desk.workspace.root.joinpath(".personal.parquet.4711.tmp").write_bytes(EXPORT.encode())


def test_what_a_dead_run_left_is_erased_with_the_restricted_file(new_desk: Callable[..., Desk]) -> None:
    desk = keeper(new_desk)
    desk.run()
    leave(desk)
    assert len(remains(desk)) == 3, "the search finds it"
    assert forget_personal(desk.workspace).personal_erased
    assert remains(desk) == []


def test_what_a_dead_run_left_is_erased_with_a_source(new_desk: Callable[..., Desk]) -> None:
    desk = keeper(new_desk)
    desk.run()
    leave(desk)
    forget_source("exports/a.csv", desk.workspace)
    assert remains(desk) == []


def test_what_a_dead_run_left_is_erased_by_the_next(new_desk: Callable[..., Desk]) -> None:
    desk = keeper(new_desk)
    leave(desk)
    desk.run()
    assert remains(desk) == ["personal.parquet"]
    assert stat.S_IMODE((desk.workspace.root / "personal.parquet").stat().st_mode) == 0o600


def test_nobody_else_sees_files_in_the_making(new_desk: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch) -> None:
    desk = keeper(new_desk)
    seen = []
    real = take_in.shape

    def look(plan: Plan, block: Block) -> Shaped:
        seen.append((stat.S_IMODE(desk.workspace.work.stat().st_mode), len(list(desk.workspace.work.iterdir()))))
        return real(plan, block)

    monkeypatch.setattr(take_in, "shape", look)
    desk.run()
    assert seen == [(0o700, 1)]


def test_nothing_personal_is_left_after_a_kill(new_desk: Callable[..., Desk]) -> None:
    model = keeper(new_desk)
    began = time.perf_counter()
    model.run()
    span = time.perf_counter() - began
    chance = random.Random(7)
    left = 0
    for number in range(25):
        desk = keeper(new_desk, f"chết {number}")
        child = os.fork()
        if child == 0:
            try:
                desk.run()
            finally:
                os._exit(0)
        time.sleep(chance.uniform(0, span * 1.2))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        left += bool(remains(desk))
        forget_personal(desk.workspace)
        assert remains(desk) == []
        shutil.rmtree(desk.workspace.root)
    assert left > 2, "the kills came too early to prove anything"
