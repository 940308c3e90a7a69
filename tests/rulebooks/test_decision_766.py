"""The two built-in rulebooks say what Decision 766/QĐ-TTg and the portal say."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from tthc_cli import rulebooks
from tthc_cli.errors import InputError
from tthc_cli.results.scorecard import RulebookInfo

QUARTER_END = date(2023, 6, 30)

# id: maximum, target (None = linear), with denominator 0: transcribed from the decision's table.
WRITTEN = {
    "1.1": ("6", None, "no_score"), "1.2": ("4", None, "no_score"), "1.3": ("2", None, "no_score"),
    "1.4": ("6", None, "zero"),
    "2.1": ("20", None, "zero"), "2.2": ("0", None, "no_score"),
    "3.1": ("2", "4/5", "zero"), "3.2": ("4", None, "zero"), "3.3": ("6", "1/2", "zero"), "3.4": ("2", "4/5", "zero"),
    "3.5": ("2", "4/5", "zero"), "3.6": ("6", None, "zero"),
    "4.1": ("6", None, "no_score"), "4.2": ("4", "4/5", "no_score"), "4.3": ("2", None, "zero"),
    "4.4": ("2", "4/5", "no_score"), "4.5": ("4", None, "no_score"), "4.6": ("2", None, "no_score"),
    "4.7": ("2", None, "zero"),
    "5.1": ("6", None, "full"), "5.2": ("6", None, "full"), "5.3": ("6", "9/10", "zero"),
}  # fmt: skip


@pytest.fixture(scope="module")
def law() -> RulebookInfo:
    return rulebooks.choose("law", QUARTER_END)


@pytest.fixture(scope="module")
def portal() -> RulebookInfo:
    return rulebooks.choose("portal", QUARTER_END)


def test_components_of_the_written_rules(law: RulebookInfo) -> None:
    assert [c.id for c in law.components] == list(WRITTEN)
    for component in law.components:
        maximum, target, when_zero = WRITTEN[component.id]
        assert component.max == Decimal(maximum)
        assert component.target == (None if target is None else Fraction(target))
        assert component.when_zero == when_zero


def test_the_portal_reading_differs_only_where_it_should(law: RulebookInfo, portal: RulebookInfo) -> None:
    changed = {
        (row.id, row.field, row.before, row.after)
        for row in rulebooks.difference(law, portal)
        if row.section != "rulebook" and row.field in ("max", "target", "when_zero", "subject", "value", "lower", "")
    }
    assert changed == {
        ("1.4", "when_zero", "zero", "no_score"),
        ("4.2", "target", "0.8", ""),
        ("4.3", "when_zero", "zero", "no_score"),
        ("4.7", "when_zero", "zero", "no_score"),
        ("waiting_clock", "value", "working", "calendar"),
    }
    assert (law.no_score, portal.no_score) == ("excluded", "zero")


def test_groups_are_18_20_22_22_18(law: RulebookInfo) -> None:
    assert [(g.id, g.max) for g in law.groups] == [("1", 18), ("2", 20), ("3", 22), ("4", 22), ("5", 18)]


def test_components_per_group_are_4_2_6_7_3(law: RulebookInfo) -> None:
    assert [sum(c.group == g.id for c in law.components) for g in law.groups] == [4, 2, 6, 7, 3]


def test_bands_best_first(law: RulebookInfo) -> None:
    assert [(g.label_vi, g.lower) for g in law.grades] == [
        ("Xuất sắc", 90), ("Tốt", 80), ("Khá", 70), ("Trung bình", 50), ("Yếu", 0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("announce_days_province", 5), ("announce_days_ministry", 20), ("publish_days_province", 5),
        ("publish_days_ministry", 10), ("published_parts", 7), ("supplements_overdue", 2), ("petition_refuse_days", 2),
        ("petition_supplement_days", 5), ("petition_handle_days", 15), ("petition_publish_days", 2),
        ("waiting_clock", "working"), ("supplement", "subtract"), ("new_appointment", "informs"),
        ("boundary_free_from", "2026-08-05"),
    ],
)  # fmt: skip
def test_parameters(law: RulebookInfo, parameter: str, value: int | str) -> None:
    assert law.parameter(parameter, QUARTER_END) == value


def test_everything_is_cited(law: RulebookInfo) -> None:
    entries = (*law.groups, *law.components, *law.grades, *law.parameters)
    assert all("766/QĐ-TTg" in entry.cite for entry in entries)


def test_rules_in_words(law: RulebookInfo) -> None:
    assert law.component("3.3").rule_vi == "điểm = 6 × min(1; tỷ lệ / 50%)"
    assert law.component("3.3").rule_en == "points = 6 × min(1, ratio / 50%)"
    assert law.component("2.1").rule_vi == "điểm = 20 × tỷ lệ"


def test_needs_name_columns_and_alternatives(law: RulebookInfo) -> None:
    paid = law.component("3.6")
    assert paid.missing({"dossiers.Gia"}) == ("dossiers.DuocThanhToanTrucTuyen",)
    population = law.component("4.6")
    assert population.missing({"dossiers.MaCSDL"}) == ()


def test_nothing_before_the_decision() -> None:
    with pytest.raises(InputError, match=r"No rulebook of the reading .law. is in force on 2022-06-22"):
        rulebooks.choose("law", date(2022, 6, 22))
    assert rulebooks.choose("law", date(2022, 6, 23)).id == "qd766"
