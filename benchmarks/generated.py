"""A warehouse of any number of generated dossiers, for the benchmarks: stored as ingest stores them, whole columns
at a time.

Units, procedures and habits are invented. Every branch of the verdicts occurs: dossiers carried over, still open,
refused, taken up again, with one supplement and with two, with a new appointment for one or with an apology, waiting
for a financial obligation, without a due date, without a receipt, boundary-free, due on a day without a time, of a
procedure that the catalogue does not list, with and without a fee, by a channel that nobody knows. The files of two
months lack columns.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tthc_cli import schema
from tthc_cli.ingest.storing.publish import write_rows
from tthc_cli.storage.parquet import read_parquet
from tthc_cli.storage.warehouse import (
    Partition,
    SheetRecord,
    SourceRecord,
    Warehouse,
    save_manifest,
)
from tthc_cli.workdays import WorkCalendar

if TYPE_CHECKING:
    from tthc_cli.scoring.run import Run

Ints = npt.NDArray[np.int64]

DAY = 86_400
FIRST_MONTH = "2022-10"
MONTHS = 15
"""October 2022 to December 2023: scoring the year 2023 has a quarter of carry-over, and no month is out of reach."""
EXTRACT = "2024-01-05T00:00:00"
PROVINCE = "H99"
EDITION = 2
"""Of the invented province: a warehouse of an earlier one is not opened again."""
LACKING = {
    "2023-02": frozenset({"KenhThucHien", "Gia", "HoSoCoThanhPhanSoHoa", "DuocSoHoa", "DuocTaiSuDung", "MaCSDL"}),
    "2023-03": frozenset({
        "DaDongBo", "DuongDanTepTinKetQua", "DuocThanhToanTrucTuyen", "DuocLayTuKhoDMQG", "KetQuaDongBoKho",
        "TaiKhoanDuocXacThucVoiVNeID", "MaCSDL",
    }),
}  # fmt: skip
"""Month -> columns that its file does not have."""


@dataclass(frozen=True)
class Size:
    """How large the invented province is."""

    dossiers: int
    departments: int = 20
    communes: int = 180
    shared_procedures: int = 150
    """Handled by every commune."""
    own_procedures: int = 250
    """Handled by one department each."""
    months: int = MONTHS
    seed: int = 766

    @property
    def procedures(self) -> int:
        return self.shared_procedures + self.own_procedures

    @property
    def units(self) -> int:
        return self.departments + self.communes

    @property
    def name(self) -> str:
        return f"{self.dossiers}-{self.units}-{self.procedures}-{self.months}-{self.seed}-{EDITION}"


def unit_code(number: int) -> str:
    return f"{PROVINCE}.{10 + number // 90}.{10 + number % 90}"


def procedure_code(number: int) -> str:
    return f"{1 + number % 3}.{100000 + number:06d}"


def unit_table(size: Size) -> pa.Table:
    """The province, its departments and its communes."""
    codes = [PROVINCE, *(unit_code(i) for i in range(size.units))]
    names = ["Tỉnh Mẫu"]
    names += [f"Sở Mẫu {i + 1}" for i in range(size.departments)]
    names += [f"Xã Mẫu {i + 1}" for i in range(size.communes)]
    by_name = {words[0]: code for code, words in schema.table("units").column("Cap").codes.items()}
    level = {key: by_name.get(key) for key in by_name}
    found = _levels(level)
    levels = [found[0]] + [found[1]] * size.departments + [found[2]] * size.communes
    return _stored("units", {
        "MaDonVi": codes, "TenDonVi": names, "Cap": levels, "DonViCha": [None] + [PROVINCE] * size.units,
    })  # fmt: skip


def _levels(by_name: dict[str, int | None]) -> tuple[int, int, int]:
    def code(word: str) -> int:
        found = by_name[word]
        assert found is not None
        return found

    return code("tinh"), code("so"), code("xa")


def catalogue_table(size: Size) -> pa.Table:
    """Procedures of every kind; the last one of every 97 has no statutory duration."""
    n = np.arange(size.procedures)
    timed = n % 97 != 96
    return _stored("procedures", {
        "MaTTHC": [procedure_code(int(i)) for i in n],
        "TenTTHC": [f"Thủ tục mẫu số {i}" for i in n],
        "TenLinhVuc": [f"Lĩnh vực {i % 20}" for i in n],
        "MucDoDVC": (n % 3).tolist(),
        "TraKetQua": (n % 5 != 0).astype(int).tolist(),
        "CoPhiLePhi": (n % 7 < 3).astype(int).tolist(),
        "DoiTuongThucHien": [("1", "2", "1;2")[i % 3] for i in n],
        "ThoiHanGiaiQuyet": [str(3 + i % 20) if t else None for i, t in zip(n, timed, strict=True)],
        "DonViThoiHan": [3 if t else None for t in timed],
        "CapThucHien": ["xa" if i < size.shared_procedures else "so" for i in n],
        "SoThanhPhanCongKhai": (5 + n % 3).tolist(),
    })  # fmt: skip


def _stored(name: str, columns: dict[str, list[object]]) -> pa.Table:
    """A table in the stored schema; columns not given are blank, provenance is the first source."""
    wanted = schema.arrow_schema(name)
    rows = len(next(iter(columns.values())))
    given = {
        schema.SOURCE: ["tables"] * rows, schema.SHEET: [""] * rows, schema.ROW: list(range(2, rows + 2)), **columns,
    }  # fmt: skip
    arrays = [pa.array(given.get(f.name, [None] * rows), f.type) for f in wanted]
    return pa.Table.from_arrays(arrays, schema=wanted)


def _digits(out: npt.NDArray[np.uint8], at: int, values: Ints, width: int) -> None:
    for place in range(width - 1, -1, -1):
        out[:, at + place] = 48 + values % 10
        values = values // 10


def _codes(unit: Ints, day: Ints, serial: Ints) -> pa.Array:
    """MaHoSo, e.g. H99.11.25-230405-0000017."""
    n = len(unit)
    text = np.zeros((n, 24), np.uint8)
    text[:] = np.frombuffer(b"H99.00.00-000000-0000000", np.uint8)
    _digits(text, 4, 10 + unit // 90, 2)
    _digits(text, 7, 10 + unit % 90, 2)
    days, where = np.unique(day, return_inverse=True)
    dates = [date.fromordinal(719_163 + int(d)) for d in days]
    yymmdd = np.array([d.year % 100 * 10_000 + d.month * 100 + d.day for d in dates])
    _digits(text, 10, yymmdd[where], 6)
    _digits(text, 17, serial, 7)
    offsets = pa.py_buffer(np.arange(0, (n + 1) * 24, 24, dtype=np.int32))
    return pa.StringArray.from_buffers(n, offsets, pa.py_buffer(text.tobytes()))


def _groups(size: Size, rng: np.random.Generator) -> tuple[Ints, Ints, npt.NDArray[np.float64]]:
    """(unit, procedure, weight) of every pair that has dossiers, in order of unit and procedure code."""
    pairs = []
    order = sorted(range(size.procedures), key=procedure_code)
    weight_of = rng.pareto(1.3, size.procedures) + 0.2
    for unit in range(size.units):
        own = unit < size.departments
        for procedure in order:
            mine = procedure >= size.shared_procedures and procedure % size.departments == unit
            if mine if own else procedure < size.shared_procedures:
                pairs.append((unit, procedure, weight_of[procedure] * (6.0 if own else 1.0)))
    unit, procedure, weight = (np.array(c) for c in zip(*pairs, strict=True))
    return unit.astype(np.int64), procedure.astype(np.int64), weight / weight.sum()


def _maybe(times: Ints, mask: npt.NDArray[np.bool_]) -> pa.Array:
    return pa.array(times, mask=~mask).cast(pa.timestamp("s"))


def _category(indices: Ints, values: list[str], known: npt.NDArray[np.bool_] | None = None) -> pa.Array:
    index = pa.array(indices.astype(np.int32), mask=None if known is None else ~known)
    return pa.DictionaryArray.from_arrays(index, pa.array(values, pa.string()))


def month_table(
    size: Size, month: str, rows: int, groups: tuple[Ints, Ints, npt.NDArray[np.float64]], calendar: WorkCalendar,
    rng: np.random.Generator,
) -> pa.Table:  # fmt: skip
    """The dossiers received in one month, as stored."""
    pair = np.repeat(np.arange(len(groups[0])), rng.multinomial(rows, groups[2]))
    first = int(np.datetime64(month, "D").astype(np.int64))
    length = int((np.datetime64(month, "M") + 1).astype("datetime64[D]").astype(np.int64)) - first
    day = first + rng.integers(0, length, rows)
    day = np.sort(pair * 64 + day - first) % 64 + first
    unit, procedure = groups[0][pair], groups[1][pair]
    serial = np.arange(rows)
    chance = rng.random((8, rows), np.float32)
    odd = rng.random((3, rows), np.float32)
    online = rng.random(rows, np.float32) < 0.35 + 0.4 * (unit % 7) / 6

    received = day * DAY + rng.integers(7 * 60, 17 * 60, rows) * 60
    duration = 3 + procedure % 20
    timed = procedure % 97 != 96
    due_day = calendar.end_of_working_day(calendar.add_working_days(day, np.where(timed, duration, 10)))
    midnight = chance[0] < 0.4
    due = np.where(midnight, due_day - due_day % DAY, due_day)
    has_due = chance[1] >= np.where(timed, 0.03, 0.3)
    supplement = chance[6] < 0.05
    late = chance[2] < 0.02 + 0.12 * (unit % 11) / 10 + 0.3 * supplement
    share = np.where(late, 1.0 + rng.exponential(0.4, rows), rng.beta(4, 3, rows))
    share[odd[2] > 0.97] = 1.0
    finished = received + (share * (due_day - received)).astype(np.int64)
    finished -= finished % 60
    extract = int(np.datetime64(EXTRACT, "s").astype(np.int64))
    status = np.full(rows, 10, np.int8)
    status[chance[3] < 0.1] = 9
    ended = chance[3] > 0.985
    status[ended] = np.where(chance[4][ended] < 0.5, 3, np.where(chance[4][ended] < 0.8, 7, 8))
    open_ = (finished > extract) | (chance[5] < 0.004)
    status[open_] = np.where(chance[4][open_] < 0.8, 4, np.where(chance[4][open_] < 0.9, 6, 2))
    twice = chance[6] < 0.004
    asked = received + DAY
    completed = asked + rng.integers(1, 6, rows) * DAY
    waiting = supplement & (chance[7] < 0.1) & ~twice
    status[waiting] = 5
    finished = np.where(supplement, finished + (completed - asked), finished)
    done = np.isin(status, (9, 10))
    ended = np.isin(status, (3, 7, 8))
    registered = chance[7] > 0.998
    status[registered] = 1
    online |= registered
    done &= ~registered
    ended &= ~registered
    returned = (status == 10) & (chance[1] < 0.95)
    untimed = done & (chance[4] < 0.001)
    undated = ended & (odd[0] < 0.1)
    reopened = done & (odd[0] > 0.995)
    status[reopened] = 4
    moved = supplement & (chance[5] >= 0.5) & (chance[5] < 0.55)
    apology = ~supplement & (odd[1] < 0.01)
    new_due = due + np.where(supplement, completed - asked + 20 * DAY, 5 * DAY)
    due_before = (supplement & (chance[5] < 0.5)) | (apology & (odd[1] < 0.005))
    boundary_free = odd[2] < 0.02

    fee = procedure % 7 < 3
    amount = np.where(chance[3] < 0.3, 0, (procedure % 9 + 1) * 10_000)
    paid = np.where(fee & online & (chance[2] > 0.5), 1 + (chance[5] > 0.7), 0).astype(np.int8)
    listed = chance[0] > 0.001
    named = listed | (chance[1] > 0.5)
    procedures = sorted(procedure_code(i) for i in range(size.procedures))
    place = np.array([procedures.index(procedure_code(i)) for i in range(size.procedures)])
    unlisted = "9.999999"
    code = np.where(listed, place[procedure], len(procedures))
    units = [unit_code(i) for i in range(size.units)]
    kinds = ["Lệ phí", "Phí"]
    databases = ["CSDL quốc gia về dân cư", "CSDL đất đai", "CSDL quốc gia về dân cư;CSDL hộ tịch"]
    channel = np.where(online, 2, np.where(chance[6] > 0.9, 3, 1)).astype(np.int8)
    channel[odd[1] > 0.98] = 0
    flags = rng.random((7, rows), np.float32)
    codes = _codes(unit, day, serial)
    given: dict[str, pa.Array] = {
        "MaHoSo": codes,
        "MaTTHC": _category(code, [*procedures, unlisted]),
        "TenTTHC": _category(
            np.where(named, procedure, size.procedures),
            [*(f"Thủ tục mẫu số {i}" for i in range(size.procedures)), "Thủ tục ngoài danh mục"],
        ),
        "TenLinhVuc": _category(procedure % 20, [f"Lĩnh vực {i}" for i in range(20)]),
        "KenhThucHien": pa.array(channel, mask=chance[5] > 0.99),
        "LoaiDoiTuong": pa.array((1 + (flags[0] > 0.8)).astype(np.int8)),
        "NgayNopHoSo": _maybe(received - 3600, online),
        "NgayTiepNhan": _maybe(received, ~registered),
        "NgayHenTra": _maybe(np.where(moved, new_due, due), has_due & ~registered),
        "NgayKetThucXuLy": _maybe(finished, done & ~untimed),
        "NgayTra": _maybe(finished + 7200, returned & done & ~untimed),
        "NgayTuChoi": _maybe(finished, ended & ~undated),
        "TrangThaiHoSo": pa.array(status),
        "DonViXuLy": _category(unit, units),
        "HoSoCoThanhPhanSoHoa": pa.array((flags[1] < 0.6).astype(np.int8)),
        "TaiKhoanDuocXacThucVoiVNeID": pa.array((flags[2] < 0.4).astype(np.int8)),
        "DuocThanhToanTrucTuyen": pa.array(paid),
        "DuocTaiSuDung": pa.array((flags[3] < 0.3).astype(np.int32)),
        "DuocLayTuKhoDMQG": pa.array((flags[4] < 0.1).astype(np.int32) * 2),
        "KetQuaDongBoKho": pa.array((flags[5] < 0.2).astype(np.int8)),
        "DuongDanTepTinKetQua": pa.array((done & (flags[6] < 0.7)).astype(np.int8)),
        "Gia": pa.array(amount.astype(np.int64), mask=~fee | (chance[2] < 0.05)),
        "LoaiPhiLePhi": _category(procedure % 2, kinds, fee),
        "MaCSDL": _category(procedure % 3, databases, flags[5] > 0.7),
        "DaDongBo": pa.array((flags[4] < 0.93).astype(np.int8)),
        "SoLanBoSung": pa.array(supplement.astype(np.int32) + twice),
        "NgayBoSung": _maybe(asked, supplement),
        "NgayTiepNhanBoSung": _maybe(completed, supplement & ~waiting & ~twice),
        "NgayHenTraTruoc": _maybe(due, due_before & has_due),
        "NgayHenTraMoi": _maybe(new_due, (supplement & (chance[5] < 0.6)) | apology),
        "PhiDiaGioi": pa.array(boundary_free.astype(np.int8)),
        "NgayCoQuanThamQuyenNhan": _maybe(received + DAY, boundary_free & (odd[2] < 0.019)),
        schema.UNIT_KEY: _category(unit, units),
        schema.KEY_HASH: pa.array(schema.key_hash(codes)),
        schema.SOURCE: _category(np.zeros(rows, np.int64), [f"s{month}"]),
        schema.SHEET: _category(np.zeros(rows, np.int64), [""]),
        schema.ROW: pa.array((serial + 2).astype(np.int32)),
    }
    wanted = schema.arrow_schema("dossiers")
    known = given.keys() - LACKING.get(month, frozenset())
    columns = [given[f.name].cast(f.type) if f.name in known else pa.nulls(rows, f.type) for f in wanted]
    return pa.Table.from_arrays(columns, schema=wanted)


def _complaints(hashes: npt.NDArray[np.uint64]) -> pa.Table:
    """Dissatisfied slips about some dossiers."""
    n = len(hashes)
    table = _stored("slips", {"MaPhieu": [f"P{i:07d}" for i in range(n)], "DanhGia": [0] * n})
    place = table.schema.get_field_index(schema.KEY_HASH)
    return table.set_column(place, table.schema.field(place), pa.array(hashes))


def month_names(size: Size) -> list[str]:
    return [str(np.datetime64(FIRST_MONTH, "M") + i) for i in range(size.months)]


Log = Callable[[pa.Table, np.random.Generator], pa.Table]
"""The process log of the dossiers of one month."""


def make_warehouse(folder: Path, size: Size, log: Log | None = None) -> Warehouse:
    """Write the warehouse under `folder`, with a process log if one is made, or open it when it is there already."""
    from tthc_cli.storage.warehouse import MANIFEST, open_warehouse

    root = folder / (size.name if log is None else f"{size.name}-log") / "warehouse"
    if (root / MANIFEST).exists():
        return open_warehouse(root)
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    rng = np.random.default_rng(size.seed)
    groups = _groups(size, rng)
    calendar = WorkCalendar()
    parts: list[Partition] = []
    complained = []
    undated = []
    names = month_names(size)
    for number, month in enumerate(names):
        rows = size.dossiers * (number + 1) // len(names) - size.dossiers * number // len(names)
        table = month_table(size, month, rows, groups, calendar, rng)
        complained.append(rng.choice(table[schema.KEY_HASH].to_numpy(), rows // 500, replace=False))
        undated.append(table.filter(table["NgayTiepNhan"].is_null()))
        table = table.filter(table["NgayTiepNhan"].is_valid())
        parts.append(write_rows(root, "dossiers", month, table, root.parent / "work"))
    table = pa.concat_tables(undated).unify_dictionaries().combine_chunks()
    parts.append(write_rows(root, "dossiers", "none", table, root.parent / "work"))
    tables = {"dossiers": tuple(parts)}
    if log is not None:
        steps = ((p.month, log(read_parquet(root / p.file), rng)) for p in parts if p.month != "none")
        tables["process_log"] = tuple(write_rows(root, "process_log", m, t, root.parent / "work") for m, t in steps)
    slips = _complaints(np.concatenate(complained))
    small = {"units": unit_table(size), "procedures": catalogue_table(size), "slips": slips}
    for name, table in small.items():
        tables[name] = (write_rows(root, name, "all", table, root.parent / "work"),)
    warehouse = Warehouse(root, tables, _sources(tables, small))
    save_manifest(warehouse)
    return warehouse


def _sources(tables: dict[str, tuple[Partition, ...]], small: dict[str, pa.Table]) -> tuple[SourceRecord, ...]:
    every = tuple(c.name for c in schema.table("dossiers").stored)
    told = {p.month: tuple(c for c in every if c not in LACKING.get(p.month, ())) for p in tables["dossiers"]}
    sources = [
        SourceRecord(
            id=f"s{p.month}", path=f"{p.month}.csv", sha256=p.sha256, size=0, exported_at=EXTRACT,
            sheets=(SheetRecord("", "dossiers", p.rows, p.rows, 0, 0),), columns={"dossiers": told[p.month]},
        )
        for p in tables["dossiers"]
        if p.month != "none"
    ]  # fmt: skip
    sheets = tuple(SheetRecord(n, n, t.num_rows, t.num_rows, 0, 0) for n, t in small.items())
    columns = {n: tuple(c.name for c in schema.table(n).stored) for n in tables if n != "dossiers"}
    return (*sources, SourceRecord("tables", "tables.xlsx", "", 0, EXTRACT, sheets, columns))


def run_of(root: Path, period: str) -> Run:
    """What scoring a period of a warehouse, in the law's reading, stands on."""
    from tthc_cli import rulebooks
    from tthc_cli.periods import parse_period
    from tthc_cli.scoring.run import plan
    from tthc_cli.storage.warehouse import open_warehouse
    from tthc_cli.workspace import Settings

    asked = parse_period(period)
    book = rulebooks.choose("law", asked.last_day.date(), None)
    return plan(open_warehouse(root), asked, book, Settings(), None)


def without_month(warehouse: Warehouse, month: str) -> Warehouse:
    """The same warehouse before a month came in."""
    kept = tuple(p for p in warehouse.partitions("dossiers") if p.month != month)
    sources = tuple(s for s in warehouse.sources if s.id != f"s{month}")
    return replace(warehouse, tables={**warehouse.tables, "dossiers": kept}, sources=sources)
