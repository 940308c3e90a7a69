"""A province's plan on top of the national rules, and which rulebook is in force."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.rulebooks.plan import CITE, typed_component, write_plan
from tthc_cli import rulebooks
from tthc_cli.errors import InputError

JUNE = date(2023, 6, 30)


def test_a_plan_changes_only_what_it_says(tmp_path: Path) -> None:
    plan = rulebooks.load(write_plan(tmp_path, f'[[component]]\nid = "3.3"\ntarget = 0.6\n{CITE}'))
    rows = [r for r in rulebooks.difference(rulebooks.by_id("qd766"), plan) if r.section != "rulebook"]
    assert {(r.id, r.field) for r in rows} == {
        ("3.3", "target"),
        ("3.3", "cite"),
        ("3.3", "rule_vi"),
        ("3.3", "rule_en"),
    }
    assert next((r.before, r.after) for r in rows if r.field == "target") == ("0.5", "0.6")


def test_a_plan_adds_a_component_from_typed_figures(tmp_path: Path) -> None:
    body = f'[[group]]\nid = "2"\nmax = 25\n{CITE}' + typed_component("2.3", "2", "5")
    plan = rulebooks.load(write_plan(tmp_path, body, more="total = 105"))
    assert [c.id for c in plan.components if c.group == "2"] == ["2.1", "2.2", "2.3"]
    assert plan.component("2.3").subject == "typed"
    assert sum(g.max for g in plan.groups) == 105


def test_a_plan_adds_a_group(tmp_path: Path) -> None:
    body = f'[[group]]\nid = "6"\ntitle_vi = "Điểm thưởng"\ntitle_en = "Bonus"\nmax = 2.5\n{CITE}'
    plan = rulebooks.load(write_plan(tmp_path, body + typed_component("6.1", "6", "2.5"), more="total = 102.5"))
    assert plan.groups[-1].max == Decimal("2.5")
    assert plan.components[-1].id == "6.1"


def test_a_plan_with_its_own_bands_has_only_those(tmp_path: Path) -> None:
    bands = "".join(
        f'[[grade]]\nkey = "{key}"\nlabel_vi = "{key}"\nlabel_en = "{key}"\nlower = {lower}\n{CITE}'
        for key, lower in (("fail", 0), ("pass", 50))
    )
    assert [g.key for g in rulebooks.load(write_plan(tmp_path, bands)).grades] == ["pass", "fail"]


def test_a_plan_may_rest_on_another_plan(tmp_path: Path) -> None:
    write_plan(tmp_path, f'[[component]]\nid = "3.3"\ntarget = 0.6\n{CITE}', name="first")
    second = rulebooks.load(write_plan(tmp_path, name="second", extends="first"))
    assert second.lineage == ("first", "qd766")
    assert float(second.component("3.3").target or 0) == 0.6


def test_a_rulebook_may_stand_on_18_points(tmp_path: Path) -> None:
    # The model is not tied to 100 points: marks out of 18, graded in points.
    text = (
        'id = "eighteen"\nrevision = 1\nreading = "law"\ntitle_vi = "A"\ntitle_en = "A"\ntotal = 18\n'
        f'no_score = "zero"\neffective_from = 2018-06-21\n{CITE}'
        f'[[group]]\nid = "1"\ntitle_vi = "A"\ntitle_en = "A"\nmax = 18\n{CITE}' + typed_component("m1", "1", "18")
    )
    for key, lower in (("excellent", 15), ("good", 12), ("fair", 9), ("average", 6), ("weak", 0)):
        text += f'[[grade]]\nkey = "{key}"\nlabel_vi = "{key}"\nlabel_en = "{key}"\nlower = {lower}\n{CITE}'
    (tmp_path / "eighteen.toml").write_text(text, encoding="utf-8")
    assert rulebooks.load(tmp_path / "eighteen.toml").groups[0].max == 18


def test_a_parameter_has_values_in_turn(tmp_path: Path) -> None:
    row = '[[parameter]]\nid = "petition_handle_days"\nvalue = {}\ntitle_vi = "Xử lý"\ntitle_en = "Handle"\n{}\n' + CITE
    body = row.format(15, "effective_to = 2023-12-31") + row.format(10, "effective_from = 2024-01-01")
    plan = rulebooks.load(write_plan(tmp_path, body))
    assert plan.parameter("petition_handle_days", date(2023, 12, 31)) == 15
    assert plan.parameter("petition_handle_days", date(2024, 1, 1)) == 10


def test_a_plan_takes_the_place_of_what_it_extends(tmp_path: Path) -> None:
    write_plan(tmp_path)
    assert rulebooks.choose("law", JUNE, tmp_path).id == "plan"
    assert rulebooks.choose("portal", JUNE, tmp_path).id == "qd766-portal"
    assert rulebooks.choose("law", date(2023, 4, 17), tmp_path).id == "qd766"


def test_a_plan_ends(tmp_path: Path) -> None:
    write_plan(tmp_path, dates="effective_from = 2023-01-01\neffective_to = 2023-06-30")
    assert rulebooks.choose("law", JUNE, tmp_path).id == "plan"
    assert rulebooks.choose("law", date(2023, 7, 1), tmp_path).id == "qd766"


def test_two_plans_in_force_on_one_day_are_refused(tmp_path: Path) -> None:
    write_plan(tmp_path, name="one")
    write_plan(tmp_path, name="two", dates="effective_from = 2023-06-30")
    assert rulebooks.choose("law", date(2023, 6, 29), tmp_path).id == "one"
    with pytest.raises(InputError, match=r"More than one rulebook .* in force on 2023-06-30: one, two"):
        rulebooks.choose("law", JUNE, tmp_path)


def test_the_newest_revision_counts(tmp_path: Path) -> None:
    write_plan(tmp_path)
    write_plan(tmp_path, f'[[component]]\nid = "3.3"\ntarget = 0.6\n{CITE}', revision=2)
    assert rulebooks.choose("law", JUNE, tmp_path).revision == 2
    assert rulebooks.by_id("plan", tmp_path).revision == 2
    assert rulebooks.by_id("plan", tmp_path, revision=1).revision == 1


def test_one_revision_in_two_files_is_refused(tmp_path: Path) -> None:
    write_plan(tmp_path).rename(tmp_path / "copy.toml")
    write_plan(tmp_path)
    with pytest.raises(rulebooks.RulebookError, match="rulebook plan revision 1 is already in"):
        rulebooks.available(tmp_path)


def test_an_unknown_rulebook_is_answered_with_the_nearest() -> None:
    with pytest.raises(InputError, match=r"no rulebook .qd76. \(nearest: qd766\)"):
        rulebooks.by_id("qd76")


def test_the_hash_shows_a_change_of_the_base(tmp_path: Path) -> None:
    base = write_plan(tmp_path, name="base")
    child = write_plan(tmp_path, name="child", extends="base")
    before = rulebooks.load(child).sha256
    assert rulebooks.load(child).sha256 == before
    base.write_text(base.read_text(encoding="utf-8") + f'[[component]]\nid = "3.3"\ntarget = 0.6\n{CITE}', "utf-8")
    assert rulebooks.load(child).sha256 != before


def test_the_hash_does_not_depend_on_how_the_file_is_written(tmp_path: Path) -> None:
    one = rulebooks.load(write_plan(tmp_path, f'[[component]]\nid = "3.3"\ntarget = 0.6\n{CITE}'))
    other = rulebooks.load(write_plan(tmp_path, f'# ghi chú\n[[component]]\n{CITE}target = 0.600\nid = "3.3"\n'))
    assert one.sha256 == other.sha256
