"""`tthc forget --officials`: nothing of officials is left, whenever it is broken off; units and divisions stay."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.command import taken_in, tthc
from tests.ingest.test_personal_scan import texts_of
from tests.statements.test_takers import DOSSIERS, KEEP, LOG, NAMES, UNITS
from tthc_cli import jobs, machine
from tthc_cli.jobs import officials

HASHED = "H99.02-230403-0001,Võ Ẩn Danh,05/04/2023 09:00,Phòng Ba,4,03/04/2023 08:00,,\n"
OLDER = "MaHoSo,ThoiDiemXuLy,PhongBanXuLy,TrangThai,MaCanBo\nH99.02-230403-0001,03/04/2023 09:00,Phòng Một,2,CB-77\n"
CODES = re.compile(r"CB-\d|cb~[a-p]")
REPORTED = {
    "tthc-2023Q2-tt01-2018-officials-divisions.csv", "tthc-2023Q2-tt01-2018-officials-officials.csv",
    "tthc-2023Q2-tt01-2018-officials-officials.html", "tthc-2023Q2-vi-du-tinh-officials.csv",
    "officials-2023-06-30.csv", "divisions-2023-06-30.csv",
}  # fmt: skip


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace that knows officials in every way: codes and hashes, superseded ones too, scores of two periods and
    two rulebooks and a version before, reports, lists."""
    folder = tmp_path_factory.mktemp("full")
    (folder / "tthc.toml").write_text(KEEP, "utf-8")
    (folder / "can_bo.csv").write_text(NAMES, "utf-8")
    taken_in(folder, tien_trinh=OLDER)
    taken_in(folder, units=UNITS, ho_so=DOSSIERS, tien_trinh=LOG)
    there = ("--workspace", folder)
    assert tthc("score", "--quarter", "2023Q2", "--subjects", "officials", *there).code == 0
    taken_in(folder, them=LOG.splitlines()[0] + "\n" + HASHED)
    for period in ("2023Q2", "2023Q1"):
        assert tthc("score", "--quarter", period, "--subjects", "officials", *there).code == 0
    for options in ((), ("--evaluation", "nine-criteria"), ("--subjects", "divisions")):
        assert tthc("score", "--quarter", "2023Q2", *options, *there).code == 0
    assert tthc("score", "--quarter", "2023Q2", "--subjects", "officials", "--rulebook", "vi-du-tinh", *there).code == 0
    asked = ("--quarter", "2023Q2", "--format", "csv", *there)
    assert tthc("report", "--subjects", "officials", *asked).code == 0
    assert tthc("list", "officials", *asked).code == 0
    made = {p.name for p in (folder / "reports").iterdir()}
    assert made < REPORTED
    for name in REPORTED - made:
        (folder / "reports" / name).write_text("" if "divisions" in name else "CB-1", "utf-8")
    return folder


@pytest.fixture
def copied(full: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(full, tmp_path / "w"))


def traces(folder: Path) -> list[str]:
    """Files of the workspace that name an official; what the operator keeps left out."""
    own = {folder / "can_bo.csv", *(folder / "exports").iterdir()}
    files = [p for p in folder.rglob("*") if p.is_file() and p not in own]
    named = (p for p in files if CODES.search(texts_of(p)) or "/officials/" in p.as_posix())
    return [p.relative_to(folder).as_posix() for p in named]


def test_nothing_of_officials_is_left_and_the_rest_stays(copied: Path) -> None:
    assert len(traces(copied)) > 15, "the search sees what is stored"
    ended = tthc("forget", "--officials", "--workspace", copied, "--json")
    assert ended.code == 0, ended.err
    told = {key: ended.json[key] for key in ("officials_erased", "scores_erased", "papers_erased")}
    assert told == {"officials_erased": True, "scores_erased": 3, "papers_erased": 4}
    assert traces(copied) == []
    assert not (copied / "officials.key").exists()
    assert {p.name for p in (copied / "reports").iterdir()} == {n for n in REPORTED if "divisions" in n}
    left = {p.relative_to(copied / "scores").as_posix() for p in (copied / "scores").rglob("*.json")}
    assert left == {
        "2023Q2/qd766/manifest.json", "2023Q2/tt01-2018/manifest.json", "latest.json", "latest-nine-criteria.json",
        "2023Q2/tt01-2018-officials/divisions/manifest.json", "latest-nine-criteria-divisions.json",
    }  # fmt: skip


def test_a_second_time_there_is_nothing(copied: Path) -> None:
    assert tthc("forget", "--officials", "--workspace", copied).code == 0
    ended = tthc("forget", "--officials", "--workspace", copied)
    assert "Không có mã, khóa, điểm hay danh sách nào của cán bộ." in ended.out


def test_broken_off_anywhere_the_next_ingest_finishes_it(full: Path, tmp_path: Path) -> None:
    """At the first deletion, the second, the fourth, and so on."""
    plain, broken = machine.delete_file, 0
    while True:
        folder = Path(shutil.copytree(full, tmp_path / f"w{broken}"))
        (folder / "tthc.toml").write_text("", "utf-8")
        workspace, left = jobs.open_workspace(folder), broken

        def delete(path: Path) -> None:
            nonlocal left
            left -= 1
            if left < 0:
                raise KeyboardInterrupt
            plain(path)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(machine, "delete_file", delete)
            try:
                officials.forget(workspace)
                break
            except KeyboardInterrupt:
                assert officials.half_forgotten(workspace).exists()
        empty = folder / "empty"
        empty.mkdir()
        jobs.ingest(workspace, [empty])
        assert traces(folder) == [], broken
        assert not officials.half_forgotten(workspace).exists()
        broken = 2 * broken + 1
    assert broken > 20


def test_what_is_left_after_the_settings_say_no_is_told(copied: Path) -> None:
    (copied / "tthc.toml").write_text("", "utf-8")
    asked = ("--workspace", copied)
    assert "tthc forget --officials" in tthc("ingest", copied / "can_bo.csv", *asked).err
    assert "officials_left" in tthc("status", *asked, "--json").out
    assert tthc("forget", "--officials", *asked).code == 0
    assert "tthc forget --officials" not in tthc("ingest", copied / "can_bo.csv", *asked).err
