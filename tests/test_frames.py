"""A stored score as pandas tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.test_exit_codes import GOOD, HEADINGS, UNITS
from tests.command import taken_in, tthc
from tthc_cli import frames
from tthc_cli.errors import InputError, UsageError

LATE = "H99.02-230403-0002,1.001234,03/04/2023 08:00,10/04/2023 16:30,12/04/2023 15:00,9,H99.02\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = taken_in(tmp_path_factory.mktemp("province"), units=UNITS, ho_so=HEADINGS + GOOD + LATE)
    assert tthc("score", "--quarter", "2023Q2", "--workspace", folder, "--quiet").code == 0
    return folder


def test_components(folder: Path) -> None:
    found = frames.components(frames.scorecard(folder))
    on_time = found[(found.unit == "H99.02") & (found.id == "2.1")]
    assert on_time[["numerator", "denominator", "points"]].to_numpy().tolist() == [[1.0, 2.0, 10.0]]  # 20 × 1/2


def test_units(folder: Path) -> None:
    found = frames.units(frames.scorecard(folder, "2023Q2", "qd766")).set_index("id")
    assert found.loc["H99.02", "group.2"] == 10.0
    assert list(found.level) == ["tinh", "so"]


def test_reasons(folder: Path) -> None:
    found = frames.reasons(frames.scorecard(folder))
    mine = found[(found.unit == "H99.02") & (found.component == "2.1")].set_index("reason")
    assert mine["count"].to_dict() == {"early": 1, "late": 1}
    assert mine.in_numerator.to_dict() == {"early": True, "late": False}


def test_what_was_not_scored(folder: Path) -> None:
    with pytest.raises(InputError, match="2023Q1"):
        frames.scorecard(folder, "2023Q1", "qd766")
    with pytest.raises(UsageError):
        frames.scorecard(folder, "2023Q2")
