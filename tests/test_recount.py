"""Every number of the sample province, against a recount that shares no line with the product."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests import command
from tests.recount import scores as recounted
from tests.recount.scores import LAW, Period, Recount
from tthc_cli.storage import stored_scores

PERIODS = {
    "2023Q2": Period("2023Q2", datetime(2023, 4, 1), datetime(2023, 7, 1)),
    "2023-06": Period("2023-06", datetime(2023, 6, 1), datetime(2023, 7, 1)),
    "2022-12": Period("2022-12", datetime(2022, 12, 1), datetime(2023, 1, 1)),
    "2023-05": Period("2023-05", datetime(2023, 5, 1), datetime(2023, 6, 1)),
    "2023Q1": Period("2023Q1", datetime(2023, 1, 1), datetime(2023, 4, 1)),
    "2023H1": Period("2023H1", datetime(2023, 1, 1), datetime(2023, 7, 1)),
    "2022": Period("2022", datetime(2022, 1, 1), datetime(2023, 1, 1)),
    "2023Q2 nd09": Period("2023Q2", datetime(2023, 3, 15), datetime(2023, 6, 15)),
    "2023-06 nd09": Period("2023-06", datetime(2023, 5, 15), datetime(2023, 6, 15)),
}
"""Months, quarters, a half, a year; of the calendar and of Nghị định 09/2019/NĐ-CP."""
FORM = ("online", "direct", "carried", "early", "on_time", "late", "open_within", "open_past")
READINGS = ("law", "portal")
Scored = Callable[[str, str], dict[str, Any]]


@pytest.fixture(scope="session")
def workspaces(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """By kind of window: the sample, and a copy of it that is scored in the windows of Nghị định 09/2019/NĐ-CP."""
    other = tmp_path_factory.mktemp("nd09") / "sample"
    shutil.copytree(sample, other, copy_function=os.link)
    (other / "tthc.toml").unlink(missing_ok=True)
    (other / "tthc.toml").write_text('[scoring]\nwindow = "nd09"\n', encoding="utf-8")
    return {"": sample, "nd09": other}


@pytest.fixture(scope="session")
def scored(workspaces: dict[str, Path]) -> Scored:
    """What `tthc score --json` prints for a period and reading."""

    @cache
    def of(period: str, reading: str) -> dict[str, Any]:
        name, _, window = period.partition(" ")
        return command.scored(workspaces[window], name, "--reading", reading)

    return of


@cache
def recount(period: str, reading: str = "law") -> Recount:
    return Recount(PERIODS[period]) if reading == "law" else recount(period).read_as(reading)


@cache
def whole(period: str, reading: str) -> tuple[dict[str, Any], dict[str, recounted.Total]]:
    return recounted.whole(recount(period, reading), reading)


def plain(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def test_the_recount_reads_what_the_sample_says_it_holds() -> None:
    assert len(recounted.all_dossiers()) == 30120
    assert sum(d.times["NgayTiepNhan"] is not None for d in recounted.all_dossiers()) == 30000
    rows = {code: len(recount("2023Q2").of(code, lambda s: s.received)) for code in ("H99.02", "H99.07", "H99.23")}
    assert rows == {"H99.02": 309, "H99.07": 888, "H99.23": 384 + 181 + 130 + 110 + 105}


@pytest.mark.parametrize("reading", READINGS)
@pytest.mark.parametrize("period", PERIODS)
def test_every_numerator_denominator_and_point(scored: Scored, period: str, reading: str) -> None:
    counts, _ = whole(period, reading)
    wrong = []
    for got in scored(period, reading)["components"]:
        if got["id"] == "2.2":
            continue
        mine = counts[got["unit"], got["id"]]
        numerator, denominator = mine or (None, None)
        status, points = recounted.score(mine, got["id"], reading)
        wanted = [plain(numerator), plain(denominator), status, plain(points)]
        found = [got["numerator"], got["denominator"], got["status"], got["points"]]
        if wanted != found:
            wrong.append((got["unit"], got["id"], wanted, found))
    assert wrong == []


@pytest.mark.parametrize("reading", READINGS)
@pytest.mark.parametrize("period", PERIODS)
def test_every_group_total_grade_and_rank(scored: Scored, period: str, reading: str) -> None:
    _, totals = whole(period, reading)
    units = scored(period, reading)["units"]
    assert {u["id"] for u in units} == set(totals) - ({"?"} if not recount(period).seen["?"] else set())
    wrong = []
    for got in units:
        mine = totals[got["id"]]
        wanted = [
            {k: plain(v) for k, v in mine.groups.items()}, plain(mine.total), mine.maximum, mine.maximum < 100,
            mine.grade, mine.rank,
        ]  # fmt: skip
        found = [got[k] for k in ("groups", "total", "assessed_max", "provisional", "grade", "rank")]
        if wanted != found:
            wrong.append((got["id"], wanted, found))
    assert wrong == []


def test_every_component_of_every_unit_is_there(scored: Scored) -> None:
    found = [(c["unit"], c["id"]) for c in scored("2023Q2", "law")["components"]]
    assert len(found) == len(set(found)) == len(recounted.units()) * (len(LAW) + 1)


@pytest.mark.parametrize("period", PERIODS)
def test_form_ii_06_of_every_unit_and_field(scored: Scored, workspaces: dict[str, Path], period: str) -> None:
    scored(period, "law")
    name, _, window = period.partition(" ")
    stored = stored_scores.load(workspaces[window] / "scores", name, "qd766", window or "calendar").beside.fields
    found = {(f.unit, f.field): Counter({c: getattr(f, c) for c in FORM}) for f in stored}
    assert len(found) == len(stored)
    assert found == recount(period).form()


def handling_times(scored: Scored, period: str, part: str) -> list[tuple[str, float, float]]:
    """(unit, wanted, found) where 2.2 differs."""
    wrong = []
    for got in scored(period, "law")["components"]:
        if got["id"] == "2.2":
            mine = dict(zip(("numerator", "denominator"), recount(period).handling(got["unit"]), strict=True))
            if abs(float(mine[part]) - got[part]) > 1e-6:
                wrong.append((got["unit"], float(mine[part]), got[part]))
    return wrong


@pytest.mark.parametrize("period", PERIODS)
def test_handling_time_leaves_out_the_office_hours_of_waiting(scored: Scored, period: str) -> None:
    assert handling_times(scored, period, "numerator") == []


def test_handling_time_of_a_month_without_a_log_counts_every_finished_dossier(scored: Scored) -> None:
    assert handling_times(scored, "2022-12", "denominator") == []


@pytest.mark.parametrize("period", ["2023Q2", "2023-06"])
def test_handling_time_counts_every_finished_dossier(scored: Scored, period: str) -> None:
    assert handling_times(scored, period, "denominator") == []
