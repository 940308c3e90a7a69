"""List what came in, look at a file without taking it in, take a source out exactly, keep and erase personal data."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable

import pytest

from tests.ingest.conftest import GOOD, Desk, dossiers
from tests.ingest.test_newest import FILES, adds_up, named
from tthc_cli.errors import InputError, UsageError
from tthc_cli.ingest import describe_tables, forget_personal, forget_source, inspect_file, list_sources, run
from tthc_cli.workspace import Settings, Workspace

SECRETS = dossiers(
    "H99-230405-0001,05/04/2023,Trần Thị Bí Mật,0912345678",
    "H99-230405-0002,31/02/2023,Lê Văn Kín,0987654321",
    headings="MaHoSo,NgayTiepNhan,ChuHoSo,SoDienThoai",
)


@pytest.mark.parametrize("gone", FILES)
def test_forgotten_source_leaves_no_trace(new_desk: Callable[..., Desk], gone: str) -> None:
    all_in, never = new_desk("all"), new_desk("never")
    for name, content in FILES.items():
        os.utime(all_in.put(name, content), (1_700_000_000, 1_700_000_000))
        if name != gone:
            os.utime(never.put(name, content), (1_700_000_000, 1_700_000_000))
    all_in.run()
    never.run()
    report = forget_source(f"exports/{gone}", all_in.workspace)
    assert all_in.warehouse.sources == never.warehouse.sources
    assert all_in.warehouse.tables == never.warehouse.tables
    assert {n: b for n, b in all_in.files().items() if n in named(all_in)} == {
        n: b for n, b in never.files().items() if n in named(never)
    }
    assert adds_up(all_in)
    assert [s.path for s in report.sources] == [f"exports/{gone}"]


def test_forgetting_restores_what_was_superseded(desk: Desk) -> None:
    for name, content in FILES.items():
        desk.put(name, content)
    desk.run()
    source = next(s for s in list_sources(desk.workspace) if s.path.endswith("may.csv"))
    report = forget_source(source.id[:6], desk.workspace)
    assert (report.removed, report.restored) == (2, 1)
    assert {r["MaHoSo"]: r["TrangThaiHoSo"] for r in desk.rows()} == {
        "H99-230405-0001": 4, "H99-230406-0002": 9, "H99-230407-0003": 9,
    }  # fmt: skip


def test_unknown_source_is_answered_with_the_nearest(desk: Desk) -> None:
    desk.put("april.csv", FILES["april.csv"])
    desk.run()
    with pytest.raises(UsageError, match=r"exports/april\.csv"):
        forget_source("exports/aprl.csv", desk.workspace)


def test_looking_at_a_file_writes_nothing(desk: Desk) -> None:
    path = desk.put("a.csv", SECRETS)
    before = sorted(desk.workspace.root.rglob("*"))
    [view] = inspect_file(path, desk.workspace)
    assert sorted(desk.workspace.root.rglob("*")) == before
    [sheet] = view.sheets
    assert (view.kind, sheet.table, sheet.heading_row, sheet.first_row, sheet.rows, sheet.rejected) == (
        "text",
        "dossiers",
        1,
        2,
        2,
        1,
    )
    assert [(c.heading, c.column) for c in sheet.columns] == [
        (c, c) for c in ("MaHoSo", "NgayTiepNhan", "ChuHoSo", "SoDienThoai")
    ]
    assert sheet.columns[1].samples == ("05/04/2023", "31/02/2023")
    assert sheet.columns[2].samples == ()
    assert [i.code for i in sheet.issues] == ["not_a_date"]


def test_looking_tells_of_near_misses(desk: Desk) -> None:
    path = desk.put("a.csv", dossiers("H99-1,05/04/2023,x", headings="Mã hồ sơ,Ngày tiếp nhận,Ngày hẹn tra kết qủa"))
    [view] = inspect_file(path, desk.workspace)
    assert view.sheets[0].near == {"Ngày hẹn tra kết qủa": "NgayHenTra"} or "NgayHenTra" in {
        c.column for c in view.sheets[0].columns
    }


def test_looking_at_a_file_in_the_making_says_that_it_is_left_for_later(desk: Desk) -> None:
    path = desk.put("a.csv", dossiers(GOOD) + GOOD[:30])
    [view] = inspect_file(path, desk.workspace)
    assert view.sheets[0].note == "ingest.left_cut_off"
    assert [left.reason for left in desk.run().left_out] == ["ingest.left_cut_off"]


def test_looking_shows_values_of_a_legacy_font_as_they_will_be_read(desk: Desk) -> None:
    headings = "MaHoSo,NgayTiepNhan,DonViXuLy"
    lines = (f"H99-230405-{i},05/04/2023,Së Tµi nguyªn vµ M«i tr\u00adêng" for i in range(3))
    path = desk.put("a.csv", dossiers(*lines, headings=headings))
    [view] = inspect_file(path, desk.workspace)
    assert view.sheets[0].columns[2].samples == ("Sở Tài nguyên và Môi trường",)


def test_personal_data_kept_for_letters_lies_in_one_restricted_file(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk("w", personal={"keep_for_letters": True})
    desk.put("a.csv", SECRETS)
    desk.run()
    kept = desk.workspace.root / "personal.parquet"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    import pyarrow.parquet as pq

    rows = pq.read_table(kept).to_pylist()
    assert [(r["MaHoSo"], r["ChuHoSo"], r["SoDienThoai"]) for r in rows] == [
        ("H99-230405-0001", "Trần Thị Bí Mật", "0912345678")
    ]
    others = [p for p in desk.workspace.root.rglob("*") if p.is_file() and "exports" not in p.parts and p != kept]
    assert not any("Bí Mật".encode() in p.read_bytes() for p in others)
    assert forget_personal(desk.workspace).personal_erased
    assert not kept.exists()
    assert not forget_personal(desk.workspace).personal_erased


def test_forgetting_a_source_forgets_its_people(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk("w", personal={"keep_for_letters": True})
    desk.put("a.csv", SECRETS)
    desk.run()
    forget_source("exports/a.csv", desk.workspace)
    assert not (desk.workspace.root / "personal.parquet").exists()


def test_a_forget_that_is_refused_forgets_nobody(
    new_desk: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise InputError("warehouse_changed", path="warehouse")

    desk = new_desk("w", personal={"keep_for_letters": True})
    desk.put("a.csv", SECRETS)
    desk.run()
    monkeypatch.setattr("tthc_cli.ingest.sources.publish_erasing", refused)
    with pytest.raises(InputError):
        forget_source("exports/a.csv", desk.workspace)
    assert (desk.workspace.root / "personal.parquet").exists()


def test_keeping_for_letters_begins_with_files_taken_in_before(desk: Desk) -> None:
    desk.put("a.csv", SECRETS)
    desk.run()
    keeping = Desk(Workspace(desk.workspace.root, Settings.model_validate({"personal": {"keep_for_letters": True}})))
    assert keeping.run().new_sources == 1
    import pyarrow.parquet as pq

    kept = pq.read_table(desk.workspace.root / "personal.parquet").to_pylist()
    assert [r["ChuHoSo"] for r in kept] == ["Trần Thị Bí Mật"]


def test_forgetting_a_source_drops_the_kept_counts(desk: Desk) -> None:
    desk.put("a.csv", dossiers(GOOD))
    desk.run()
    desk.workspace.counts.mkdir(parents=True)
    (desk.workspace.counts / "x.counts").write_text("UBND xã Đã Quên", encoding="utf-8")
    forget_source("exports/a.csv", desk.workspace)
    assert not desk.workspace.counts.exists()


def test_unknown_alias_is_refused_with_the_nearest(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk("w", aliases={"dossiers": {"NgayHenTr": ["Hẹn"]}})
    desk.put("a.csv", dossiers(GOOD))
    with pytest.raises(UsageError, match="NgayHenTra"):
        desk.run()


def test_schema_shows_own_headings_first(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk("w", aliases={"dossiers": {"NgayHenTra": ["Hẹn dân"]}})
    view = next(t for t in describe_tables(desk.workspace, "vi") if t.name == "dossiers")
    column = next(c for c in view.columns if c.name == "NgayHenTra")
    assert column.headings[0] == "Hẹn dân"


def test_file_taken_in_by_a_program_that_read_otherwise_is_read_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.put("a.csv", dossiers(GOOD))
    monkeypatch.setattr(run, "READING", run.READING - 1)
    desk.run()
    monkeypatch.undo()
    again = desk.run()
    assert (again.new_sources, again.all_sources, again.accepted) == (1, 1, 1)
    assert [f.path for f in desk.run().unchanged] == ["exports/a.csv"]
