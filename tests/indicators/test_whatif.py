"""What one more subject put right is worth, and the fewest that lift a unit to the next grade; worked by hand."""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tthc_cli.answers.whatif import cents_needed, rescore, what_if
from tthc_cli.results.scorecard import (
    ComponentInfo,
    GradeBand,
    GroupInfo,
    RulebookInfo,
    Scorecard,
)
from tthc_cli.rulebooks import by_id
from tthc_cli.scoring.assess import Figure, component_score
from tthc_cli.scoring.points import total_unit
from tthc_cli.storage import stored_scores

LAW, PORTAL = by_id("qd766", None), by_id("qd766-portal", None)
EXPORTS = Path(__file__).parents[2] / "sample_data" / "exports"

Figures = dict[str, tuple[int | Fraction, int | Fraction]]


def component(component_id: str, maximum: int, target: Fraction | None = None) -> ComponentInfo:
    return replace(LAW.component("2.1"), id=component_id, group="1", max=Decimal(maximum), target=target)


def book(components: list[ComponentInfo], *lowers: str) -> RulebookInfo:
    """A rulebook of one group with its own bands: "b0" the lowest, from 0, then "b1", ..."""
    bounds = sorted([Decimal(0), *map(Decimal, lowers)], reverse=True)
    bands = tuple(GradeBand(f"b{len(lowers) - n}", "", "", lower) for n, lower in enumerate(bounds))
    full = sum((c.max for c in components), Decimal(0))
    return replace(LAW, groups=(GroupInfo("1", "", "", full),), components=tuple(components), grades=bands)


def card(rules: RulebookInfo, figures: Figures) -> Scorecard:
    """A scorecard of one unit, "u"; components without figures are not assessed."""
    scores = tuple(
        component_score(
            "u",
            info,
            Figure(Fraction(figures[info.id][0]), Fraction(figures[info.id][1]), "data")
            if info.id in figures
            else Figure(None, None, "none"),
        )
        for info in rules.components
    )
    unit = total_unit("u", "Đơn vị", "so", None, scores, rules)
    return Scorecard(
        "2023Q2", "2023-04-01", "2023-06-30", "calendar", "2023-06-30T23:59:59", "", rules, "1", (), (unit,), scores
    )  # fmt: skip


def counts(found) -> dict[str, int]:  # type: ignore[no-untyped-def]
    return {step.gain.info.id: step.count for step in found.way.steps}


def gain(found, component_id: str):  # type: ignore[no-untyped-def]
    return next(g for g in found.gains if g.info.id == component_id)


def test_one_more_dossier_on_time_is_worth_its_share_of_twenty_points() -> None:
    got = gain(what_if(card(LAW, {"2.1": (880, 1000)}), "u"), "2.1")
    assert (got.lost, got.one_more, got.all_right) == (120, Fraction(20, 1000), Decimal("20.00"))


def test_at_the_target_nothing_more_is_gained() -> None:
    # 3.3: đủ 6 điểm khi đạt 50%
    got = gain(what_if(card(LAW, {"3.3": (50, 100)}), "u"), "3.3")
    assert (got.lost, got.one_more, got.to_best) == (50, 0, 0)


def test_below_the_target_only_what_is_missing_to_it_is_needed() -> None:
    # 44% của 100 hồ sơ: 6 × 0,44/0,5 = 5,28; cần 6 hồ sơ nữa để đủ 50%
    got = gain(what_if(card(LAW, {"3.3": (44, 100)}), "u"), "3.3")
    assert (got.points, got.to_best, got.all_right) == (Decimal("5.28"), 6, Decimal("6.00"))


def test_the_last_step_to_the_target_gains_only_the_rest() -> None:
    # 49 trên 99: mức 50% là 49,5 hồ sơ, nên hồ sơ thứ 50 chỉ thêm 0,5/49,5 của 6 điểm
    assert gain(what_if(card(LAW, {"3.3": (49, 99)}), "u"), "3.3").one_more == Fraction(6, 99)


def test_a_part_of_a_dossier_counts_as_one() -> None:
    # 1.4: mẫu số là một phần tư của năm trước, 10/4 = 2,5
    got = gain(what_if(card(LAW, {"1.4": (1, Fraction(5, 2))}), "u"), "1.4")
    assert (got.lost, got.all_right) == (2, Decimal("6.00"))


def test_more_than_the_denominator_is_left_alone() -> None:
    got = gain(what_if(card(LAW, {"1.4": (12, 10)}), "u"), "1.4")
    assert (got.lost, got.one_more, got.all_right) == (0, 0, Decimal("6.00"))


def test_nothing_in_the_denominator_leaves_nothing_to_put_right() -> None:
    found = what_if(card(LAW, {"2.1": (9, 10), "3.6": (0, 0), "4.1": (0, 0)}), "u")
    assert [g.info.id for g in found.gains] == ["2.1"]


def test_the_way_to_the_next_grade() -> None:
    # 2.1: 1 điểm trên 20 hồ sơ = 1 điểm mỗi hồ sơ; đang 15,00/20 = 75% (Khá); Tốt từ 80% = 16 điểm: 1 hồ sơ
    found = what_if(card(LAW, {"2.1": (15, 20)}), "u")
    assert found.next_grade is not None and found.next_grade.key == "good"
    assert counts(found) == {"2.1": 1}
    assert (found.way.rescored.total, found.way.rescored.grade) == (Decimal("16.00"), "good")  # type: ignore[union-attr]


def test_a_provisional_grade_is_taken_on_what_was_assessed() -> None:
    found = what_if(card(LAW, {"2.1": (15, 20)}), "u")
    assert found.unit.provisional and found.way.rescored.provisional  # type: ignore[union-attr]
    assert found.way.rescored.assessed_max == 20  # type: ignore[union-attr]


def test_half_a_hundredth_below_the_band_is_enough() -> None:
    # 90 điểm được đánh giá: 79,995% của 90 là 71,9955, nên 72,00 là tổng nhỏ nhất; của 30: 23,9985 -> 24,00
    unit = what_if(card(LAW, {"2.1": (15, 20)}), "u").unit
    good = LAW.grade("good")
    assert cents_needed(replace(unit, assessed_max=Decimal(90)), good, LAW) == 7200
    assert cents_needed(replace(unit, assessed_max=Decimal(30)), good, LAW) == 2400
    # 105 điểm: 79,995% là 83,99475, làm tròn 2 số: 83,995 trở lên là 84,00
    assert cents_needed(replace(unit, assessed_max=Decimal(105)), good, LAW) == 8400
    # 260 điểm: 79,995% là 207,987: 207,99 đã đủ
    assert cents_needed(replace(unit, assessed_max=Decimal(260)), good, LAW) == 20799


def test_the_largest_gain_first_would_need_more() -> None:
    # Tổng 14 điểm, hiện 0,00; mức trên từ 0,07% cần 0,01 điểm (0,065% của 14 = 0,0091).
    # a: 4/1000 = 0,004 điểm mỗi hồ sơ, phải hai hồ sơ mới làm tròn thành 0,01.
    # b: 10/3000 = 0,0033 điểm mỗi hồ sơ, đang có 1 (0,0033 -> 0,00); thêm một là 0,0067 -> 0,01.
    rules = book([component("a", 4), component("b", 10)], "0.07")
    found = what_if(card(rules, {"a": (0, 1000), "b": (1, 3000)}), "u")
    assert gain(found, "a").one_more > gain(found, "b").one_more
    assert counts(found) == {"b": 1}


def test_the_target_caps_what_one_component_can_give() -> None:
    # a: mức đạt 50% của 4 hồ sơ, 2 hồ sơ là đủ 4 điểm; b: 1 điểm mỗi hồ sơ. Cần 80% của 8 = 6,396 điểm -> 6,40.
    rules = book([component("a", 4, Fraction(1, 2)), component("b", 4)], "80")
    assert counts(what_if(card(rules, {"a": (0, 4), "b": (0, 4)}), "u")) == {"a": 2, "b": 3}


def test_among_equals_fewer_components() -> None:
    # Mỗi hồ sơ đúng 1 điểm ở cả hai; cần 4 điểm: bốn hồ sơ của một chỉ số, không chia ra hai
    rules = book([component("a", 5), component("b", 5)], "40")
    assert len(counts(what_if(card(rules, {"a": (0, 5), "b": (0, 5)}), "u"))) == 1


def test_a_unit_in_the_best_grade_has_no_next() -> None:
    found = what_if(card(LAW, {"2.1": (19, 20)}), "u")
    assert (found.unit.grade, found.next_grade, found.way) == ("excellent", None, None)


def test_a_unit_without_a_score_has_no_next() -> None:
    found = what_if(card(LAW, {}), "u")
    assert (found.unit.total, found.gains, found.next_grade, found.way) == (None, (), None, None)


def test_a_grade_out_of_reach_is_said_so() -> None:
    # 3.6 mẫu số bằng 0 được 0 điểm và vẫn tính 6 điểm tối đa: tốt nhất là 6/12 = 50%
    found = what_if(card(LAW, {"3.3": (30, 100), "3.6": (0, 0)}), "u")
    assert found.unit.grade == "weak" and found.next_grade is not None
    assert (found.best.percent, found.way is not None) == (Decimal("50.00"), True)
    found = what_if(card(LAW, {"3.3": (50, 100), "3.6": (0, 0)}), "u")
    assert (found.unit.grade, found.next_grade and found.next_grade.key, found.way) == ("average", "fair", None)


# ---- Properties over generated units


def expected_total(rules: RulebookInfo, figures: Figures, more: dict[str, int]) -> Decimal:
    """The total by decimals of 60 digits, apart from the code that scores."""
    total = Decimal(0)
    with localcontext() as context:
        context.prec = 60
        for info in rules.components:
            if info.id not in figures or not info.max:
                continue
            n, d = (Fraction(x) for x in figures[info.id])
            if d == 0:
                total += info.max if info.when_zero == "full" else 0
                continue
            ratio = min(Fraction(1), max(n, min(n + more.get(info.id, 0), d)) / d / (info.target or 1))
            exact = Fraction(info.max) * ratio
            total += (Decimal(exact.numerator) / exact.denominator).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return total


@st.composite
def units(draw: st.DrawFn, most: int = 3000) -> tuple[RulebookInfo, Figures]:
    rules = draw(st.sampled_from((LAW, PORTAL)))
    figures: Figures = {}
    for info in rules.components:
        if draw(st.integers(0, 9)):
            d = draw(st.integers(0, most))
            figures[info.id] = (draw(st.integers(0, d)), d)
    return rules, figures


@given(units())
@settings(max_examples=50, deadline=None)
def test_what_is_promised_is_what_rescoring_gives(made: tuple[RulebookInfo, Figures]) -> None:
    rules, figures = made
    found = what_if(card(rules, figures), "u")
    if found.way is None:
        lowest = found.next_grade and found.next_grade.lower
        assert lowest is None or found.best.percent is None or found.best.percent < lowest
        return
    assert found.next_grade is not None
    put_right = counts(found)
    assert found.way.promised_total == found.way.rescored.total == expected_total(rules, figures, put_right)
    order = [band.key for band in rules.grades]
    assert found.way.rescored.grade is not None
    assert order.index(found.way.rescored.grade) <= order.index(found.next_grade.key)
    assert all(step.count <= step.gain.lost for step in found.way.steps)
    # không bớt được trường hợp nào
    for component_id in put_right:
        less = rescore(card(rules, figures), "u", {**put_right, component_id: put_right[component_id] - 1})
        assert less.percent is not None and less.percent < found.next_grade.lower


@given(units())
@settings(max_examples=25, deadline=None)
def test_the_fewest_for_full_points_is_the_fewest(made: tuple[RulebookInfo, Figures]) -> None:
    for got in what_if(card(*made), "u").gains:
        assert got.points_with(got.to_best) == got.all_right
        assert got.to_best == 0 or got.points_with(got.to_best - 1) < got.all_right


@given(
    st.lists(
        st.tuples(
            st.integers(1, 12),
            st.sampled_from((None, Fraction(1, 2), Fraction(4, 5))),
            st.integers(1, 6),
            st.integers(0, 6),
        ),
        min_size=1,
        max_size=4,
    ),
    st.integers(1, 100),
)
@settings(max_examples=120, deadline=None)
def test_no_way_is_shorter_than_every_way_tried(parts: list[tuple[int, Fraction | None, int, int]], lower: int) -> None:
    rules = book([component(f"c{n}", maximum, target) for n, (maximum, target, _, _) in enumerate(parts)], str(lower))
    figures: Figures = {f"c{n}": (min(have, d), d) for n, (_, _, d, have) in enumerate(parts)}
    made = card(rules, figures)
    found = what_if(made, "u")
    if found.next_grade is None:
        return
    ways = []
    for more in product(*(range(int(figures[c.id][1] - figures[c.id][0]) + 1) for c in rules.components)):
        put_right = {c.id: k for c, k in zip(rules.components, more, strict=True)}
        percent = rescore(made, "u", put_right).percent
        if percent is not None and percent >= lower:
            ways.append((sum(more), sum(map(bool, more))))
    best = min(ways, default=None)
    assert best == (None if found.way is None else (found.way.count, len(found.way.steps)))


# ---- The sample province


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Scorecard:
    from tthc_cli.cli import run

    folder = tmp_path_factory.mktemp("province")
    here = ("--workspace", str(folder), "--quiet")
    assert run(["ingest", str(EXPORTS), *here]) in (0, 1)
    assert run(["score", "--quarter", "2023Q2", *here]) == 0
    return stored_scores.load(folder / "scores", "2023Q2", LAW.id)


def test_every_unit_of_the_sample_province_gets_what_it_is_promised(sample: Scorecard) -> None:
    ways = 0
    for unit in sample.units:
        found = what_if(sample, unit.id)
        if found.way is None:
            assert unit.grade in ("excellent", None)
            continue
        figures: Figures = {
            c.id: (c.numerator, c.denominator)
            for c in sample.components_of(unit.id)
            if c.status == "scored" and c.numerator is not None and c.denominator is not None
        }
        assert found.way.promised_total == found.way.rescored.total
        assert found.way.rescored.total == expected_total(LAW, figures, counts(found))
        assert found.next_grade is not None and found.way.rescored.grade == found.next_grade.key
        ways += 1
    assert ways >= 10
