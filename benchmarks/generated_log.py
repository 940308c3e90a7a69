"""A process log of the generated dossiers: reception, handling, result; each step by one of a unit's five officials."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tthc_cli import schema
from tthc_cli.facts.codes import DAY, HANDLED, IN_PROGRESS, RECEIVED
from tthc_cli.facts.columns import NAT, Column, whole

STEPS = 3
"""Rows of a finished dossier."""
OFFICIALS = 5
"""Of each unit."""
DIVISIONS = ("Bộ phận Một cửa", "Phòng Nghiệp vụ 1", "Phòng Nghiệp vụ 2", "Văn phòng")


def log_of(dossiers: pa.Table, rng: np.random.Generator) -> pa.Table:
    """The steps of the dossiers of one stored file, as stored."""
    received, finished = (Column(whole(dossiers.column(n))).seconds for n in ("NgayTiepNhan", "NgayKetThucXuLy"))
    done = finished != NAT
    end = np.where(done, finished, received + 5 * DAY)
    at = np.stack([received + 1800, received + (end - received) // 2, end], axis=1)
    begin = np.stack([received, at[:, 0], at[:, 1]], axis=1)
    rows = np.flatnonzero(np.stack([np.ones_like(done), np.ones_like(done), done], axis=1).reshape(-1))
    dossier, step = rows // STEPS, rows % STEPS
    allowed = np.array([DAY // 8, 4 * DAY, 8 * DAY])[step]
    due = begin.reshape(-1)[rows] + allowed
    code = whole(dossiers.column("MaHoSo").combine_chunks().cast(pa.string()).dictionary_encode())
    unit = whole(dossiers.column(schema.UNIT_KEY))
    units = unit.dictionary.to_pylist()
    official = unit.indices.to_numpy()[dossier] * OFFICIALS + rng.integers(0, OFFICIALS, len(rows))
    division = np.where(step == 0, 0, 1 + (dossier + step) % (len(DIVISIONS) - 1))
    status = np.array([RECEIVED, IN_PROGRESS, HANDLED], np.int8)[step]
    taken = pa.array(dossier)
    given = {
        "MaHoSo": pa.array(code.dictionary).take(code.indices).take(taken),
        "ThoiDiemXuLy": _times(at.reshape(-1)[rows]),
        "PhongBanXuLy": _named(division, list(DIVISIONS)),
        "TrangThai": pa.array(status),
        "NgayBatDau": _times(begin.reshape(-1)[rows]),
        "NgayKetThucTheoQuyDinh": _times(due),
        "MaCanBo": _named(official, [f"{u}-{i}" for u in units for i in range(OFFICIALS)]),
        schema.KEY_HASH: dossiers.column(schema.KEY_HASH).combine_chunks().take(taken),
        schema.SOURCE: _named(np.zeros(len(rows), np.int64), ["log"]),
        schema.SHEET: _named(np.zeros(len(rows), np.int64), [""]),
        schema.ROW: pa.array((np.arange(len(rows)) + 2).astype(np.int32)),
    }
    wanted = schema.arrow_schema("process_log")
    columns = [given[f.name].cast(f.type) if f.name in given else pa.nulls(len(rows), f.type) for f in wanted]
    return pa.Table.from_arrays(columns, schema=wanted)


def _times(seconds: npt.NDArray[np.int64]) -> pa.Array:
    return pa.array(seconds).cast(pa.timestamp("s"))


def _named(index: npt.NDArray[np.int64], names: list[str]) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(index.astype(np.int32)), pa.array(names, pa.string()))
