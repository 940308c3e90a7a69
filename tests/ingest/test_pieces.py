"""In what pieces a month is merged, and when rows are set aside on disk, leaves no trace in what is stored."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pytest

from tests.ingest.conftest import HEADINGS, Desk, dossiers
from tests.ingest.test_newest import adds_up, named
from tthc_cli.ingest.storing.newest import key_numbers
from tthc_cli.schema import TableSpec

UNITS = [f"H99.{unit}" for unit in (16, 20, 21, 22)] + ["Sở Công Thương", ""]


def export(seed: int, day: date) -> str:
    """Sixty dossiers, some of them in every export, with units and months that change."""
    chance = random.Random(seed)
    lines = []
    for number in chance.sample(range(100), 60):
        received = date(2023, 4, 28) + timedelta(days=chance.randrange(6))
        lines.append(
            f"H99.16-230405-{number:04d},1.00{number % 7:04d},{received:%d/%m/%Y},{day:%d/%m/%Y},"
            f"{day:%d/%m/%Y},9,{chance.choice(UNITS)}"
        )
    return dossiers(*lines, headings=f"{HEADINGS},DonViXuLy")


def filled(desk: Desk) -> Desk:
    for number in range(4):
        text = export(number, date(2023, 5, 10 + number))
        os.utime(desk.put(f"{number}.csv", text), (1_700_000_000, 1_700_000_000))
    log = "MaHoSo,ThoiDiemXuLy,TrangThai,PhongBanXuLy\n" + "".join(
        f"H99.16-230405-{i % 40:04d},0{i % 9 + 1}/04/2023 08:00,4,Một cửa\n" for i in range(200)
    )
    os.utime(desk.put("log.csv", log), (1_700_000_000, 1_700_000_000))
    for name in ("1.csv", "0.csv", "log.csv"):
        desk.run(desk.exports / name)
    desk.run()
    return desk


def stored(desk: Desk) -> dict[str, bytes]:
    return {name: data for name, data in desk.files().items() if name in named(desk)}


@pytest.mark.parametrize(
    "settings",
    [
        {"external_sort.AT_ONCE": 0, "external_sort.PIECE": 1}, {"external_sort.AT_ONCE": 0, "external_sort.PIECE": 7},
        {"month.KEYS_AT_ONCE": 5}, {"month.COMPARED": 3}, {"merge.KEYS_AT_ONCE": 5}, {"spool.PART": 1},
        {"external_sort.AT_ONCE": 0, "spool.PART": 1},
    ],
    ids=lambda settings: "-".join(f"{name}-{value}" for name, value in settings.items()),
)  # fmt: skip
def test_bytes_are_the_same(
    new_desk: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch, settings: dict[str, int]
) -> None:
    whole = filled(new_desk("whole"))
    for name, value in settings.items():
        monkeypatch.setattr(f"tthc_cli.ingest.storing.{name}", value)
    pieces = filled(new_desk("pieces"))
    assert adds_up(pieces)
    assert stored(pieces) == stored(whole)
    assert pieces.warehouse.sources == whole.warehouse.sources
    assert [(i.file, i.row, i.code) for i in pieces.issues()] == [(i.file, i.row, i.code) for i in whole.issues()]


def test_rows_lie_in_order_of_unit_procedure_and_code(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tthc_cli.ingest.storing.external_sort.AT_ONCE", 5)
    monkeypatch.setattr("tthc_cli.ingest.storing.external_sort.PIECE", 5)
    filled(desk)
    for partition in desk.warehouse.partitions("dossiers"):
        import pyarrow.parquet as pq

        rows = pq.read_table(desk.warehouse.path(partition), partitioning=None).to_pylist()
        keys = [(r["_unit"], r["MaTTHC"], r["MaHoSo"]) for r in rows]
        assert len(keys) > 20
        assert keys == sorted(keys)


def test_keys_of_several_columns_are_worked_out_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tthc_cli.ingest.storing.month.KEYS_AT_ONCE", 5)
    monkeypatch.setattr("tthc_cli.ingest.storing.month.COMPARED", 3)
    worked_out = 0

    def counted(rows: pa.Table, spec: TableSpec) -> npt.NDArray[np.uint64]:
        nonlocal worked_out
        worked_out += len(rows)
        return key_numbers(rows, spec)

    monkeypatch.setattr("tthc_cli.ingest.storing.month.key_numbers", counted)
    log = "MaHoSo,ThoiDiemXuLy,TrangThai,PhongBanXuLy\n"
    lines = (f"H99.16-230405-{i % 40:04d},0{i % 9 + 1}/04/2023 08:00,4,Một cửa\n" for i in range(80))
    desk.put("log.csv", log + "".join(lines))
    desk.run()
    assert worked_out == 80
