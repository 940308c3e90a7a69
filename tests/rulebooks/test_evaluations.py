"""Two laws in force on one day; decimals of the points; grades taken on the total."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from tests.indicators.test_whatif import LAW, book, card, component
from tests.rulebooks.plan import CITE, typed_component, write_plan
from tthc_cli import rulebooks
from tthc_cli.answers.whatif import what_if
from tthc_cli.results.scorecard import RulebookInfo
from tthc_cli.scoring.points import points

JUNE = date(2026, 6, 30)


def eighteen(folder: Path, name: str = "eighteen") -> Path:
    text = (
        f'id = "{name}"\nrevision = 1\nreading = "law"\ntitle_vi = "A"\ntitle_en = "A"\ntotal = 18\nplaces = 1\n'
        f'evaluation = "nine-criteria"\ngraded_on = "total"\nno_score = "zero"\neffective_from = 2018-06-21\n{CITE}'
        f'[[group]]\nid = "1"\ntitle_vi = "A"\ntitle_en = "A"\nmax = 18\n{CITE}' + typed_component("m1", "1", "18")
    )
    for key, lower in (("excellent", 15), ("good", 12), ("weak", 0)):
        text += f'[[grade]]\nkey = "{key}"\nlabel_vi = "{key}"\nlabel_en = "{key}"\nlower = {lower}\n{CITE}'
    path = folder / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_rulebook_that_does_not_say_is_of_decision_766_in_hundredths_on_the_percent() -> None:
    assert (LAW.evaluation, LAW.graded_on, {c.places for c in LAW.components}) == ("qd766", "percent", {2})


def test_two_evaluations_are_in_force_on_one_day(tmp_path: Path) -> None:
    eighteen(tmp_path)
    assert rulebooks.choose("law", JUNE, tmp_path).id == "qd766"
    assert rulebooks.choose("law", JUNE, tmp_path, "nine-criteria").id == "eighteen"


def test_two_rulebooks_of_one_evaluation_still_stop_the_run(tmp_path: Path) -> None:
    eighteen(tmp_path)
    eighteen(tmp_path, "other")
    with pytest.raises(Exception, match=r"eighteen.*other|other.*eighteen"):
        rulebooks.choose("law", JUNE, tmp_path, "nine-criteria")


def test_a_plan_inherits_the_evaluation(tmp_path: Path) -> None:
    eighteen(tmp_path)
    plan = rulebooks.load(write_plan(tmp_path, extends="eighteen"))
    assert (plan.evaluation, plan.graded_on, plan.component("m1").places) == ("nine-criteria", "total", 1)


@pytest.mark.parametrize(
    ("numerator", "denominator", "places", "expected"),
    [(5, 4, 1, "1.3"), (5, 4, 2, "1.25"), (9, 20, 1, "0.5"), (7, 5, 0, "1"), (1449, 1000, 1, "1.4")],
)
def test_a_component_is_rounded_half_up_to_its_decimals(
    numerator: int, denominator: int, places: int, expected: str
) -> None:
    info = replace(component("a", 2), target=Fraction(2), places=places)
    assert points(info, Fraction(numerator), Fraction(denominator)) == (Decimal(expected), "scored")


def on_total(*lowers: str) -> RulebookInfo:
    tenths = replace(component("a", 10), places=1)
    return replace(book([tenths, component("b", 10)], *lowers), graded_on="total")


def test_a_grade_on_the_total_does_not_move_when_something_was_not_assessed() -> None:
    # a: 14/20 của 10 = 7,0 điểm; b chưa đánh giá. 7,0 / 10 = 70%, nhưng loại lấy theo tổng: 7,0 dưới 12.
    rules = on_total("6", "12")
    unit = what_if(card(rules, {"a": (14, 20)}), "u").unit
    assert (unit.total, unit.percent, unit.grade, unit.provisional) == (Decimal("7.0"), Decimal(70), "b1", True)


def test_the_way_to_a_grade_on_the_total() -> None:
    # Cần 7,5: 0,5 điểm mỗi hồ sơ, đang 7,0 -> một hồ sơ (15/20 = 7,5).
    found = what_if(card(on_total("6", "7.5"), {"a": (14, 20)}), "u")
    assert found.way is not None
    assert [(s.count, s.points) for s in found.way.steps] == [(1, Decimal("7.5"))]
    assert found.way.rescored.grade == "b2"


def test_a_tenth_is_earned_from_half_a_tenth_below() -> None:
    # a: 10 điểm trên 300: đang 210/300 = 7,0. Thêm 0,1 cần 7,05 trở lên = 211,5/300: hai hồ sơ (7,0667 -> 7,1).
    found = what_if(card(on_total("6", "7.1"), {"a": (210, 300)}), "u")
    assert found.way is not None
    assert [(s.count, s.points) for s in found.way.steps] == [(2, Decimal("7.1"))]
