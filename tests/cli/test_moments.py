"""The moment at which an open or waiting dossier is judged."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.test_exit_codes import HEADINGS, UNITS
from tests.command import counts, scored, taken_in

LOG = "MaHoSo,ThoiDiemXuLy,TrangThai,PhongBanXuLy\n"
NEWEST = "H99.08-230810-0001,1.001234,10/08/2023 08:00,20/08/2023 16:30,15/08/2023 15:00,9,H99.08\n"
"""So that the extract is later than the quarter."""
OPEN = "H99.02-230605-0001,1.001234,05/06/2023 08:00,12/06/2023 16:30,,{status},H99.02\n"


def test_open_past_due_at_the_end_of_the_period(tmp_path: Path) -> None:
    taken_in(tmp_path, units=UNITS, ho_so=HEADINGS + OPEN.format(status=4) + NEWEST)
    assert counts(scored(tmp_path, "2023Q2"), "H99.02", "2.1") == (0, 1)


@pytest.mark.parametrize(("moment", "on_time"), [("2023-06-12T16:30", 1), ("2023-06-12T16:31", 0)])
def test_judged_as_of_a_moment(tmp_path: Path, moment: str, on_time: int) -> None:
    taken_in(tmp_path, units=UNITS, ho_so=HEADINGS + OPEN.format(status=4) + NEWEST)
    card = scored(tmp_path, "2023Q2", "--as-of", moment)
    assert counts(card, "H99.02", "2.1") == (on_time, 1)
    assert card["as_of"] == f"{moment}:00"


def test_as_of_after_the_period_is_its_end(tmp_path: Path) -> None:
    taken_in(tmp_path, units=UNITS, ho_so=HEADINGS + NEWEST)
    assert scored(tmp_path, "2023Q2", "--as-of", "2023-08-01T08:00")["as_of"] == "2023-06-30T23:59:59"


@pytest.mark.parametrize(
    ("asked", "on_time"),
    [
        ("08/06/2023 10:00", 1),
        ("14/06/2023 10:00", 0),
    ],
)  # fmt: skip
def test_ended_waiting_for_its_only_supplement_by_the_log(tmp_path: Path, asked: str, on_time: int) -> None:
    """It finishes when the supplement was asked for: on time if that was within due (12/06 16:30), else late."""
    steps = f"H99.02-230605-0001,05/06/2023 08:00,2,MC\nH99.02-230605-0001,{asked},5,CM\n"
    taken_in(tmp_path, units=UNITS, ho_so=HEADINGS + OPEN.format(status=5) + NEWEST, tien_trinh=LOG + steps)
    assert counts(scored(tmp_path, "2023Q2"), "H99.02", "2.1") == (on_time, 1)


@pytest.mark.parametrize(("asked", "on_time"), [("08/06/2023 10:00", 1), ("14/06/2023 10:00", 0)])
def test_ended_waiting_for_its_only_supplement_by_its_columns(tmp_path: Path, asked: str, on_time: int) -> None:
    headings = HEADINGS.replace("DonViXuLy", "DonViXuLy,SoLanBoSung,NgayBoSung")
    rows = OPEN.format(status=5).strip() + f",1,{asked}\n" + NEWEST.strip() + ",0,\n"
    taken_in(tmp_path, units=UNITS, ho_so=headings + rows)
    assert counts(scored(tmp_path, "2023Q2"), "H99.02", "2.1") == (on_time, 1)


def test_an_export_that_says_when_it_was_made_is_judged_then(tmp_path: Path) -> None:
    """Nothing happened after 05/06, but the export of 03/07 shows the dossier still open, three weeks past due."""
    exports = tmp_path / "exports"
    exports.mkdir()
    name = "cong_dvc_2023-06_xuat_2023-07-03.csv"
    (exports / name).write_text(HEADINGS + OPEN.format(status=4), encoding="utf-8")
    taken_in(tmp_path, units=UNITS)
    assert counts(scored(tmp_path, "2023Q2"), "H99.02", "2.1") == (0, 1)
