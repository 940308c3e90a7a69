"""`tthc show`, on figures worked by hand (tests/cli/province.py)."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from tests.cli.province import commands, make_workspace
from tests.command import tthc
from tthc_cli.render.show import unit_screen
from tthc_cli.render.view.building import build_view
from tthc_cli.storage import stored_scores


@pytest.fixture(scope="module")
def scored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = make_workspace(tmp_path_factory.mktemp("show"))
    for quarter in ("2023Q1", "2023Q2"):
        assert commands(folder)("score", "--quarter", quarter, "--quiet") == 0
    return folder


def shown(scored: Path, *arguments: str) -> str:
    ended = tthc("show", *arguments, "--workspace", scored)
    assert ended.code == 0, ended.err
    return ended.out


def test_a_unit_has_its_total_rank_and_change(scored: Path) -> None:
    text = shown(scored, "H99.02")
    assert "19,40/26 điểm, quy về 100 là 74,62" in text
    assert "hạng 2/2 Sở, ban, ngành (trung vị 85,39)" in text  # between 74,62 and 96,15: 85,385
    assert "So với Quý I năm 2023: −5,38 điểm, hạng giữ nguyên" in text


def test_the_periods_stand_between_the_first_and_the_last_number(scored: Path) -> None:
    assert "80,00 ▆▂ 74,62 (Quý I năm 2023 đến Quý II năm 2023)" in shown(scored, "H99.02")


def test_the_component_that_lost_most_comes_first(scored: Path) -> None:
    lines = [line.strip() for line in shown(scored, "H99.02").splitlines()]
    first = lines.index("Làm trước (mất nhiều điểm nhất)") + 1
    assert lines[first].startswith("2.1 ") and lines[first].endswith("mất 6,00/20 điểm")
    assert lines[first + 1].startswith("3.3 ") and lines[first + 1].endswith("mất 0,60/6 điểm")


def test_commands_that_ask_more_name_the_unit_and_the_period(scored: Path) -> None:
    text = shown(scored, "so cong thuong", "--quarter", "2023Q1")
    assert "tthc explain H99.02 --quarter 2023Q1" in text and "80,00" in text


def test_without_a_unit_the_ranking_has_every_period(scored: Path) -> None:
    text = shown(scored)
    assert text.startswith("UBND tỉnh Sông Vân (H99)")
    assert "Sở, ban, ngành: 2 đơn vị" in text and "96,15 ▄▄ 96,15" in text


def test_json_of_a_unit(scored: Path) -> None:
    (unit,) = tthc("show", "H99.02", "--workspace", scored, "--json").json["units"]
    assert unit["first"][0] == {"id": "2.1", "lost": 6, "max": 20, "reasons": []}
    assert unit["periods"] == [{"period": "2023Q1", "percent": 80}, {"period": "2023Q2", "percent": 74.62}]
    assert unit["change"] == {"percent": -5.38, "rank": 0}


def test_an_unknown_unit_is_answered_with_the_nearest(scored: Path) -> None:
    ended = tthc("show", "H99.022", "--workspace", scored)
    assert ended.code == 3 and "H99.02)" in ended.err


def test_nothing_scored_says_what_to_do(tmp_path: Path) -> None:
    ended = tthc("show", "--workspace", tmp_path)
    assert ended.code == 3 and "tthc score" in ended.err


@pytest.mark.parametrize("width", [60, 80, 100])
def test_the_screen_fits_the_width(scored: Path, width: int) -> None:
    cards = [stored_scores.load(scored / "scores", period, "qd766") for period in ("2023Q1", "2023Q2")]
    view = build_view(cards[1], "vi", units=["H99.02"], history=cards[:1])
    stream = io.StringIO()
    Console(file=stream, width=width).print(unit_screen(view, view.selected[0], [("tthc explain H99.02", "")], width))
    assert max(len(line) for line in stream.getvalue().splitlines()) <= width
