"""A file that grows and is exported again every day under one path: what is kept is bounded, and accounted for."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.ingest.conftest import Desk, dossiers
from tests.ingest.test_newest import adds_up
from tthc_cli.errors import UsageError
from tthc_cli.ingest import forget_source
from tthc_cli.ingest.issues import LOSERS
from tthc_cli.storage.warehouse import Earlier

DAYS = 40
A_DAY = 5
FIRST = 1_700_000_000


def row(number: int, status: int = 4) -> str:
    return f"H99-230405-{number:04d},1.001234,{5 + number % 20:02d}/04/2023,10/05/2023,,{status}"


def put(desk: Desk, name: str, day: int, rows: Sequence[str]) -> Path:
    path = desk.put(name, dossiers(*rows))
    os.utime(path, (FIRST + day * 86_400, FIRST + day * 86_400))
    return path


def growing(day: int) -> list[str]:
    """The rows of a day's export: five more than the day before."""
    return [row(n) for n in range(day * A_DAY)]


def lost(desk: Desk) -> list[tuple[str, str]]:
    """(code, path) of the superseded rows that are kept."""
    found = [
        line for p in desk.warehouse.partitions("dossiers" + LOSERS)
        for line in pq.read_table(desk.warehouse.path(p)).to_pylist()
    ]  # fmt: skip
    sources = {s.id: s.modified_at for s in desk.warehouse.sources}
    return sorted((line["MaHoSo"], sources[line["_source"]]) for line in found)


def test_forty_days(desk: Desk) -> None:
    for day in range(1, DAYS + 1):
        put(desk, "hồ sơ.csv", day, growing(day))
        report = desk.run()
        assert report.accepted == report.rows_read == day * A_DAY
        assert report.dropped == max(0, (day - 2) * A_DAY), "the rows of the version before the one before"
        assert len(lost(desk)) == (day - 1) * A_DAY, "the rows of the version before"
        assert len(desk.warehouse.sources) == min(day, 2)
        assert adds_up(desk)
    assert len(desk.rows()) == 200
    accounts = [(s.rows_read, s.accepted, s.superseded, s.dropped) for x in desk.warehouse.sources for s in x.sheets]
    assert sorted(accounts) == [(195, 0, 195, 0), (200, 200, 0, 0)]
    # 5 + 10 + ... + 190 = 5 * 38 * 39 / 2
    assert desk.warehouse.earlier == (Earlier("exports/hồ sơ.csv", 38, 3705, 3705, 0),)


def test_same_rows_every_day_take_no_more_room_on_the_fortieth_day(desk: Desk) -> None:
    """Only the status of one dossier changes, so that every day's file is another."""
    manifests, files = [], []
    for day in range(1, DAYS + 1):
        put(desk, "a.csv", day, [*growing(20), row(500, 2 + day % 2), row(501, 4 + day % 2)])
        desk.run()
        manifests.append(len((desk.workspace.warehouse / "manifest.json").read_bytes()))
        files.append(len(desk.files()))
    assert manifests[-1] - manifests[2] <= 10, "digits of counts"
    assert files[-1] == files[2]
    assert (len(desk.rows()), len(lost(desk))) == (102, 102)


def test_rows_that_only_an_older_version_has_stay(desk: Desk) -> None:
    put(desk, "a.csv", 1, [row(1), row(2)])
    desk.run()
    for day in range(2, 6):
        put(desk, "a.csv", day, [row(2), row(10 + day)])
        desk.run()
    assert [r["MaHoSo"][-4:] for r in desk.rows()] == ["0001", "0002", "0012", "0013", "0014", "0015"]
    accounts = sorted(
        (s.rows_read, s.accepted, s.superseded, s.dropped) for x in desk.warehouse.sources for s in x.sheets
    )
    assert accounts == [(2, 1, 1, 0), *[(2, 1, 1, 1)] * 3, (2, 2, 0, 0)]
    assert desk.warehouse.earlier == ()
    assert adds_up(desk)


def test_forgetting_the_newest_version_puts_the_one_before_back(desk: Desk) -> None:
    for day, status in enumerate((1, 2, 4, 5), 1):
        put(desk, "a.csv", day, [row(1, status), row(2, status)])
        desk.run()
    newest = max(desk.warehouse.sources, key=lambda s: s.modified_at)
    report = forget_source(newest.id, desk.workspace)
    assert (report.removed, report.restored) == (2, 2)
    assert [r["TrangThaiHoSo"] for r in desk.rows()] == [4, 4]
    assert desk.warehouse.earlier == (Earlier("exports/a.csv", 2, 4, 4, 0),)
    assert adds_up(desk)


def test_forgetting_the_path_leaves_nothing_of_it(desk: Desk) -> None:
    for day in range(1, 6):
        put(desk, "a.csv", day, growing(day))
        desk.run()
    put(desk, "b.csv", 1, [row(700)])
    desk.run()
    forget_source("exports/a.csv", desk.workspace)
    assert [s.path for s in desk.warehouse.sources] == ["exports/b.csv"]
    assert desk.warehouse.earlier == ()
    assert b"a.csv" not in (desk.workspace.warehouse / "manifest.json").read_bytes()
    with pytest.raises(UsageError):
        forget_source("exports/a.csv", desk.workspace)


def test_a_row_of_another_path_that_does_not_stand_is_kept(desk: Desk) -> None:
    put(desk, "old.csv", 0, [row(1, 2)])
    desk.run()
    for day in range(1, 6):
        put(desk, "a.csv", day, [row(1, 4), row(100 + day)])
        desk.run()
    assert len(lost(desk)) == 2, "one of each path"
    forget_source("exports/a.csv", desk.workspace)
    assert [r["TrangThaiHoSo"] for r in desk.rows()] == [2]


def test_rejected_rows_are_counted_with_the_path(desk: Desk) -> None:
    bad = "H99-230405-0900,1.001234,31/02/2023,,,4"
    for day in range(1, 5):
        put(desk, "a.csv", day, [row(1), bad, f"H99-230405-09{day},1.001234,32/01/2023,,,4"])
        desk.run()
    assert desk.warehouse.earlier == (Earlier("exports/a.csv", 2, 6, 2, 4),)
    assert [(i.code, i.row) for i in desk.issues()] == [("not_a_date", 3), ("not_a_date", 4)], "of the newest alone"


def test_order_of_taking_in_changes_nothing(new_desk: Callable[..., Desk]) -> None:
    """The oldest of three versions of a path comes in second. The latest event is the same in all."""
    last = row(19)
    versions = {1: [row(1, 1), row(2, 1), row(3, 1), last], 2: [row(1, 2), row(2, 2), last], 3: [row(1, 4), last]}
    seen = []
    for order in ((1, 2, 3), (2, 1, 3)):
        desk = new_desk("o" + "".join(map(str, order)))
        for day in order:
            put(desk, "a.csv", day, versions[day])
            desk.run()
        seen.append(([(r["MaHoSo"], r["TrangThaiHoSo"]) for r in desk.rows()], lost(desk)))
        shutil.rmtree(desk.exports)
    assert seen[0] == seen[1]
    assert [code[-4:] for code, _ in seen[0][1]] == ["0001", "0002", "0019"]
