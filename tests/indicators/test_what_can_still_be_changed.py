"""What can still be put right, until when, and what open dossiers may become; worked by hand."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.indicators.test_whatif import LAW, Figures, card, counts, gain
from tthc_cli.answers.overlap import Cover, cover
from tthc_cli.answers.whatif import what_if
from tthc_cli.indicators.registry import INDICATORS, reason
from tthc_cli.indicators.subjects import Indicator
from tthc_cli.results.scorecard import LostDossier, ReasonCount, Scorecard

MIDWAY = "2023-05-15T23:59:59"
Reasons = dict[tuple[str, str], int]


def told(figures: Figures, reasons: Reasons, as_of: str = "2023-06-30T23:59:59", kept: Reasons | None = None):  # type: ignore[no-untyped-def]
    """The card of one unit with reasons for what is lost (and for some of what is not)."""
    made = card(LAW, figures)
    lost = [ReasonCount("u", c, r, True, False, n) for (c, r), n in reasons.items()]
    right = [ReasonCount("u", c, r, True, True, n) for (c, r), n in (kept or {}).items()]
    return replace(made, as_of=as_of, reasons=(*lost, *right))


def lost(dossier: str, component: str, reason: str) -> LostDossier:
    return LostDossier("u", component, dossier, "", "", "", "", reason, "", "", 1)


def mends(made: Scorecard, component: str) -> dict[str, tuple[str, str | None, str]]:
    found = gain(what_if(made, "u"), component)
    return {x.reason: (x.mend.kind, x.until, x.mend.by) for x in found.losses}


def test_a_past_quarter_with_only_late_dossiers_cannot_be_changed() -> None:
    found = what_if(told({"2.1": (15, 20)}, {("2.1", "late"): 5}), "u")
    assert (found.reachable.total, found.way_reachable) == (Decimal("15.00"), None)
    assert (found.best.total, found.way is not None) == (Decimal("20.00"), True)


def test_what_is_missing_can_be_sent_again() -> None:
    # 15/20 = 75% (Khá); 3 trễ, 2 thiếu ngày kết thúc: 17/20 -> 17 điểm = 85% (Tốt); Tốt từ 80%: 1 hồ sơ
    found = what_if(told({"2.1": (15, 20)}, {("2.1", "late"): 3, ("2.1", "finished_without_date"): 2}), "u")
    assert (found.reachable.total, found.reachable.grade) == (Decimal("17.00"), "good")
    assert found.way_reachable is not None
    assert [(s.gain.info.id, s.count) for s in found.way_reachable.steps] == [("2.1", 1)]


def test_the_way_takes_what_can_still_be_changed() -> None:
    # 2.1: 12/20 -> 12,00 điểm, 8 hồ sơ trễ (1 điểm mỗi hồ sơ). 1.4: 5/10 -> 3,00/6 (0,6 điểm mỗi hồ sơ).
    # 15/26 = 57,69 (Trung bình); Khá từ 70: 69,995% của 26 = 18,1987 -> 18,20, thiếu 3,20.
    # Đồng bộ hết chỉ thêm 3,00: không tới.
    figures: Figures = {"2.1": (12, 20), "1.4": (5, 10)}
    found = what_if(told(figures, {("2.1", "late"): 8, ("1.4", "not_synchronised"): 5}), "u")
    assert (found.reachable.total, found.way_reachable) == (Decimal("18.00"), None)
    # Có 1 hồ sơ không có ngày hẹn trả: 1 + 4 × 0,6 = 3,40 đủ; 1 + 3 × 0,6 = 2,80 không đủ
    found = what_if(told(figures, {("2.1", "late"): 7, ("2.1", "no_due_date"): 1, ("1.4", "not_synchronised"): 5}), "u")
    assert found.reachable.total == Decimal("19.00")
    assert found.way_reachable is not None
    assert {s.gain.info.id: s.count for s in found.way_reachable.steps} == {"2.1": 1, "1.4": 4}
    assert counts(found) == {"2.1": 4}


def test_work_to_come_is_told_with_its_last_day_while_the_period_runs() -> None:
    made = told({"3.2": (4, 10)}, {("3.2", "unused_online"): 6}, MIDWAY)
    assert mends(made, "3.2") == {"unused_online": ("work", "2023-06-30", "unit")}
    assert what_if(made, "u").reachable.total == what_if(made, "u").best.total


def test_work_to_come_is_too_late_once_the_period_is_over() -> None:
    made = told({"3.2": (4, 10)}, {("3.2", "unused_online"): 6})
    assert mends(made, "3.2") == {"unused_online": ("never", None, "")}
    assert what_if(made, "u").reachable.total == what_if(made, "u").unit.total


def test_data_can_be_sent_at_any_time() -> None:
    made = told({"1.4": (4, 10)}, {("1.4", "not_synchronised"): 6})
    assert mends(made, "1.4") == {"not_synchronised": ("data", None, "system")}


def test_a_typed_figure_promises_nothing() -> None:
    made = told({"2.1": (15, 20)}, {("2.1", "no_due_date"): 5})
    typed = replace(made, components=tuple(replace(c, basis="typed") for c in made.components))
    found = what_if(typed, "u")
    assert (gain(found, "2.1").losses, found.reachable.total) == ((), Decimal("15.00"))


def test_no_more_can_be_put_right_than_is_lost() -> None:
    # 1.4 theo số năm trước: mẫu 10/4 = 2,5, tử 1; 8 hồ sơ chưa đồng bộ chỉ lấp được chỗ thiếu
    found = what_if(told({"1.4": (1, Fraction(5, 2))}, {("1.4", "not_synchronised"): 8}), "u")
    assert (gain(found, "1.4").mendable, found.reachable.total) == (2, Decimal("6.00"))


def test_open_dossiers_of_a_running_period_finished_on_time_or_late() -> None:
    # 2.1: 16/20 = 16,00, trong đó 4 còn trong hạn; trễ hết: 12/20 = 12,00. 5.3 (mức đạt 90%, 6 điểm):
    # 18/20 là 6,00; trễ hết 14/20: 6 × 0,7/0,9 = 4,67
    kept = {("2.1", "early"): 12, ("2.1", "open_within_due"): 3, ("2.1", "open_new_appointment"): 1}
    found = what_if(told({"2.1": (16, 20), "5.3": (18, 20)}, {("2.1", "late"): 4}, MIDWAY, kept), "u")
    assert found.open is not None and found.open.count == 4
    assert found.open.on_time.total == Decimal("22.00")
    assert found.open.late.total == Decimal("16.67")


def test_a_period_that_is_over_has_no_open_ends() -> None:
    made = told({"2.1": (16, 20)}, {("2.1", "late"): 4}, kept={("2.1", "open_within_due"): 4})
    assert what_if(made, "u").open is None


def test_a_unit_without_a_score_has_nothing_to_reach() -> None:
    found = what_if(card(LAW, {}), "u")
    assert (found.reachable, found.way_reachable, found.open) == (found.unit, None, None)


# ---- One dossier in two components


def test_one_dossier_in_two_components_counts_once() -> None:
    both = [lost(d, c, "no_due_date") for d in ("a", "b") for c in ("2.1", "5.3")]
    assert cover({"2.1": 2, "5.3": 2}, both) == Cover(2, "exact")


def test_dossiers_of_one_component_only_count_each() -> None:
    apart = [lost("a", "2.1", "late"), lost("b", "5.3", "complained")]
    assert cover({"2.1": 1, "5.3": 1}, apart) == Cover(2, "exact")


def test_an_unknown_overlap_is_an_upper_bound() -> None:
    assert cover({"2.1": 2, "5.3": 3}, ()) == Cover(5, "upper")


def test_a_choice_over_three_components_may_not_be_the_best() -> None:
    # abc (x), ab (y), c (z): cần a2 b2 c1 -> x, y = 2 hồ sơ, đúng bằng số lớn nhất
    found = [lost("x", c, "") for c in "abc"] + [lost("y", c, "") for c in "ab"] + [lost("z", "c", "")]
    assert cover({"a": 2, "b": 2, "c": 1}, found) == Cover(2, "exact")
    # ab, bc, ca: cần mỗi chỉ số một: hai hồ sơ, nhưng số lớn nhất là một
    ring = [lost(d, c, "") for d, cs in (("x", "ab"), ("y", "bc"), ("z", "ca")) for c in cs]
    assert cover({"a": 1, "b": 1, "c": 1}, ring) == Cover(2, "upper")


def test_the_way_tells_how_many_distinct_dossiers_it_touches() -> None:
    # 2.1 15/20 (1 điểm mỗi hồ sơ) và 5.3 0/2: cần cả hai; hai hồ sơ của 5.3 cũng là hồ sơ của 2.1
    both = [lost(d, c, r) for d in ("a", "b") for c, r in (("2.1", "no_due_date"), ("5.3", "in_time_untold"))]
    made = told({"2.1": (18, 20), "5.3": (0, 2)}, {("2.1", "no_due_date"): 2, ("5.3", "in_time_untold"): 2})
    found = what_if(made, "u", both)
    assert found.way_reachable is not None
    steps = {s.gain.info.id: s.count for s in found.way_reachable.steps}
    assert found.way_reachable.cover == Cover(max(steps.values()), "exact")


# ---- Properties


@st.composite
def cards(draw: st.DrawFn) -> Scorecard:
    figures: Figures = {}
    reasons: Reasons = {}
    for info in LAW.components:
        judged = (i for i in INDICATORS if isinstance(i, Indicator) and i.id == info.id)
        keys = [r.key for i in judged for r in i.reasons if r.lost or r.unknown]
        if not keys or not draw(st.booleans()):
            continue
        parts = {k: draw(st.integers(0, 40)) for k in keys}
        right = draw(st.integers(0, 200))
        figures[info.id] = (right, right + sum(parts.values()))
        reasons.update({(info.id, k): n for k, n in parts.items() if n})
    return told(figures, reasons, draw(st.sampled_from((MIDWAY, "2023-06-30T23:59:59"))))  # type: ignore[no-any-return]


@given(cards())
@settings(max_examples=60, deadline=None)
def test_nothing_is_promised_beyond_what_reasons_allow(made: Scorecard) -> None:
    found = what_if(made, "u")
    if found.unit.total is None:
        return
    assert found.unit.total <= found.reachable.total <= found.best.total  # type: ignore[operator]
    if found.way_reachable is None:
        return
    assert found.way is not None and found.way.count <= found.way_reachable.count
    running = made.as_of == MIDWAY
    for step in found.way_reachable.steps:
        allowed = sum(
            r.count
            for r in made.reasons
            if r.component == step.gain.info.id
            and (why := reason(r.component, r.reason)) is not None
            and why.mend.kind in (("data", "work") if running else ("data",))
        )
        assert 0 < step.count <= allowed
