"""The generator: the same bytes again, facts that agree with one another, a stream in flat pieces."""

import csv
import hashlib
import io
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from behaviour import facts, snapshot
from province import procedures
from stream import stream, stream_units
from tthc_cli import schema

FOLDER = Path(__file__).parents[2] / "sample_data"


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def test_running_it_again_gives_the_committed_files(tmp_path: Path) -> None:
    out = tmp_path / "exports"
    subprocess.run([sys.executable, str(FOLDER / "generate.py"), "--out", str(out)], check=True, capture_output=True)
    assert digests(out) == digests(FOLDER / "exports")
    assert (tmp_path / "truth.json").read_bytes() == (FOLDER / "truth.json").read_bytes()


@pytest.fixture(scope="module")
def dossiers() -> pd.DataFrame:
    rng = np.random.default_rng(5)
    catalogue = procedures(rng)
    return snapshot(facts(rng, catalogue, 4000), np.datetime64("2023-08-02T07:00:00"), catalogue)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("NgayNopHoSo", "NgayTiepNhan"), ("NgayTiepNhan", "NgayHenTra"), ("NgayTiepNhan", "NgayKetThucXuLy"),
        ("NgayKetThucXuLy", "NgayTra"), ("NgayTiepNhan", "NgayTuChoi"), ("NgayBoSung", "NgayTiepNhanBoSung"),
        ("NgayTiepNhanBoSung", "NgayKetThucXuLy"), ("NgayTiepNhanBoSung", "NgayTuChoi"),
        ("NgayHenTra", "NgayHenTraMoi"),
    ],
)  # fmt: skip
def test_moments_follow_one_another(dossiers: pd.DataFrame, before: str, after: str) -> None:
    both = dossiers[[before, after]].dropna()
    assert len(both) > 0
    assert (both[before] <= both[after]).all()


def test_status_agrees_with_the_dates(dossiers: pd.DataFrame) -> None:
    status = dossiers["TrangThaiHoSo"]
    assert (dossiers["NgayTra"].notna() == (status == 10)).all()
    assert (dossiers["NgayKetThucXuLy"].notna() == status.isin([9, 10])).all()
    assert (dossiers["NgayTuChoi"].notna() == status.isin([3, 7, 8])).all()


def test_results_only_of_finished_dossiers_and_payments_only_of_fees(dossiers: pd.DataFrame) -> None:
    assert dossiers.loc[dossiers["has_file"], "NgayKetThucXuLy"].notna().all()
    assert (dossiers.loc[dossiers["DuocThanhToanTrucTuyen"] > 0, "Gia"] > 0).all()


def test_nothing_is_known_before_it_happened(dossiers: pd.DataFrame) -> None:
    early = snapshot(dossiers, np.datetime64("2023-03-31T17:00:00"), procedures(np.random.default_rng(5)))
    assert early["NgayTiepNhan"].max() <= pd.Timestamp("2023-03-31 17:00")
    assert early["NgayKetThucXuLy"].max() <= pd.Timestamp("2023-03-31 17:00")


def read(pieces: list[bytes]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(b"".join(pieces).decode())))


def test_stream_gives_as_many_distinct_dossiers_as_asked_for() -> None:
    pieces = [bytes(piece) for piece in stream(2500, chunk=1000, communes=30)]
    rows = read(pieces)
    assert len(pieces) == 4
    assert len({row["MaHoSo"] for row in rows}) == len(rows) == 2500


def test_stream_columns_are_in_the_dictionary() -> None:
    rows = read([bytes(piece) for piece in stream(10)])
    assert set(rows[0]) <= {column.name for column in schema.table("dossiers").columns}


def test_stream_finishes_only_what_was_received() -> None:
    rows = read([bytes(piece) for piece in stream(2000)])
    for row in rows:
        if row["NgayKetThucXuLy"]:
            received, finished = (pd.to_datetime(row[c], dayfirst=True) for c in ("NgayTiepNhan", "NgayKetThucXuLy"))
            assert received < finished
            assert row["TrangThaiHoSo"] in ("9", "10")


def test_stream_has_as_many_communes_as_asked_for() -> None:
    units = stream_units(3300)
    assert sum(unit.level == "xa" for unit in units) == 3300
    assert len({unit.code for unit in units}) == len(units)
