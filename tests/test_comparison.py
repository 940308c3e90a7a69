"""What changed between two scores, worked by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from tests.render.fixtures import Figures, make_card
from tthc_cli.answers.compare import Comparison, compare, comparison_json, with_successors
from tthc_cli.results.scorecard import ReasonCount, Scorecard
from tthc_cli.units.tree import Unit as TreeUnit
from tthc_cli.units.tree import UnitTree

Unit = tuple[str, str, str, str | None, Figures, dict[str, str]]


def unit(code: str, figures: Figures, **bases: str) -> Unit:
    return (code, f"Sở {code}", "so", None, figures, {key.replace("_", "."): value for key, value in bases.items()})


def card(period: str, *units: Unit, reasons: tuple[ReasonCount, ...] = ()) -> Scorecard:
    return make_card(list(units), period=period, reasons=reasons)


def late(code: str, count: int) -> ReasonCount:
    return ReasonCount(code, "2.1", "late", True, False, count)


def early(code: str, count: int) -> ReasonCount:
    return ReasonCount(code, "2.1", "early", True, True, count)


def test_change_in_points_of_a_component_and_of_the_total() -> None:
    # 2.1: 20 × 80/100 = 16 -> 20 × 90/100 = 18; 3.3: 6 × 0,4/0,5 = 4,80 -> 6 × 0,3/0,5 = 3,60
    then = card("2023Q1", unit("A", {"2.1": (80, 100), "3.3": (40, 100)}))
    now = card("2023Q2", unit("A", {"2.1": (90, 100), "3.3": (30, 100)}))
    (found,) = compare(then, now).units
    assert {c.id: c.points for c in found.components if c.points is not None} == {
        "2.1": Decimal("2.00"),
        "3.3": Decimal("-1.20"),
    }
    assert found.total == Decimal("0.80")
    assert found.percent == Decimal("3.08")  # 20,80/26 = 80,00; 21,60/26 = 83,08


def test_the_components_that_moved_most_come_first() -> None:
    then = card("2023Q1", unit("A", {"2.1": (80, 100), "3.3": (40, 100), "4.6": (1, 2)}))
    now = card("2023Q2", unit("A", {"2.1": (85, 100), "3.3": (20, 100), "4.6": (1, 2)}))
    assert [c.id for c in compare(then, now).units[0].drivers] == ["3.3", "2.1"]


def test_places_won_are_positive() -> None:
    then = card("2023Q1", unit("A", {"2.1": (80, 100)}), unit("B", {"2.1": (90, 100)}))
    now = card("2023Q2", unit("A", {"2.1": (95, 100)}), unit("B", {"2.1": (90, 100)}))
    assert {u.id: u.rank for u in compare(then, now).units} == {"A": 1, "B": -1}


def test_a_component_scored_once_is_told_apart() -> None:
    then = card("2023Q1", unit("A", {"2.1": (80, 100)}))
    now = card("2023Q2", unit("A", {"2.1": (80, 100), "3.3": (50, 100)}))
    (found,) = compare(then, now).units
    assert [c.id for c in found.one_sided] == ["3.3"]
    assert found.drivers == ()
    assert found.counted_max == (20, 26)


def test_the_same_maximum_is_no_change() -> None:
    then, now = (card(p, unit("A", {"2.1": (80, 100)})) for p in ("2023Q1", "2023Q2"))
    assert compare(then, now).units[0].counted_max is None


def test_units_of_one_period_only_are_told() -> None:
    then = card("2023Q1", unit("A", {"2.1": (8, 10)}), unit("OLD", {"2.1": (8, 10)}))
    now = card("2023Q2", unit("A", {"2.1": (8, 10)}), unit("NEW", {"2.1": (8, 10)}))
    found = compare(then, now)
    assert [u.id for u in found.only_before] == ["OLD"]
    assert [u.id for u in found.only_after] == ["NEW"]
    assert [u.id for u in found.units if u.both] == ["A"]
    assert all(u.total is None and u.rank is None for u in found.units if not u.both)


LAST_OLD, FIRST_NEW = date(2025, 6, 30), date(2025, 7, 1)
FIGURES: Figures = {"2.1": (8, 10)}


def ended(code: str, successor: str | None) -> TreeUnit:
    return TreeUnit(code, code, "xa", valid_to=LAST_OLD, successor=successor)


def merged() -> Comparison:
    """A and B become N; C goes into D, which stays; E ends with no successor; F goes into G, which goes into N."""
    tree = UnitTree(
        [ended("A", "N"), ended("B", "N"), ended("C", "D"), TreeUnit("D", "D", "xa"), ended("E", None),
         TreeUnit("N", "N", "xa", valid_from=FIRST_NEW), TreeUnit("O", "O", "xa", valid_from=FIRST_NEW),
         TreeUnit("F", "F", "xa", valid_to=date(2025, 5, 31), successor="G"),
         TreeUnit("G", "G", "xa", valid_from=date(2025, 6, 1), valid_to=LAST_OLD, successor="N")]
    )  # fmt: skip
    then = card("2025Q1", *(unit(code, FIGURES) for code in "ABCDEF"))
    now = card("2025Q3", *(unit(code, FIGURES) for code in "DNO"))
    then, now = (replace(c, period_end=end) for c, end in ((then, "2025-03-31"), (now, "2025-09-30")))
    return with_successors(compare(then, now), tree)


def test_a_unit_that_is_gone_names_the_one_it_became() -> None:
    became = {u.id: u.became and u.became.id for u in merged().units}
    assert became == {"A": "N", "B": "N", "C": "D", "D": None, "E": None, "F": "N", "N": None, "O": None}


def test_a_unit_names_those_that_went_into_it() -> None:
    came = {u.id: [one.id for one in u.came_from] for u in merged().units}
    assert came == {"A": [], "B": [], "C": [], "D": ["C"], "E": [], "F": [], "N": ["A", "B", "F"], "O": []}
    said = {u["id"]: (u["became"], u["came_from"]) for u in comparison_json(merged(), merged().units)["units"]}
    assert (said["A"], said["N"], said["O"]) == (("N", []), (None, ["A", "B", "F"]), (None, []))


def test_periods_the_other_way_round_name_the_same_successors() -> None:
    found = merged()
    tree = UnitTree([ended("A", "N"), ended("B", "N"), TreeUnit("N", "N", "xa", valid_from=FIRST_NEW)])
    back = with_successors(compare(found.after, found.before), tree)
    assert {u.id: u.became and u.became.id for u in back.units}["A"] == "N"
    assert {u.id: [one.id for one in u.came_from] for u in back.units}["N"] == ["A", "B"]


def test_reasons_are_compared_by_their_share_of_the_denominator() -> None:
    # 20/100 quá hạn -> 20/200: số hồ sơ như cũ, tỷ lệ giảm một nửa
    then = card("2023Q1", unit("A", {"2.1": (80, 100)}), reasons=(late("A", 20), early("A", 80)))
    now = card("2023Q2", unit("A", {"2.1": (180, 200)}), reasons=(late("A", 20), early("A", 180)))
    changes = {c.id: c for c in compare(then, now).units[0].components}["2.1"].reasons
    assert {r.reason: r.share_change for r in changes} == {"late": Fraction(-1, 10), "early": Fraction(1, 10)}
    assert {r.reason: (r.before, r.after) for r in changes} == {"late": (20, 20), "early": (80, 180)}


def test_a_reason_that_is_new_was_zero() -> None:
    then = card("2023Q1", unit("A", {"2.1": (10, 10)}), reasons=(early("A", 10),))
    now = card("2023Q2", unit("A", {"2.1": (9, 10)}), reasons=(early("A", 9), late("A", 1)))
    changes = {c.id: c for c in compare(then, now).units[0].components}["2.1"].reasons
    assert ("late", 0, 1) in [(r.reason, r.before, r.after) for r in changes]


def test_reasons_of_typed_figures_are_not_told() -> None:
    # Số nhập tay thay số đếm: lý do đếm được không giải thích điểm
    then = card("2023Q1", unit("A", {"2.1": (80, 100)}, **{"2_1": "override"}), reasons=(late("A", 5),))
    now = card("2023Q2", unit("A", {"2.1": (90, 100)}), reasons=(late("A", 10),))
    assert {c.id: c.reasons for c in compare(then, now).units[0].components}["2.1"] == ()


def test_a_unit_without_a_score_changes_by_nothing_known() -> None:
    then, now = card("2023Q1", unit("A", {})), card("2023Q2", unit("A", {"2.1": (8, 10)}))
    (found,) = compare(then, now).units
    assert (found.total, found.percent, found.rank) == (None, None, None)


def test_another_rulebook_is_noticed() -> None:
    then, now = (card(p, unit("A", {"2.1": (8, 10)})) for p in ("2023Q1", "2023Q2"))
    assert compare(then, now).same_rules
    assert not compare(then, replace(now, rulebook=replace(now.rulebook, sha256="00"))).same_rules


def test_a_component_of_one_rulebook_only_is_kept() -> None:
    now = card("2023Q2", unit("A", {"2.1": (8, 10)}))
    extra = replace(now.rulebook.component("2.1"), id="2.3")
    then = replace(now, period="2023Q1", rulebook=replace(now.rulebook, components=(*now.rulebook.components, extra)))
    (found,) = compare(then, now).units
    assert found.components[-1].id == "2.3"
    assert (found.components[-1].before, found.components[-1].after) == (None, None)


def test_the_json_says_both_sides_and_the_change() -> None:
    then = card("2023Q1", unit("A", {"2.1": (80, 100)}), reasons=(late("A", 20),))
    now = card("2023Q2", unit("A", {"2.1": (90, 100)}), reasons=(late("A", 10),))
    found = compare(then, now)
    said = comparison_json(found, found.units)
    assert (said["schema"], said["before"]["period"], said["after"]["period"]) == (1, "2023Q1", "2023Q2")
    one = said["units"][0]
    assert (one["before"]["total"], one["after"]["total"], one["change"]["total"]) == (16, 18, 2)
    on_time = next(c for c in one["components"] if c["id"] == "2.1")
    assert on_time["reasons"] == [{"reason": "late", "in_numerator": False, "earned": 0, "before": 20, "after": 10}]
