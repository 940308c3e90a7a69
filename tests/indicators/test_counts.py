"""The pass over stored dossiers: what is not read, how it is split, and what is kept change no count."""

from __future__ import annotations

import dataclasses
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from tests.indicators.dossiers import context, dossier_table, seconds
from tthc_cli import schema
from tthc_cli.counting.dossier_pass import (
    UnitProcedureCounts,
    count_chunk,
    count_dossiers,
    merge_counts,
)
from tthc_cli.counting.measures import Measures
from tthc_cli.counting.packed_counts import LONGEST_RUN
from tthc_cli.counting.tally import ChunkCounts
from tthc_cli.facts.columns import sums
from tthc_cli.facts.context import ClockRules, Context
from tthc_cli.facts.dossiers import DossierFacts
from tthc_cli.facts.nine.marking import Marking
from tthc_cli.facts.process_log import LogIndex
from tthc_cli.indicators.registry import DOSSIER_INDICATORS, MEASURES, layout, measures
from tthc_cli.ingest.storing.publish import order_of, write_rows
from tthc_cli.storage.warehouse import Partition, Warehouse

PROCEDURES = [
    {"MaTTHC": "1.000001", "TenTTHC": "Cấp bản sao", "TraKetQua": 1, "CoPhiLePhi": 1, "ThoiHanGiaiQuyet": "3",
     "DonViThoiHan": 3},
    {"MaTTHC": "1.000002", "TenTTHC": "Chứng thực", "TraKetQua": 0, "CoPhiLePhi": 0},
]  # fmt: skip


def some_dossiers(n: int, seed: int = 1) -> pa.Table:
    """Dossiers of every sort, received from January to August 2023 or never, in the order of arrival."""
    rng = np.random.default_rng(seed)

    def day(known: float, first: int = 0, last: int = 240) -> str | None:
        if rng.random() > known:
            return None
        hour = ("", "T09:30", "T15:00")[rng.integers(3)]
        return f"{np.datetime64('2023-01-01') + int(rng.integers(first, last))}{hour}"

    rows: list[dict[str, Any]] = [
        {
            "MaHoSo": f"H99.01-2304{1 + i % 28:02d}-{i:05d}",
            "_unit": (None, "H99.01", "UBND xã A", "UBND xã B")[rng.integers(4)],
            "MaTTHC": (None, "1.000001", "1.000002", "2.999999")[rng.integers(4)],
            "TenTTHC": (None, "Cấp bản sao", "chứng thực", "Lạ")[rng.integers(4)],
            "_source": ("s1", "s2")[rng.integers(2)],
            "NgayTiepNhan": day(0.9), "NgayNopHoSo": day(0.5), "NgayHenTra": day(0.8), "NgayHenTraTruoc": day(0.1),
            "NgayHenTraMoi": day(0.1), "NgayKetThucXuLy": day(0.6), "NgayTra": day(0.5), "NgayTuChoi": day(0.2),
            "NgayBoSung": day(0.2), "NgayTiepNhanBoSung": day(0.15), "SoLanBoSung": int(rng.integers(0, 3)),
            "TrangThaiHoSo": int(rng.integers(1, 11)), "KenhThucHien": (None, 1, 2, 3)[rng.integers(4)],
            "DuocThanhToanTrucTuyen": (None, 0, 1, 2)[rng.integers(4)], "Gia": (None, 0, 5000)[rng.integers(3)],
            "DuongDanTepTinKetQua": int(rng.integers(2)), "DaDongBo": int(rng.integers(2)),
            "MaCSDL": (None, "CSDL dân cư", "Đất đai")[rng.integers(3)],
            "TenLinhVuc": (None, "Đất đai", "Hộ tịch")[i % 3], "MaLinhVuc": (None, "HT")[i % 2],
        }
        for i in range(n)
    ]  # fmt: skip
    return dossier_table(rows)


def judged_by(**changes: Any) -> Context:
    """2023Q2, two files that tell of different columns, a few complaints."""
    asked = {"procedures": PROCEDURES, "complained": [f"H99.01-2304{1 + i % 28:02d}-{i:05d}" for i in range(0, 900, 7)]}
    made = context(**(asked | changes))
    all_columns = made.told["s1"]
    return dataclasses.replace(made, told={"s1": all_columns, "s2": all_columns - {"DaDongBo", "KenhThucHien"}})


def stored(root: Path, table: pa.Table) -> Warehouse:
    """The table as ingest stores it: a file a month received."""
    months = [str(t)[:7] if t else "none" for t in table["NgayTiepNhan"].to_pylist()]
    parts = []
    for month in sorted(set(months)):
        rows = table.filter(pa.array([m == month for m in months]))
        parts.append(write_rows(root, "dossiers", month, rows, root / "work"))
    return Warehouse(root, {"dossiers": tuple(parts)}, ())


def one_by_one(table: pa.Table, judged: Context, measures: Measures = MEASURES) -> dict[tuple[str, int], list[int]]:
    """The same counts, a dossier at a time from its verdicts."""
    out: dict[tuple[str, int], list[int]] = {}
    facts = DossierFacts(table, judged)
    verdicts = {i.id: i.judge(facts) for i in measures.judges}
    for row, unit in enumerate(table["_unit"].to_pylist()):
        counts = out.setdefault((unit or "", int(facts.procedure[row])), [0] * measures.layout["2.2"].start)
        for i in measures.judges:
            if verdicts[i.id][row]:
                counts[measures.layout[i.id].start + int(verdicts[i.id][row])] += 1
    return {key: counts for key, counts in out.items() if any(counts)}


def by_pair(counts: UnitProcedureCounts, measures: Measures = MEASURES) -> dict[tuple[str, int], list[int]]:
    end = measures.layout["2.2"].start
    pairs = zip(counts.unit.tolist(), counts.procedure.tolist(), counts.counts[:, :end].tolist(), strict=True)
    return {(counts.units[u], p): row for u, p, row in pairs if any(row)}


def same(one: UnitProcedureCounts, other: UnitProcedureCounts) -> bool:
    return (
        (one.units, one.own_fields) == (other.units, other.own_fields)
        and all(
            np.array_equal(a, b)
            for a, b in ((one.unit, other.unit), (one.procedure, other.procedure), (one.counts, other.counts))
        )
        and lengths(one) == lengths(other)
    )


def lengths(counts: UnitProcedureCounts) -> list[tuple[int, ...]]:
    """(group, tenths, dossiers) of everything."""
    return [
        (first + group, tenths, dossiers)
        for first, found in counts.lengths_by_group()
        for group, tenths, dossiers in zip(found.group, found.tenths, found.dossiers, strict=True)
    ]


@pytest.mark.parametrize(
    "period", [("2023-01-01", "2023-02-01"), ("2023-04-01", "2023-07-01"), ("2023-01-01", "2024-01-01")]
)
@pytest.mark.parametrize("as_of", [None, "2023-05-20T10:00"])
def test_counts_of_a_warehouse_are_the_verdicts_summed(
    tmp_path: Path, period: tuple[str, str], as_of: str | None
) -> None:
    table = some_dossiers(900)
    judged = judged_by(start=period[0], end=period[1], as_of=as_of)
    assert by_pair(count_dossiers(stored(tmp_path, table), judged, MEASURES)) == one_by_one(table, judged)


def marked(table: pa.Table, late: str, **given: Any) -> Context:
    """A period in which every fifth dossier has a slip or an inspection, every seventh a petition about conduct."""
    hashes = table[schema.KEY_HASH].to_numpy()
    slips = {("c1", 1): np.unique(hashes[::5]), ("c3", 0): np.unique(hashes[1::5]), ("c7", 2): np.unique(hashes[::10])}
    inspected = {"c1": np.unique(hashes[::10])}
    rules: dict[str, Decimal | str] = {"c7_late_without_petition": late, "c1_open_overdue": late}
    return dataclasses.replace(judged_by(**given), marking=Marking(slips, inspected, np.unique(hashes[::7]), rules))


@pytest.mark.parametrize("late", ["0", "1", "none"])
def test_marks_of_a_warehouse_are_the_verdicts_summed(tmp_path: Path, late: str) -> None:
    table, both = some_dossiers(900), measures("nine-criteria")
    judged = marked(table, late, start="2023-04-01", end="2023-07-01")
    found = by_pair(count_dossiers(stored(tmp_path, table), judged, both), both)
    assert found == one_by_one(table, judged, both)
    assert sum(row[both.layout["c7"].start + 1] for row in found.values()) > 10


def test_decision_766_is_counted_the_same_with_marks_beside_it(tmp_path: Path) -> None:
    table, both = some_dossiers(400), measures("nine-criteria")
    alone = by_pair(count_chunk(table, judged_by(), MEASURES))
    beside = by_pair(count_chunk(table, marked(table, "0"), both), both)
    end = MEASURES.layout["2.2"].start
    assert alone == {pair: row[:end] for pair, row in beside.items() if any(row[:end])}


@pytest.mark.parametrize("lacking", [frozenset(), frozenset({"DaDongBo", "KenhThucHien", "Gia", "LoaiPhiLePhi"})])
def test_counts_where_all_files_had_the_same_columns(lacking: frozenset[str]) -> None:
    table, judged = some_dossiers(400), judged_by()
    judged = dataclasses.replace(judged, told=dict.fromkeys(("s1", "s2"), judged.told["s1"] - lacking))
    assert judged.told_alike is not None
    assert by_pair(count_chunk(table, judged, MEASURES)) == one_by_one(table, judged)


@pytest.mark.parametrize("starts", [[0], [0, 1, 2, 90], list(range(100))])
def test_runs_are_summed_exactly_also_where_a_running_sum_wraps_round(starts: list[int]) -> None:
    values = np.full(100, (1 << 62) + 3, np.uint64)
    values[5] = 7
    found = sums(values, np.array(starts))
    expected = [sum(int(v) for v in values[a:b]) % (1 << 64) for a, b in pairwise([*starts, 100])]
    assert found.tolist() == expected


def test_a_group_may_have_more_dossiers_than_a_byte_can_count() -> None:
    n = 2 * LONGEST_RUN + 7
    row = {"NgayTiepNhan": "2023-04-03", "NgayHenTra": "2023-04-10", "TrangThaiHoSo": 4, "MaTTHC": "1.000001"}
    found = count_chunk(dossier_table([row] * n), judged_by(), MEASURES)
    assert found.counts[:, layout()["2.1"]].sum() == n


def test_files_stored_before_a_column_was_known_are_judged_without_it() -> None:
    table, judged = some_dossiers(50), judged_by()
    older = table.drop_columns(["PhiDiaGioi", "NgayCoQuanThamQuyenNhan"])
    assert same(count_chunk(older, judged, MEASURES), count_chunk(table, judged, MEASURES))


def test_order_and_splitting_change_nothing() -> None:
    table, judged = some_dossiers(600), judged_by()
    whole = count_chunk(table, judged, MEASURES)
    parts = [count_chunk(table.slice(start, 50), judged, MEASURES) for start in range(0, 600, 50)]
    shuffled = table.take(np.random.default_rng(2).permutation(600))
    assert {field for _, field in whole.own_fields} == {"", "HT", "Hộ tịch", "Đất đai"}
    assert same(whole, merge_counts(parts[::-1], MEASURES))
    assert same(whole, count_chunk(shuffled, judged, MEASURES))
    assert same(whole, count_chunk(table.take(order_of(table, "dossiers")), judged, MEASURES))
    assert sum(dossiers for *_, dossiers in lengths(whole)) == whole.counts[:, layout()["2.2"].start].sum() > 30


def test_order_and_splitting_change_no_mark() -> None:
    table, both = some_dossiers(600), measures("nine-criteria")
    judged = marked(table, "1")
    whole = count_chunk(table, judged, both)
    parts = [count_chunk(table.slice(start, 50), judged, both) for start in range(0, 600, 50)]
    shuffled = table.take(np.random.default_rng(3).permutation(600))
    assert same(whole, merge_counts(parts[::-1], both))
    assert same(whole, count_chunk(shuffled, judged, both))


def test_a_unit_whose_dossiers_the_period_does_not_count_is_still_named(tmp_path: Path) -> None:
    row = {"NgayTiepNhan": "2022-01-03", "NgayKetThucXuLy": "2022-01-05", "TrangThaiHoSo": 9, "_unit": "UBND xã cũ"}
    found = count_dossiers(stored(tmp_path, dossier_table([row])), judged_by(), MEASURES)
    assert found.units == ("UBND xã cũ",)
    assert not len(found.unit)


def counted(warehouse: Warehouse, judged: Context, cache: Path) -> tuple[UnitProcedureCounts, int]:
    """The counts, and how many chunks had to be counted."""
    done = [0]

    def progress(so_far: int, _all: int) -> None:
        done[0] = so_far

    return count_dossiers(warehouse, judged, MEASURES, progress=progress, cache=cache), done[0]


def test_kept_counts_name_the_same_units(tmp_path: Path) -> None:
    row = {"NgayTiepNhan": "2023-04-03", "TrangThaiHoSo": 4, "MaTTHC": "1.000001", "_unit": "UBND xã A"}
    warehouse, judged = stored(tmp_path / "warehouse", dossier_table([row])), judged_by()
    for _ in range(2):
        assert counted(warehouse, judged, tmp_path / "cache")[0].units == ("UBND xã A",)


CHANGES = {
    "another period": {"start": "2023-03-01", "end": "2023-06-01"},
    "more supplements allowed": {"rules": ClockRules(supplements_overdue=3)},
    "procedures that changed": {"procedures": [{**PROCEDURES[0], "TraKetQua": 0}, PROCEDURES[1]]},
    "other complaints": {"complained": [f"H99.01-2304{1 + i % 28:02d}-{i:05d}" for i in range(0, 900, 5)]},
    "an earlier extract": {"as_of": "2023-05-02"},
    "a later extract": {"as_of": "2023-05-23"},
    "columns that a file lacks": {"told": {"s1": frozenset({"Gia"}), "s2": frozenset({"DaDongBo"})}},
}


@pytest.mark.parametrize("change", CHANGES)
def test_kept_counts_are_used_only_where_they_still_hold(tmp_path: Path, change: str) -> None:
    warehouse, cache = stored(tmp_path / "warehouse", some_dossiers(700)), tmp_path / "cache"
    first = judged_by(as_of="2023-05-20T10:00")
    counted(warehouse, first, cache)
    again, chunks = counted(warehouse, first, cache)
    assert chunks == 0
    assert same(again, count_dossiers(warehouse, first, MEASURES))
    wanted = {"as_of": "2023-05-20T10:00"} | CHANGES[change]
    fields = {k: wanted.pop(k) for k in ("rules", "told") if k in wanted}
    later = dataclasses.replace(judged_by(**wanted), **fields)
    assert same(counted(warehouse, later, cache)[0], count_dossiers(warehouse, later, MEASURES))
    assert not same(again, count_dossiers(warehouse, later, MEASURES))


@pytest.mark.parametrize(
    "changed",
    [{"working_waits": False}, {"restarts": True}, {"appointment_counts": True}, {"boundary_free_from": 1}],
    ids=str,
)
def test_counts_kept_under_other_rules_of_the_clock_are_not_used(tmp_path: Path, changed: dict[str, Any]) -> None:
    warehouse, cache, judged = stored(tmp_path / "warehouse", some_dossiers(70)), tmp_path / "cache", judged_by()
    _, chunks = counted(warehouse, judged, cache)
    other = dataclasses.replace(judged, rules=dataclasses.replace(judged.rules, **changed))
    assert counted(warehouse, other, cache)[1] == chunks > 0
    assert counted(warehouse, other, cache)[1] == 0


def test_only_the_month_that_changed_is_counted_again(tmp_path: Path) -> None:
    table, cache, judged = some_dossiers(700), tmp_path / "cache", judged_by()
    counted(stored(tmp_path / "warehouse", table), judged, cache)
    in_may = [str(t or "").startswith("2023-05") for t in table["NgayTiepNhan"].to_pylist()]
    last = max(i for i, inside in enumerate(in_may) if inside)
    warehouse = stored(tmp_path / "warehouse", table.filter(pa.array([i != last for i in range(700)])))
    found, chunks = counted(warehouse, judged, cache)
    assert chunks == 1
    assert same(found, count_dossiers(warehouse, judged, MEASURES))


def complained_about(table: pa.Table, *rows: int) -> Context:
    return judged_by(complained=[table["MaHoSo"][row].as_py() for row in rows])


def test_a_complaint_counts_again_only_the_month_of_its_dossier(tmp_path: Path) -> None:
    table, cache = some_dossiers(700), tmp_path / "cache"
    warehouse = stored(tmp_path / "warehouse", table)
    counted(warehouse, complained_about(table, 0, 1), cache)
    in_may = [i for i, t in enumerate(table["NgayTiepNhan"].to_pylist()) if str(t or "").startswith("2023-05")]
    later = complained_about(table, 0, 1, in_may[0])
    found, chunks = counted(warehouse, later, cache)
    assert chunks == 1
    assert same(found, count_dossiers(warehouse, later, MEASURES))


@pytest.mark.parametrize("damage", [None, b"", b"\xff" * 8])
def test_where_earlier_complaints_are_not_known_any_more_all_is_counted_again(
    tmp_path: Path, damage: bytes | None
) -> None:
    table, cache = some_dossiers(700), tmp_path / "cache"
    warehouse = stored(tmp_path / "warehouse", table)
    _, chunks = counted(warehouse, complained_about(table, 0), cache)
    (complaints,) = cache.glob("*.complaints")
    complaints.unlink() if damage is None else complaints.write_bytes(damage)
    later = complained_about(table, 0, 1)
    found, again = counted(warehouse, later, cache)
    assert again == chunks
    assert same(found, count_dossiers(warehouse, later, MEASURES))


def test_a_later_extract_counts_again_only_what_time_can_change(tmp_path: Path) -> None:
    late = {"NgayHenTra": "2023-04-10", "TrangThaiHoSo": 4}
    rows = [
        {**late, "NgayTiepNhan": "2023-04-03"},
        {**late, "NgayTiepNhan": "2023-05-03", "NgayHenTra": "2023-05-25"},
    ]
    warehouse, cache = stored(tmp_path / "warehouse", dossier_table(rows)), tmp_path / "cache"
    counted(warehouse, judged_by(as_of="2023-05-20"), cache)
    assert counted(warehouse, judged_by(as_of="2023-05-22"), cache)[1] == 0
    found, chunks = counted(warehouse, judged_by(as_of="2023-05-26"), cache)
    assert chunks == 1
    assert found.counts[:, layout()["2.1"].start + 5].sum() == 2  # cả hai đã quá hạn / both are past due


@pytest.mark.parametrize("damage", [b"", b"x", b"\xff" * 400])
def test_damaged_or_deleted_entries_are_counted_again(tmp_path: Path, damage: bytes) -> None:
    warehouse, cache = stored(tmp_path / "warehouse", some_dossiers(200)), tmp_path / "cache"
    judged = judged_by()
    right, chunks = counted(warehouse, judged, cache)
    for number, entry in enumerate(sorted(cache.iterdir())):
        if number % 2:
            entry.unlink()
        else:
            entry.write_bytes(entry.read_bytes()[:300] + damage)
    found, again = counted(warehouse, judged, cache)
    assert again == chunks
    assert same(found, right)


def test_the_folder_of_kept_counts_stays_small(tmp_path: Path) -> None:
    from tthc_cli.counting.kept_counts import CountCache

    warehouse, cache, judged = stored(tmp_path / "warehouse", some_dossiers(300)), tmp_path / "cache", judged_by()
    kept = CountCache(cache, warehouse, judged, MEASURES, limit=1)
    for partition in warehouse.partitions("dossiers"):
        kept.put(partition, ChunkCounts.nothing((), 0, MEASURES), frozenset())
    assert len(list(cache.iterdir())) == 1


def log_file(root: Path, rows: list[tuple[str, str, int]]) -> Partition:
    table = pa.table({
        "MaHoSo": [code for code, _, _ in rows],
        "ThoiDiemXuLy": pa.array([np.datetime64(at, "s") for _, at, _ in rows], pa.timestamp("s")),
        "TrangThai": pa.array([status for _, _, status in rows], pa.int8()),
        "NgayKetThucTheoQuyDinh": pa.nulls(len(rows), pa.timestamp("s")),
        schema.KEY_HASH: schema.key_hash(pa.array([code for code, _, _ in rows])),
    })  # fmt: skip
    wanted = schema.arrow_schema("process_log")
    filled = [table[f.name] if f.name in table.column_names else pa.nulls(len(rows), f.type) for f in wanted]
    return write_rows(root, "process_log", "2023-04", pa.Table.from_arrays(filled, schema=wanted), root / "work")


def test_kept_counts_follow_the_process_log(tmp_path: Path) -> None:
    code = "H99.01-230403-00001"
    row = {"MaHoSo": code, "NgayTiepNhan": "2023-04-03T08:00", "NgayHenTra": "2023-04-10T16:00", "TrangThaiHoSo": 4}
    warehouse, cache = stored(tmp_path / "warehouse", dossier_table([row])), tmp_path / "cache"
    found = []
    for steps in ([(code, "2023-04-03T08:00", 2)], [(code, "2023-04-03T08:00", 2), (code, "2023-04-07T08:00", 9)]):
        tables = {**warehouse.tables, "process_log": (log_file(warehouse.root, steps),)}
        logged = dataclasses.replace(warehouse, tables=tables)
        judged = dataclasses.replace(judged_by(), log=LogIndex.of(logged, seconds("2023-06-30T23:59:59")))
        counts, chunks = counted(logged, judged, cache)
        assert chunks == 1
        assert counted(logged, judged, cache)[1] == 0
        found.append(counts.counts[0, layout()["2.1"]].nonzero()[0].tolist())
    assert found == [[5], [1]]  # quá hạn chưa xong; xong trước hạn / open past due; early


def test_facts_of_a_block_are_those_of_the_whole() -> None:
    table = some_dossiers(300)
    judged = dataclasses.replace(judged_by(), log=None)
    whole = DossierFacts(table, judged)
    whole.prepare()
    block = whole.block(100, 230)
    for judge in DOSSIER_INDICATORS:
        assert judge.judge(block).tolist() == judge.judge(whole)[100:230].tolist(), judge.id
