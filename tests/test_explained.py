"""What `tthc explain` lists adds up to the stored score, for every unit and component of the sample province."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.command import component, scored, tthc
from tests.recount.scores import LAW, below, units

TYPED = {("H99.02", "1.1"), ("H99.02", "1.2"), ("H99.09", "1.3"), ("H99.06", "4.5"), ("H99.06", "4.3")}
"""Figures of typed_figures.csv that are used: no data stand behind them."""
DOSSIERS = {"1.4", "2.1", "3.3", "3.6", "4.1", "4.2", "4.4", "4.5", "4.6", "5.3"}


@pytest.fixture(scope="module")
def card(sample: Path) -> dict[str, Any]:
    return scored(sample, "2023Q2")


@pytest.fixture(scope="module")
def explained(sample: Path, card: dict[str, Any]) -> Any:
    """What explain says of one unit's component, as JSON."""

    @cache
    def of(unit: str, wanted: str) -> dict[str, Any]:
        ended = tthc("explain", unit, wanted, "--quarter", "2023Q2", "--json", "--workspace", sample)
        assert ended.code == 0, ended.err
        (found,) = ended.json["components"]
        return found  # type: ignore[no-any-return]

    return of


def summed(reasons: list[dict[str, Any]]) -> tuple[int, int]:
    """(numerator, denominator)"""
    return (
        sum(r["count"] for r in reasons if r["in_numerator"]), sum(r["count"] for r in reasons if r["in_denominator"])
    )  # fmt: skip


@pytest.mark.parametrize("unit", units())
def test_reasons_sum_to_the_score(sample: Path, card: dict[str, Any], unit: str) -> None:
    ended = tthc("explain", unit, "--quarter", "2023Q2", "--json", "--workspace", sample)
    assert ended.code == 0, ended.err
    found = {c["id"]: c for c in ended.json["components"]}
    wrong = {}
    for wanted in LAW:
        score = component(card, unit, wanted)
        counted = summed(found[wanted]["reasons"])
        for name in ("numerator", "denominator", "points", "status"):
            assert found[wanted][name] == score[name]
        if score["numerator"] is None or (unit, wanted) in TYPED or (unit, wanted) == ("H99", "4.5"):
            continue
        if wanted == "1.4":  # the denominator is the larger of two totals
            counted = (counted[0], max(counted[1], int(score["denominator"])))
        if counted != (score["numerator"], score["denominator"]):
            wrong[wanted] = (counted, score)
    assert wrong == {}


@pytest.mark.parametrize("wanted", sorted(DOSSIERS - {"4.5"}))
def test_lost_dossiers_of_every_unit_are_listed_once(card: dict[str, Any], explained: Any, wanted: str) -> None:
    """The province's list, split by unit, is what each unit lost."""
    lost = explained("H99", wanted)["lost"]
    assert len({x["dossier"] for x in lost}) == len(lost)
    by_unit = Counter(x["unit"] for x in lost)
    for unit in units():
        score = component(card, unit, wanted)
        if score["numerator"] is None or wanted == "1.4":
            continue
        assert sum(by_unit[u] for u in below(unit)) == score["denominator"] - score["numerator"], unit


@pytest.mark.parametrize("wanted", sorted(set(LAW) - DOSSIERS))
@pytest.mark.parametrize("unit", ["H99", "H99.08", "H99.21", "H99.22.03"])
def test_everything_else_lost_is_listed_once(card: dict[str, Any], explained: Any, unit: str, wanted: str) -> None:
    score = component(card, unit, wanted)
    if score["numerator"] is None:
        return
    lost = explained(unit, wanted)["lost"]
    assert len(lost) == score["denominator"] - score["numerator"]


def test_a_lost_dossier_is_where_it_is_said_to_be(explained: Any) -> None:
    """File and row lead to the dossier, as a clerk counts rows."""
    import csv

    from tests.recount.exports import FOLDER

    shown = [x for x in explained("H99.22", "2.1")["lost"] if x["source"].endswith(".csv")]
    assert len(shown) > 50
    for x in shown[::10]:
        with (FOLDER / Path(x["source"]).name).open(encoding="utf-8-sig", newline="") as stream:
            row = list(csv.reader(stream))[x["row"] - 1]
        assert row[0] == x["dossier"]


def test_every_verdict_of_a_dossier_is_told(sample: Path, card: dict[str, Any], explained: Any) -> None:
    one = explained("H99.09", "2.1")["lost"][0]
    ended = tthc("explain", one["dossier"], "--quarter", "2023Q2", "--json", "--workspace", sample)
    assert ended.code == 0, ended.err
    story = ended.json
    verdicts = {v["component"]: v for v in story["verdicts"]}
    assert set(verdicts) >= DOSSIERS
    assert verdicts["2.1"]["reason"] == one["reason"]
    assert (story["unit"], story["row"]) == ("H99.09", one["row"])
