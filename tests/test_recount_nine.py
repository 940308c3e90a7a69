"""Every mark of the sample province by the nine criteria, against a recount that shares no line with the product."""

from __future__ import annotations

import shutil
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests import command
from tests.recount import exports, nine
from tests.recount.nine import Nine
from tests.test_recount import recount

RECOUNTED = ("c1", "c2", "c3", "c4", "c6", "c7", "c8", "c9")
"""Criterion 5 is typed, as is 6 where no slip of a dossier answers."""


@cache
def recounted(period: str) -> Nine:
    return Nine(recount(period))


def plain(counts: nine.Counts | None) -> list[float | None]:
    return [None, None] if counts is None else [float(counts[0]), float(counts[1])]


@pytest.fixture(scope="module")
def scored(sample: Path) -> Any:
    @cache
    def of(period: str, subjects: str) -> dict[str, Any]:
        return command.scored(sample, period, "--evaluation", "nine-criteria", "--subjects", subjects)

    return of


@pytest.mark.parametrize("period", ["2023Q2", "2022-12", "2023Q1"])
def test_every_mark_of_every_unit(scored: Any, period: str) -> None:
    wrong = []
    for got in scored(period, "units")["components"]:
        typed = (got["unit"], got["id"]) in recounted(period).recount.typed
        if got["id"] in RECOUNTED and not typed and got["unit"] != "?":
            wanted = recounted(period).counts(got["unit"], got["id"])
            if got["id"] == "c6" and wanted is None:
                continue
            points = nine.points(wanted)
            mine = [*plain(wanted), None if points is None else float(points)]
            if mine != [got["numerator"], got["denominator"], got["points"]]:
                wrong.append((got["unit"], got["id"], mine, got))
    assert wrong == []


@pytest.mark.parametrize("period", ["2023Q2", "2022-12", "2023Q1"])
def test_every_total_and_grade_of_every_unit(scored: Any, period: str) -> None:
    card = scored(period, "units")
    points: dict[str, list[Fraction]] = {}
    for got in card["components"]:
        if got["points"] is not None:
            points.setdefault(got["unit"], []).append(Fraction(str(got["points"])))
    graded = [u for u in card["units"] if u["grade"] is not None]
    assert len(graded) > 20
    for unit in graded:
        total = sum(points[unit["id"]], Fraction(0))
        assert (unit["total"], unit["grade"]) == (float(total), nine.grade(total)), unit["id"]
        assert (unit["assessed_max"], unit["provisional"]) == (2 * len(points[unit["id"]]), len(points[unit["id"]]) < 9)


@pytest.mark.parametrize("period", ["2023Q2", "2023-06", "2023H1"])
def test_every_mark_of_every_division(scored: Any, period: str) -> None:
    found = {
        (c["unit"], c["id"]): [c["numerator"], c["denominator"]]
        for c in scored(period, "divisions")["components"]
        if c["numerator"] is not None
    }
    assert found == {key: plain(counts) for key, counts in recounted(period).takers("division").items()}


@pytest.fixture(scope="module")
def coded(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample with its process log taken in once more, with codes of officials."""
    folder = Path(shutil.copytree(sample, tmp_path_factory.mktemp("coded") / "w"))
    (folder / "tthc.toml").write_text('[officials]\nkeep = "code"\n', "utf-8")
    assert command.tthc("ingest", exports.FOLDER / nine.CODED, "--workspace", folder, "--quiet").code == 0
    return folder


@pytest.mark.parametrize("period", ["2023Q2", "2023-06", "2023H1"])
def test_every_mark_and_grade_of_every_official(coded: Path, period: str) -> None:
    card = command.scored(coded, period, "--subjects", "officials")
    found = {(c["unit"], c["id"]): c for c in card["components"] if c["numerator"] is not None}
    wanted = recounted(period).takers("official")
    assert {key: [c["numerator"], c["denominator"]] for key, c in found.items()} == {
        key: plain(counts) for key, counts in wanted.items()
    }
    totals: dict[str, Fraction] = {}
    for (who, _), counts in wanted.items():
        totals[who] = totals.get(who, Fraction(0)) + (nine.points(counts) or 0)
    assert {u["id"]: (u["total"], u["grade"]) for u in card["units"]} == {
        who: (float(total), nine.official_grade(total)) for who, total in totals.items()
    }
