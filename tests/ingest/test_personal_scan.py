"""Nothing personal is in anything that ingest writes: every file of the workspace is opened and searched."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.ingest.conftest import Desk, dossiers
from tthc_cli.schema import all_tables

SAMPLE = Path(__file__).parents[2] / "sample_data" / "exports"
PERSONAL = {c.name for t in all_tables() for c in t.columns if c.type == "personal"}


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
def test_sample_province(desk: Desk) -> None:
    secrets: set[str] = set()
    for path in sorted(SAMPLE.glob("*.csv")):
        for row in csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))):
            secrets |= {v for k, v in row.items() if k in PERSONAL and v and len(v) > 6}
    assert len(secrets) > 1_000
    desk.run(SAMPLE)
    words = written(desk)
    assert "H99.22-2304" in words, "the search sees what is stored"
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
