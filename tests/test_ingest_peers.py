"""The other engines of `benchmarks/ingest.py` store what `tthc ingest` stores, so that their times may be compared."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from benchmarks import same_ingest

from tthc_cli.ingest import ingest
from tthc_cli.workspace import Settings, Workspace

EXPORT = """\
MaHoSo,MaTTHC,NgayTiepNhan,NgayHenTra,NgayKetThucXuLy,NgayTra,TrangThaiHoSo,DonViXuLy,Gia,SoLanBoSung,KenhThucHien
H99.02-230103-0001,1.000002,03/01/2023 08:00:00,05/01/2023 08:00:00,,,2,Sở B,15000,,2
H99.01-230103-0002,1.000002,03/01/2023 08:00:00,31/02/2023 08:00:00,,,2,Sở A,0,1,2
H99.01-230103-0003,1.000002,03/01/2023,05/01/2023,,,2,Sở A,,1,7
H99.01-230103-0004,1.000001,03/01/2023 08:00:00,05/01/2023 08:00:00,02/01/2023 08:00:00,,2,Sở A,1,1,2
H99.01-230203-0005,1.000001,03/02/2023 08:00:00,05/02/2023 08:00:00,,,4,Sở A,1,abc,2
H99.01-230203-0005,1.000001,03/02/2023 08:00:00,05/02/2023 08:00:00,,,2,Sở A,1,1,2
H99.01-230103-0006,1.000001,03/01/2023 08:00:00,05/01/2023 08:00:00,,,2,Sở A,1,1,
,1.000001,03/01/2023 08:00:00,05/01/2023 08:00:00,,,2,Sở A,1,1,2
"""
STANDING = {"2023-01": [8, 4, 2], "2023-02": [6]}
"""Rows of the file, the headings being the first, in the order in which they are stored: left out are a date that is
none (3), one finished before it was received (5), an older status of a key (7) and one without key (9)."""


def _own(path: Path, folder: Path) -> Path:
    ingest([path], Workspace(folder, Settings()))
    return folder / "warehouse" / "dossiers"


def _peer(run: Callable[[Path, Path], int]) -> Callable[[Path, Path], Path]:
    def stored(path: Path, folder: Path) -> Path:
        run(path, folder)
        return folder

    return stored


ENGINES = {
    "tthc": _own, "duckdb": _peer(same_ingest.ingest_duckdb), "polars": _peer(same_ingest.ingest_polars),
}  # fmt: skip


def _need(*engines: str) -> None:
    for engine in engines:
        if engine != "tthc" and find_spec(engine) is None:
            warnings.warn(f"NOT TESTED: ingest by {engine}; pip install 'tthc-cli[bench]'", stacklevel=2)
            pytest.skip(f"{engine} is not installed (extra: bench)")


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "a.csv"
    path.write_text(EXPORT, encoding="utf-8")
    return path


@pytest.mark.parametrize("engine", ENGINES)
def test_the_rows_that_stand_in_order(engine: str, export: Path, tmp_path: Path) -> None:
    _need(engine)
    (tmp_path / "out").mkdir()
    folder = ENGINES[engine](export, tmp_path / "out")
    found = {f.name[:7]: pq.read_table(f, columns=["_row"])["_row"].to_pylist() for f in sorted(folder.glob("*"))}
    assert found == STANDING


@pytest.mark.parametrize("engine", ["duckdb", "polars"])
def test_every_value_is_the_same(engine: str, export: Path, tmp_path: Path) -> None:
    _need("polars", engine)
    digests = set()
    for name in ("tthc", engine):
        (tmp_path / name).mkdir()
        digests.add(same_ingest.digest_of(export, ENGINES[name](export, tmp_path / name)))
    assert len(digests) == 1


def test_another_value_is_told_apart(export: Path, tmp_path: Path) -> None:
    _need("polars")
    digests = set()
    for number, text in enumerate((EXPORT, EXPORT.replace("15000", "15001"))):
        export.write_text(text, encoding="utf-8")
        (tmp_path / str(number)).mkdir()
        digests.add(same_ingest.digest_of(export, _own(export, tmp_path / str(number))))
    assert len(digests) == 2
