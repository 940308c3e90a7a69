"""The arithmetic of Thông tư 01/2018/TT-VPCP, Điều 15: vectors worked by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from tthc_cli import rulebooks
from tthc_cli.errors import InputError
from tthc_cli.results.grading import grade_of
from tthc_cli.results.scorecard import ComponentInfo, RulebookInfo, UnitScore
from tthc_cli.scoring.assess import NOTHING, Figure, component_score
from tthc_cli.scoring.points import points, total_unit

UNITS = rulebooks.by_id("tt01-2018")
OFFICIALS = rulebooks.by_id("tt01-2018-officials")
Marks = dict[str, list[int]]


def total(book: RulebookInfo, marks: Marks) -> UnitScore:
    """Of a subject with these marks; a criterion that is not named has none."""

    def figure(info: ComponentInfo) -> Figure:
        given = marks.get(info.id)
        return Figure(Fraction(sum(given)), Fraction(len(given)), "data") if given else NOTHING

    scores = [component_score("u", info, figure(info)) for info in book.components]
    return total_unit("u", "u", "so", None, scores, book)


OFFICIAL: Marks = {
    "c1": [2, 2, 1, 0], "c2": [2, 2, 2, 1], "c3": [2, 1, 2, 2], "c4": [2, 2, 2, 2], "c7": [2, 2, 1, 0],
}  # fmt: skip


def test_an_official_of_four_dossiers() -> None:
    # 5/4 = 1,25 -> 1,3; 7/4 = 1,75 -> 1,8; 1,8; 2,0; 1,3; cộng 8,2
    found = total(OFFICIALS, OFFICIAL)
    assert (found.total, found.grade, found.provisional) == (Decimal("8.2"), "all_tasks", False)


def test_the_same_marks_as_a_unit() -> None:
    # 8,2 + 1 + 2 + 2 + 1 = 14,2: tốt
    found = total(UNITS, OFFICIAL | {"c5": [1], "c6": [2], "c8": [2], "c9": [1]})
    assert (found.total, found.grade, found.assessed_max, found.provisional) == (Decimal("14.2"), "good", 18, False)


def test_criterion_6_is_in_no_sum_of_officials() -> None:
    # Tổng của cán bộ là 1 + 2 + 3 + 4 + 7, tối đa 10; điểm 6 không vào tổng, cũng không vào mức.
    assert [c.id for c in OFFICIALS.components] == ["c1", "c2", "c3", "c4", "c7"]
    assert total(OFFICIALS, OFFICIAL | {"c6": [2]}) == total(OFFICIALS, OFFICIAL)


def test_without_two_criteria_the_bands_do_not_move() -> None:
    # Thiếu 5 và 9 thì cao nhất 14 = tốt, không phải 14/14 = xuất sắc; tạm tính.
    full: Marks = {c: [2] for c in ("c1", "c2", "c3", "c4", "c6", "c7", "c8")}
    found = total(UNITS, full)
    assert (found.total, found.assessed_max, found.grade, found.provisional) == (14, 14, "good", True)


@pytest.mark.parametrize(
    ("value", "grade"),
    [("15.0", "excellent"), ("14.9", "good"), ("12.0", "good"), ("9.0", "fair"), ("6.0", "average"), ("5.9", "weak")],
)
def test_grades_of_units_at_the_bounds(value: str, grade: str) -> None:
    assert grade_of(Decimal(value), UNITS) == grade


@pytest.mark.parametrize(
    ("value", "grade"), [("5.0", "all_tasks"), ("4.9", "most_tasks"), ("3.5", "most_tasks"), ("3.4", "few_tasks")]
)
def test_grades_of_officials_at_the_bounds(value: str, grade: str) -> None:
    assert grade_of(Decimal(value), OFFICIALS) == grade


def test_each_criterion_is_rounded_before_the_sum() -> None:
    # Ba trung bình 1,449: 1,4 mỗi chỉ số, cộng 4,2; không phải 4,347 -> 4,3.
    scored = [points(UNITS.component(c), Fraction(1449), Fraction(1000))[0] for c in ("c1", "c2", "c3")]
    assert sum(x for x in scored if x is not None) == Decimal("4.2")


def test_a_half_goes_up() -> None:
    # 1,25 -> 1,3 (số thực nhị phân hoặc làm tròn về chẵn cho 1,2); 1,85 -> 1,9.
    assert points(UNITS.component("c1"), Fraction(5), Fraction(4))[0] == Decimal("1.3")
    assert points(UNITS.component("c1"), Fraction(37), Fraction(20))[0] == Decimal("1.9")


def test_one_more_mark_of_2_never_lowers_a_criterion() -> None:
    info = UNITS.component("c1")
    for marks in range(1, 40):
        for earned in range(2 * marks + 1):
            before, after = (points(info, Fraction(earned + 2 * k), Fraction(marks + k))[0] for k in (0, 1))
            assert before is not None
            assert after is not None
            assert after >= before


@pytest.mark.parametrize(("subjects", "book"), [("units", "tt01-2018"), ("officials", "tt01-2018-officials")])
@pytest.mark.parametrize("day", [date(2019, 1, 6), date(2025, 6, 30)])
def test_in_force_from_the_first_to_the_last_day(subjects: str, book: str, day: date) -> None:
    assert rulebooks.choose("law", day, None, "nine-criteria", subjects).id == book


@pytest.mark.parametrize("day", [date(2019, 1, 5), date(2025, 7, 1)])
def test_outside_it_is_taken_by_name_only(day: date) -> None:
    with pytest.raises(InputError) as raised:
        rulebooks.choose("law", day, None, "nine-criteria")
    assert raised.value.code == "no_nine_criteria"
    assert rulebooks.by_id("tt01-2018").id == "tt01-2018"


def test_the_example_of_a_province_is_never_taken_by_itself() -> None:
    example = rulebooks.by_id("vi-du-tinh")
    assert (len(example.grades), example.ungraded) == (5, ())
    assert all("minh họa" in band.cite for band in example.grades)
    assert rulebooks.choose("law", date(2023, 6, 30), None, "nine-criteria", "divisions").id == "tt01-2018-officials"


@pytest.mark.parametrize("book", [UNITS, OFFICIALS])
def test_every_hole_of_the_law_says_so(book: RulebookInfo) -> None:
    holes = {"c1_open_overdue", "c3_without_slip", "c4_without_slip", "c7_late_without_petition"}
    assert all("không" in p.cite for p in book.parameters if p.id in holes)
