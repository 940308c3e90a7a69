"""One broken rulebook a mistake; the message must say what and where."""

from __future__ import annotations

from pathlib import Path

import pytest

from tthc_cli import rulebooks

BROKEN = Path(__file__).parent / "broken"

FAULTS = {
    "check_of_an_unknown_criterion": (13, 'check D99: there is no component "c99"'),
    "check_with_a_mark_above_2": (14, "mark = 3 must be a mark, 0, 1 or 2"),
    "component_without_citation": (10, "component 2.1: the citation (cite) is missing"),
    "criterion_derived_before_slips": (13, '"derived" must stand after "inspection" and "slip"'),
    "criterion_from_an_unknown_source": (13, 'there is no source of marks "slips" (sources). Did you mean "slip"?'),
    "criterion_of_another_law": (12, "component 2.1: no code knows how to count it"),
    "criterion_with_a_maximum_above_2": (19, 'the maximum 3 does not go with rule = "mean"'),
    "criterion_without_a_source": (11, "component c1: the sources of its marks are missing"),
    "cycle_one": (4, "in a circle: cycle-one → cycle-two → cycle-one"),
    "cycle_two": (4, "in a circle: cycle-two → cycle-one → cycle-two"),
    "duplicate_component": (16, "component 2.1: the id stands twice"),
    "duplicate_group": (16, "group 2: the id stands twice"),
    "from_after_to": (9, "effective_from 2023-04-18 is after effective_to 2022-12-31"),
    "grade_gap": (22, "grade fail: gap between its upper bound 49 and the lower bound 50 of pass"),
    "grade_overlap": (22, "grade fail: overlap with pass"),
    "grade_same_lower": (21, "grade fair: same lower bound 50 as good"),
    "grade_upper_below_lower": (15, "the upper bound 40 must be above the lower bound 50"),
    "grade_without_a_floor": (21, "the lowest band must begin at 0, not 10"),
    "groups_do_not_sum_to_100": (12, "the groups sum to 98, not to 100"),
    "id_that_is_a_path": (1, 'id = "../plan" must be an id of letters'),
    "mark_above_2": (13, 'value = 3 must be a mark, 0, 1 or 2, or "none" (no mark)'),
    "maxima_do_not_sum_to_group": (12, "group 1: its components sum to 17, not to its maximum 18"),
    "missing_parameter": (1, 'the parameter "petition_handle_days" is missing; component 5.1 needs it'),
    "missing_title": (1, 'the key "title_en" is missing'),
    "negative_parameter": (12, "value = -1 must not be negative"),
    "no_components": (1, "there is no [[component]]"),
    "no_points_but_scored": (17, 'maximum 0 does not go with rule = "linear"'),
    "not_a_table": (9, '"component" must be written as [[component]]'),
    "number_for_a_word": (12, 'value = "1" must be one of: informs, counts'),
    "parameter_gap_between_values": (23, "no value is in force on 2024-01-01"),
    "parameter_that_begins_too_late": (15, "no value is in force on 2023-04-18"),
    "parameter_that_ends_too_early": (15, "no value is in force on 2024-01-01"),
    "parameter_values_overlap": (23, "two values are in force at the same time"),
    "parameter_without_citation": (10, "parameter petition_handle_days: the citation (cite) is missing"),
    "places_out_of_range": (4, "the decimals (places) 3 must be 0, 1 or 2"),
    "sources_without_marks": (13, 'sources are given but rule = "linear"'),
    "syntax": (10, "not valid TOML"),
    "target_above_1": (12, "the target 50 must be above 0 and at most 1"),
    "target_missing": (12, 'rule = "target" but the target is missing'),
    "target_on_a_linear_rule": (12, 'a target is given but rule = "linear"'),
    "target_zero": (12, "the target 0 must be above 0 and at most 1"),
    "text_for_a_day": (12, 'value = "05/8/2026" must be a date'),
    "text_for_a_number": (12, 'max = "20" must be a number'),
    "the_same_key_twice": (13, "not valid TOML"),
    "ungraded_but_not_assessed": (4, '"officials" gets no grade (ungraded) but is not assessed at all (units)'),
    "unknown_column": (12, 'there is no table.column "dossiers.Gias" (needs). Did you mean "dossiers.Gia"?'),
    "unknown_component": (11, "component 2.3: no code knows how to count it"),
    "unknown_extends": (4, 'extends "qd767", which does not exist. Did you mean "qd766"?'),
    "unknown_group": (12, 'there is no group "22". Did you mean "2"?'),
    "unknown_key": (12, 'component 2.1: there is no key "weigth"'),
    "unknown_parameter": (11, 'no code uses it. Did you mean "petition_handle_days"?'),
    "unknown_evaluation": (4, 'evaluation = "ten-criteria" must be one of: qd766, nine-criteria'),
    "unknown_reading": (3, 'reading = "lax" must be one of: law, portal'),
    "unknown_subject_kind": (4, 'nobody knows the subjects "divisons"'),
    "unknown_top_key": (9, 'there is no key "efective_to". Did you mean "effective_to"?'),
    "unknown_way_of_counting": (12, 'value = "working_time" must be one of: working, calendar'),
    "word_for_a_number": (12, 'value = "two" must be a number'),
    "wrong_subject": (12, 'the code counts "dossier", not "procedure"'),
    "yes_for_a_revision": (2, "must be a whole number from 1"),
}


def test_every_broken_file_is_listed_here() -> None:
    assert {path.stem for path in BROKEN.glob("*.toml")} == set(FAULTS)


@pytest.mark.parametrize("name", FAULTS)
def test_one_mistake_is_one_fault_with_its_line(name: str) -> None:
    line, words = FAULTS[name]
    (problem,) = rulebooks.problems(BROKEN / f"{name}.toml")
    assert words in problem.message("en")
    assert problem.line == line


@pytest.mark.parametrize("name", FAULTS)
def test_loading_refuses_with_file_and_line(name: str) -> None:
    line, words = FAULTS[name]
    with pytest.raises(rulebooks.RulebookError) as caught:
        rulebooks.load(BROKEN / f"{name}.toml")
    sentence = caught.value.message("en")
    assert words in sentence
    assert f".toml › line {line}: " in sentence
    assert f".toml › dòng {line}: " in caught.value.message("vi")


def test_a_file_that_is_not_there() -> None:
    (problem,) = rulebooks.problems(BROKEN / "nowhere.toml")
    assert "cannot be read" in problem.message("en")


def test_several_mistakes_are_all_listed(tmp_path: Path) -> None:
    text = (BROKEN / "unknown_key.toml").read_text(encoding="utf-8") + '\n[[grade]]\nkey = "pass"\nlowr = 0\n'
    (tmp_path / "two.toml").write_text(text, encoding="utf-8")
    said = [p.message("en") for p in rulebooks.problems(tmp_path / "two.toml")]
    assert len(said) == 3
    assert "weigth" in said[0]
    assert 'Did you mean "lower"?' in said[1]
    assert said[2] == "grade pass: the citation (cite) is missing."
