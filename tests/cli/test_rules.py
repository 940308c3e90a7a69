"""`tthc rules`, and scoring by two rulebooks."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.province import FIGURES, commands, make_workspace
from tests.rulebooks.plan import CITE, write_plan
from tthc_cli.cli import run

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "binh-thuan.toml"
BROKEN = Path(__file__).parents[1] / "rulebooks" / "broken"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / "rulebooks").mkdir()
    return tmp_path


def plan(workspace: Path, body: str = "", **more: object) -> Path:
    return write_plan(workspace / "rulebooks", body, **more)  # type: ignore[arg-type]


def narrow(text: str) -> bool:
    return max(map(len, text.splitlines())) <= 100


def test_list_names_every_rulebook_and_where_it_lies(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan(workspace)
    assert commands(workspace)("rules", "list") == 0
    out = capsys.readouterr().out
    assert "kèm chương trình; kế thừa qd766" in out and "từ 23/06/2022" in out
    assert " plan  " in out and "Kế hoạch của tỉnh" in out and "từ 18/04/2023" in out
    assert "rulebooks/plan-1.toml; kế thừa" in out
    assert narrow(out)


def test_list_as_json(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan(workspace)
    commands(workspace)("rules", "list", "--json")
    said = json.loads(capsys.readouterr().out)
    nine = ["tt01-2018", "tt01-2018-officials", "vi-du-tinh"]
    assert [b["id"] for b in said["rulebooks"]] == ["qd766", "qd766-portal", *nine, "plan"]
    assert said["rulebooks"][-1]["extends"] == ["qd766"]
    assert len(said["rulebooks"][0]["sha256"]) == 64


def test_list_tells_of_a_rulebook_that_is_wrong(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan(workspace, f'[[component]]\nid = "3.3"\ntarget = 1.5\n{CITE}')
    assert commands(workspace)("rules", "list") == 3
    captured = capsys.readouterr()
    assert "qd766-portal" in captured.out
    assert "rulebooks/plan-1.toml: có 1 lỗi, chưa dùng được" in captured.err


def test_show_says_components_rules_citations_and_bands(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rules", "show", "qd766"]) == 0
    out = capsys.readouterr().out
    words = " ".join(out.split())
    assert "Tỷ lệ hồ sơ xử lý đúng hạn" in words and "điểm = 20 × tỷ lệ" in words
    assert "điểm = 6 × min(1; tỷ lệ /" in words
    assert "Xuất sắc 90 " in words and "Tốt 80 90 " in words
    assert narrow(out)


def test_show_in_english(capsys: pytest.CaptureFixture[str]) -> None:
    run(["rules", "show", "qd766", "--lang", "en"])
    assert "points = 20 × ratio" in capsys.readouterr().out


def test_show_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    run(["rules", "show", "qd766-portal", "--json"])
    book = json.loads(capsys.readouterr().out)["rulebook"]
    assert {c["id"]: c["max"] for c in book["components"]}["2.1"] == 20
    assert {c["id"]: c["target"] for c in book["components"]}["3.3"] == 0.5
    assert book["lineage"] == ["qd766"]


def test_show_takes_a_file_that_is_in_no_folder(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rules", "show", str(EXAMPLE)]) == 0
    assert "Tỷ lệ TTHC được cắt giảm" in capsys.readouterr().out


def test_show_takes_a_revision(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan(workspace)
    plan(workspace, revision=2)
    commands(workspace)("rules", "show", "plan@1", "--json")
    assert json.loads(capsys.readouterr().out)["rulebook"]["revision"] == 1


def test_show_answers_an_unknown_name_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rules", "show", "qd76"]) == 3
    assert "gần nhất: qd766" in capsys.readouterr().err


def test_check_says_that_a_file_is_right(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rules", "check", str(EXAMPLE)]) == 0
    assert "không có lỗi (binh-thuan, bản 1)" in " ".join(capsys.readouterr().out.split())


def test_check_prints_every_fault_with_file_and_line(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = plan(
        workspace, f'[[component]]\nid = "3.3"\ntarget = 1.5\n{CITE}[[component]]\nid = "3.1"\nweigth = 3\n{CITE}'
    )
    path.write_text(path.read_text("utf-8").replace('reading = "law"', 'reading = "laws"'), encoding="utf-8")
    assert commands(workspace)("rules", "check", str(path)) == 3
    out = " ".join(capsys.readouterr().out.split())
    assert "2 lỗi" in out
    assert "plan-1.toml › dòng 3" in out and "Có phải" in out
    assert 'không có khóa "weigth"' in out


def test_each_fault_stands_on_one_line_and_is_not_silenced(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rules", "check", str(BROKEN / "grade_gap.toml"), str(EXAMPLE), "--quiet"]) == 3
    head, fault = capsys.readouterr().out.splitlines()
    assert "1 lỗi" in head
    assert "grade_gap.toml › dòng 22: " in fault and fault.endswith("mức pass.")


def test_check_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    path = BROKEN / "grade_gap.toml"
    assert run(["rules", "check", str(path), str(EXAMPLE), "--json"]) == 3
    wrong, right = json.loads(capsys.readouterr().out)["files"]
    assert [f["code"] for f in wrong["faults"]] == ["grade_gap"] and wrong["faults"][0]["line"] > 1
    assert right["faults"] == []


def test_check_without_a_file_checks_the_folder(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan(workspace, name="one")
    plan(workspace, name="two", dates="effective_from = 2024-01-01")
    assert commands(workspace)("rules", "check") == 0
    assert capsys.readouterr().out.count("không có lỗi") == 2


def test_check_in_an_empty_folder_says_what_to_do(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert commands(workspace)("rules", "check") == 3
    assert "tthc rules check TỆP.toml" in capsys.readouterr().err


def test_check_notices_a_revision_that_another_file_has(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy = workspace / "rulebooks" / "copy.toml"
    shutil.copy(plan(workspace), copy)
    assert commands(workspace)("rules", "check", str(copy)) == 3
    assert "Bản sửa phải mang số revision mới" in " ".join(capsys.readouterr().out.split())


def test_diff_says_what_changed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rules", "diff", "qd766", str(EXAMPLE)]) == 0
    out = capsys.readouterr().out
    words = " ".join(out.split())
    assert "chỉ số 2.3 (thêm)" in words and "mức đạt 50% 60%" in words
    assert "mức xếp loại average (bỏ) Trung bình" in words
    assert narrow(out)


def test_diff_of_a_rulebook_with_itself(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rules", "diff", "qd766", "qd766"]) == 0
    assert "giống hệt nhau" in capsys.readouterr().out


def test_diff_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    run(["rules", "diff", "qd766", "qd766-portal", "--json"])
    rows = json.loads(capsys.readouterr().out)["differences"]
    assert {"section": "component", "id": "4.2", "field": "target", "before": "0.8", "after": ""} in rows


def test_the_example_plan_is_chosen_and_scores_its_own_component(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # 2.1: 14; 2.3: 5 × 8/10 = 4; 3.3: 6 × 0,45/0,6 = 4,50. Cộng 22,50/31 = 72,58: Đạt yêu cầu (từ 65)
    make_workspace(workspace, {**FIGURES, ("H99.02", "2023Q2", "2.3"): (8, 10)})
    shutil.copy(EXAMPLE, workspace / "rulebooks")
    capsys.readouterr()
    assert commands(workspace)("score", "--quarter", "2023Q2", "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert said["rulebook"]["id"] == "binh-thuan"
    unit = next(u for u in said["units"] if u["id"] == "H99.02")
    assert (unit["total"], unit["assessed_max"], unit["grade"]) == (22.5, 31, "fair")


def test_a_quarter_before_the_plan_is_scored_by_the_national_rules(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_workspace(workspace)
    shutil.copy(EXAMPLE, workspace / "rulebooks")
    capsys.readouterr()
    commands(workspace)("score", "--quarter", "2023Q1", "--json")
    assert json.loads(capsys.readouterr().out)["rulebook"]["id"] == "qd766"


def test_scoring_by_two_rulebooks_shows_the_difference_per_unit(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # H99.02: 19,40/26 = 74,62 theo qd766; 18,50/26 = 71,15 theo binh-thuan (3.3: 4,50 thay vì 5,40)
    make_workspace(workspace)
    shutil.copy(EXAMPLE, workspace / "rulebooks")
    capsys.readouterr()
    both = ("--rulebook", "qd766", "--rulebook", "binh-thuan")
    assert commands(workspace)("score", "--quarter", "2023Q2", *both) == 0
    out = capsys.readouterr().out
    words = " ".join(out.split())
    assert "H99.02 Sở Công Thương 74,62 71,15 −3,47 2 Khá* → Đạt yêu cầu*" in words
    assert "chủ yếu: 3.3 −0,90" in words
    assert narrow(out)
    assert json.loads((workspace / "scores" / "latest.json").read_text())["rulebook"] == "qd766"


def test_scoring_by_two_rulebooks_as_json(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_workspace(workspace)
    capsys.readouterr()
    both = ("--rulebook", "qd766", "--rulebook", "qd766-portal")
    commands(workspace)("score", "--quarter", "2023Q2", "--json", *both)
    said = json.loads(capsys.readouterr().out)
    assert [s["rulebook"]["id"] for s in said["scores"]] == ["qd766", "qd766-portal"]
    assert said["difference"]["same_rules"] is False
    assert {u["change"]["total"] for u in said["difference"]["units"]} == {0}


@pytest.mark.parametrize(
    ("names", "words"),
    [(("qd766", "qd766"), "cùng một bộ"), (("qd766", "qd766-portal", "x"), "chỉ so sánh được hai")],
)
def test_two_different_rulebooks_are_wanted(
    workspace: Path, capsys: pytest.CaptureFixture[str], names: tuple[str, ...], words: str
) -> None:
    options = [part for name in names for part in ("--rulebook", name)]
    assert commands(workspace)("score", "--quarter", "2023Q2", *options) == 2
    assert words in capsys.readouterr().err
