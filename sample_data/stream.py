"""Millions of clean dossiers for benchmarks, written as fast as text can be put together, in flat memory.

Rows come in order of the day of receipt. Each text is looked up in a small pool and the pools are joined column-wise,
so no row passes through Python.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from behaviour import FIRST, HABITS, LAST
from calendar_2023 import DAYS, MINUTES, day_index, to_time, to_work
from people import identity_numbers, names, phones
from province import ACTIVE, PROVINCE, Procedure, Unit, procedures

CHUNK = 131_072
AS_OF = np.datetime64("2023-08-02T07:00:00")
HEADER = (
    "MaHoSo,MaTTHC,TenTTHC,MaLinhVuc,TenLinhVuc,KenhThucHien,ChuHoSo,LoaiDoiTuong,MaDoiTuong,SoDienThoai,Email,DiaChi,"
    "TrichYeuHoSo,NgayNopHoSo,NgayTiepNhan,NgayHenTra,NgayKetThucXuLy,NgayTra,NgayTuChoi,TrangThaiHoSo,DonViXuLy,"
    "NoiNopHoSo,HoSoCoThanhPhanSoHoa,DuocSoHoa,TaiKhoanDuocXacThucVoiVNeID,DuocTaiSuDung,DuocLayTuKhoDMQG,KetQuaDongBoKho,"
    "DaDongBo,Gia,DuocThanhToanTrucTuyen,MaCSDL,SoLanBoSung,NgayBoSung,NgayTiepNhanBoSung,DuongDanTepTinKetQua\n"
)

Ints = npt.NDArray[np.int64]


def stream_units(communes: int) -> tuple[Unit, ...]:
    """The departments, and as many districts and communes as wanted: 79 districts at most, 99 communes each."""
    if not 1 <= communes <= 79 * 99:
        raise ValueError(f"communes: {communes} is not between 1 and {79 * 99}")
    districts = min(79, -(-communes // 10))
    found = [unit for unit in ACTIVE if unit.level == "so"]
    rng = np.random.default_rng(communes)
    qualities = rng.random(districts + communes)
    for d in range(districts):
        code = f"{PROVINCE}.{20 + d}"
        found.append(
            Unit(code, f"UBND huyện Giả Định {d + 1}", "huyen", PROVINCE, quality=qualities[d], share=0.2 / districts)
        )
    for c in range(communes):
        parent = f"{PROVINCE}.{20 + c % districts}"
        code = f"{parent}.{c // districts + 1:02d}"
        quality = qualities[districts + c]
        found.append(Unit(code, f"UBND xã Giả Định {c + 1}", "xa", parent, quality=quality, share=0.6 / communes))
    return tuple(found)


def stream_procedures(count: int) -> tuple[tuple[str, Procedure], ...]:
    """(code, what it is like) of as many procedures as wanted: the sample province's, over and over."""
    base = procedures(np.random.default_rng(766))
    return tuple((f"{1 + i % 2}.{990000 + i + 1:06d}", base[i % len(base)]) for i in range(count))


def _one_line(*values: object) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(values)
    return line.getvalue()


def _pool(texts: list[str]) -> pa.Array:
    return pa.array(texts, pa.string())


def _moments_pool() -> pa.Array:
    """Every working minute as text, and "" at the end for what never happened."""
    times = to_time(np.arange(len(DAYS) * MINUTES))
    day = np.datetime_as_string(times, unit="m")
    split = np.array([f"{t[8:10]}/{t[5:7]}/{t[:4]} {t[11:]}:00" for t in day[:: MINUTES // 2]])
    clocks = np.array([t[11:] for t in day[:MINUTES]])
    dates = [text[:10] for text in split[::2]]
    return _pool([f"{date} {clock}:00" for date in dates for clock in clocks] + [""])


@dataclass(frozen=True, slots=True)
class _World:
    """Everything drawn from, made once."""

    units: tuple[Unit, ...]
    unit_of: Ints
    """A table of unit indices to draw from evenly."""
    procedure_of: npt.NDArray[np.int64]
    """(group of units, 4096) table of procedure indices to draw from evenly."""
    group: Ints
    """Group of each unit: its own for a department, one for districts, one for communes."""
    habit: dict[str, npt.NDArray[np.float32]]
    minutes: Ints
    """Statutory duration of each procedure, in working minutes."""
    fee: Ints
    returns: npt.NDArray[np.bool_]
    online: npt.NDArray[np.bool_]
    texts: dict[str, pa.Array]


_PEOPLE, _LINKS = 20_000, 100_000
_FLAGS = ("digitised", "vneid", "reused", "store", "store", "synced")
_RESULT_STORED = 0b10
"""The fifth flag, which only a finished dossier can have."""


def _people() -> list[str]:
    """Name, kind, identity number, phone, e-mail, address and summary of invented applicants, joined by commas."""
    person = np.arange(_PEOPLE) * 49 % 10**6
    kind = np.where(np.arange(_PEOPLE) % 5 == 0, 2, 1)
    each = zip(names(person, kind), kind, identity_numbers(person, kind), phones(person), person, strict=True)
    return [
        _one_line(
            name,
            k,
            number,
            phone,
            f"nguoi.mau.{p:06d}@vi-du.example",
            f"Số {p % 300 + 1}, tổ {p % 40 + 1}, thôn Ví Dụ {p % 17 + 1}, xã Giả Định {p % 99}",
            f"Đề nghị giải quyết hồ sơ của ông (bà) {name}, giấy tờ kèm theo {p % 9 + 1} bản, "
            "hẹn trả tại bộ phận một cửa",
        )
        for name, k, number, phone, p in each
    ]


def _texts(units: tuple[Unit, ...], catalogue: tuple[tuple[str, Procedure], ...]) -> dict[str, pa.Array]:
    # The first flag fills two columns.
    flags = [",".join(f"{i >> 5:b}{i:06b}") for i in range(64)]
    return {
        "unit": _pool([unit.code for unit in units]),
        "unit_name": _pool([unit.name for unit in units]),
        "day": _pool(np.char.replace(np.datetime_as_string(DAYS), "-", "").astype("U8").tolist()),
        "serial": _pool([f"{i:04d}" for i in range(_LINKS)]),
        "procedure": _pool([_one_line(code, p.name, p.field.code, p.field.name) for code, p in catalogue]),
        "number": _pool([str(i) for i in range(11)]),
        "person": _pool(_people()),
        "moment": _moments_pool(),
        "flags": _pool(flags),
        "fee": _pool([str(p.fee) for _, p in catalogue] + ["0"]),
        "database": _pool(["", "CSDLDC", "DKDN"]),
        "link": _pool([f"https://kho.songvan.example/ketqua/2023/{i:06d}.pdf\n" for i in range(_LINKS)] + ["\n"]),
    }  # fmt: skip


def _world(communes: int, count: int) -> _World:
    units, catalogue = stream_units(communes), stream_procedures(count)
    share = np.array([unit.share for unit in units])
    departments = [unit.code for unit in units if unit.level == "so"]
    rows = []
    for level, department in [("so", code) for code in departments] + [("huyen", ""), ("xa", "")]:
        weight = np.array(
            [
                p.weight if level in p.field.levels and department in ("", p.field.department) else 0.0
                for _, p in catalogue
            ]
        )
        weight = np.where(weight.sum() > 0, weight, 1.0)
        rows.append(np.searchsorted(np.cumsum(weight) / weight.sum(), (np.arange(4096) + 0.5) / 4096))
    groups = {"huyen": len(departments), "xa": len(departments) + 1}
    quality = np.array([unit.quality for unit in units])
    return _World(
        units=units,
        unit_of=np.searchsorted(np.cumsum(share) / share.sum(), (np.arange(1 << 18) + 0.5) / (1 << 18)),
        procedure_of=np.stack(rows),
        group=np.array([groups.get(u.level, departments.index(u.code) if u.level == "so" else 0) for u in units]),
        habit={k: (a + (b - a) * quality).astype(np.float32) for k, (a, b) in HABITS.items()},
        minutes=np.array([p.work_minutes for _, p in catalogue]),
        fee=np.array([p.fee for _, p in catalogue]),
        returns=np.array([p.returns_document for _, p in catalogue]),
        online=np.array([p.online_level > 0 for _, p in catalogue]),
        texts=_texts(units, catalogue),
    )


def _rows(world: _World, rng: np.random.Generator, day: Ints, serial_of: Ints) -> pa.Array:
    """One chunk: the rows received on `day` (indices of working days), each as a line of CSV."""
    n = len(day)
    unit = world.unit_of[rng.integers(0, len(world.unit_of), n)]
    procedure = world.procedure_of[world.group[unit], rng.integers(0, 4096, n)]

    def happens(name: str) -> npt.NDArray[np.bool_]:
        return rng.random(n, np.float32) < world.habit[name][unit]

    extract = to_work(AS_OF)
    never = len(DAYS) * MINUTES
    received = day * MINUTES + rng.integers(0, MINUTES, n)
    minutes = world.minutes[procedure]
    part = rng.random(n, np.float32)
    late = happens("late")
    taken = np.where(late, minutes + 30 + part * (MINUTES + minutes), minutes * (0.1 + 0.85 * part)).astype(np.int64)
    asked_times = np.where(happens("more_supplements"), 2, happens("one_supplement").astype(np.int64))
    asked = received + (taken * 0.3).astype(np.int64)
    waited = np.where(asked_times > 0, rng.integers(60, 8 * MINUTES, n), 0)
    finished = received + taken + waited
    ended = np.where(happens("withdrawn"), 7, np.where(happens("refused"), 3, 0))
    online = happens("online") & world.online[procedure]
    filed = np.where(online, received - rng.integers(0, MINUTES, n), received)
    returned = finished + np.where(online, 5, rng.integers(0, 3 * MINUTES, n))
    moments = {
        "filed": filed, "received": received, "due": received + minutes,
        "finished": np.where((ended == 0) & (finished <= extract), finished, never),
        "returned": np.where((ended == 0) & (returned <= extract), returned, never),
        "ended": np.where((ended > 0) & (finished <= extract), finished, never),
        "asked": np.where((asked_times > 0) & (asked <= extract), asked, never),
        "completed": np.where((asked_times > 0) & (asked + waited <= extract), asked + waited, never),
    }  # fmt: skip
    done = moments["finished"] < never
    waiting = (moments["asked"] < never) & (moments["completed"] == never)
    status = np.where(waiting, 5, 4)
    status = np.where(
        moments["ended"] < never, ended, np.where(moments["returned"] < never, 10, np.where(done, 9, status))
    )
    bits = np.zeros(n, np.int64)
    for bit, name in enumerate(reversed(_FLAGS)):
        bits |= happens(name).astype(np.int64) << bit
    bits[~done] &= ~_RESULT_STORED
    free = rng.random(n, np.float32) < 0.06
    fee = np.where(free, len(world.fee), procedure)
    paid = happens("paid_online") & (world.fee[procedure] > 0) & ~free
    linked = happens("result_file") & world.returns[procedure] & done
    link = np.where(linked, rng.integers(0, _LINKS, n), _LINKS)
    person = rng.integers(0, _PEOPLE, n)
    place = 1 + (person & 1)

    key = day * len(world.units) + unit
    order = np.argsort(key, kind="stable")
    ordered = key[order]
    starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    counts = np.diff(np.append(starts, n))
    serial = np.empty(n, np.int64)
    serial[order] = np.arange(n) - np.repeat(starts, counts) + np.repeat(serial_of[ordered[starts]], counts) + 1
    serial_of[ordered[starts]] += counts

    def text(pool: str, index: Ints) -> pa.Array:
        return world.texts[pool].take(pa.array(index))

    def at(name: str) -> pa.Array:
        return text("moment", moments[name])

    code = pc.binary_join_element_wise(
        text("unit", unit),
        pc.utf8_slice_codeunits(world.texts["day"], 2).take(pa.array(day)),
        text("serial", serial),
        "-",
    )
    return pc.binary_join_element_wise(
        code, text("procedure", procedure), text("number", np.where(online, 2, np.where(part < 0.04, 3, 1))),
        text("person", person), at("filed"), at("received"), at("due"), at("finished"), at("returned"), at("ended"),
        text("number", status), text("unit_name", unit), text("number", place), text("flags", bits), text("fee", fee),
        text("number", np.where(paid, place, 0)), text("database", np.where(bits & 16, 1, 0)),
        text("number", asked_times), at("asked"), at("completed"), text("link", link), ",",
    )  # fmt: skip


def stream(n: int, chunk: int = CHUNK, communes: int = 12, count: int = 150, seed: int = 766) -> Iterator[memoryview]:
    """`n` dossiers as UTF-8 CSV in pieces: first the headings, then `chunk` rows at a time."""
    world = _world(communes, count)
    rng = np.random.default_rng(seed)
    days = np.arange(day_index(FIRST), day_index(LAST) + 1)
    per_day = rng.multinomial(n, np.full(len(days), 1 / len(days)))
    until = np.cumsum(per_day)
    serial_of = np.zeros(len(DAYS) * len(world.units), np.int64)
    yield memoryview(HEADER.encode())
    for start in range(0, n, chunk):
        position = np.arange(start, min(start + chunk, n))
        rows = _rows(world, rng, days[np.searchsorted(until, position, side="right")], serial_of)
        ends = np.frombuffer(rows.buffers()[1], np.int32)
        yield memoryview(rows.buffers()[2])[ends[rows.offset] : ends[rows.offset + len(rows)]]


def write_stream(path: Path, n: int, communes: int = 12, count: int = 150, seed: int = 766) -> None:
    """Write the dossiers to `path`, and beside it the unit table (.units.csv) and the catalogue (.procedures.csv)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        for piece in stream(n, communes=communes, count=count, seed=seed):
            file.write(piece)
    head = "MaDonVi,TenDonVi,Cap,DonViCha,TenKhac,HieuLucTu,HieuLucDen,DonViKeThua"
    units = [_one_line(u.code, u.name, u.level, u.parent, "", "01/01/2021", "", "") for u in stream_units(communes)]
    top = _one_line(PROVINCE, "UBND tỉnh Sông Vân", "tinh", "", "", "01/01/2021", "", "")
    path.with_suffix(".units.csv").write_text("\n".join([head, top, *units, ""]), encoding="utf-8")
    head = (
        "MaTTHC,TenTTHC,MaLinhVuc,TenLinhVuc,MucDoDVC,TraKetQua,CoPhiLePhi,DoiTuongThucHien,ThoiHanGiaiQuyet,"
        "DonViThoiHan,CapThucHien,CoQuanThucHien,SoThanhPhanCongKhai"
    )
    lines = [
        _one_line(
            code, p.name, p.field.code, p.field.name, p.online_level, int(p.returns_document), int(p.fee > 0),
            p.field.subjects, p.duration, p.duration_unit, ";".join(p.field.levels),
            p.field.department if p.field.levels == ("so",) else "", p.parts_published,
        )
        for code, p in stream_procedures(count)
    ]  # fmt: skip
    path.with_suffix(".procedures.csv").write_text("\n".join([head, *lines, ""]), encoding="utf-8")
