"""Both evaluations of a period from one pass over the dossiers: `--evaluation all`, or as the settings say."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli.test_nine_criteria import DOSSIERS, LOG, SLIPS, UNITS
from tests.command import scored, taken_in, tthc
from tthc_cli.counting import dossier_pass

BOTH = '[scoring]\nevaluations = ["qd766", "nine-criteria"]\n'


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return taken_in(tmp_path_factory.mktemp("both"), units=UNITS, ho_so=DOSSIERS, process_log=LOG, slips=SLIPS)


@pytest.fixture
def passes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The chunks of dossiers that were counted."""
    counted: list[str] = []
    plain = dossier_pass.count_stored

    def watched(path, group, *more):  # type: ignore[no-untyped-def]
        counted.append(f"{path.name}:{group}")
        return plain(path, group, *more)

    monkeypatch.setattr(dossier_pass, "count_stored", watched)
    return counted


def stored(folder: Path) -> dict[str, bytes]:
    """What is stored of scores; kept counts left out."""
    scores = folder / "scores"
    return {str(p.relative_to(scores)): p.read_bytes() for p in scores.glob("20*/*/*") if p.is_file()}


def anew(folder: Path) -> Path:
    shutil.rmtree(folder / "scores", ignore_errors=True)
    (folder / "tthc.toml").unlink(missing_ok=True)
    return folder


@pytest.mark.parametrize("reading", ["law", "portal"])
def test_one_command_stores_what_two_store(small: Path, reading: str) -> None:
    """By the portal's reading clocks run otherwise than by the nine criteria, and dossiers are counted for each."""
    scored(anew(small), "2023Q2", "--reading", reading)
    scored(small, "2023Q2", "--evaluation", "nine-criteria")
    apart = stored(small)
    scored(anew(small), "2023Q2", "--evaluation", "all", "--reading", reading)
    assert len({name.split("/")[1] for name in apart}) == 2
    assert stored(small) == apart


def test_dossiers_are_counted_once_for_both(small: Path, passes: list[str]) -> None:
    both = scored(anew(small), "2023Q2", "--evaluation", "all")
    assert [s["rulebook"]["id"] for s in both["scores"]] == ["qd766", "tt01-2018"]
    assert len(passes) == len(set(passes)) > 0


def test_counts_kept_of_both_serve_both_and_the_nine_criteria_alone(small: Path, passes: list[str]) -> None:
    scored(anew(small), "2023Q2", "--evaluation", "all")
    passes.clear()
    scored(small, "2023Q2", "--evaluation", "all")
    scored(small, "2023Q2", "--evaluation", "nine-criteria")
    assert passes == []


def test_a_run_makes_the_evaluations_of_the_settings(small: Path, tmp_path: Path) -> None:
    (anew(small) / "tthc.toml").write_text(BOTH, "utf-8")
    ended = tthc("run", small / "exports", "--quarter", "2023Q2", "--format", "csv", "--out", tmp_path,
                 "--workspace", small)  # fmt: skip
    assert ended.code in (0, 1), ended.err
    assert {p.name for p in tmp_path.iterdir()} == {"tthc-2023Q2-qd766.csv", "tthc-2023Q2-tt01-2018.csv"}
    assert [s["rulebook"]["id"] for s in scored(small, "2023Q2")["scores"]] == ["qd766", "tt01-2018"]
    assert scored(small, "2023Q2", "--evaluation", "qd766")["rulebook"]["id"] == "qd766"


def test_a_period_after_the_decree_is_scored_by_decision_766_and_that_is_said(small: Path) -> None:
    (anew(small) / "tthc.toml").write_text(BOTH, "utf-8")
    ended = tthc("score", "--quarter", "2025Q3", "--workspace", small, "--json")
    assert (ended.code, [s["rulebook"]["id"] for s in ended.json["scores"]]) == (0, ["qd766"])
    assert "30/6/2025" in ended.err


def test_a_province_that_goes_on_names_the_rulebook(small: Path) -> None:
    both = scored(anew(small), "2025Q3", "--evaluation", "all", "--rulebook", "tt01-2018")
    assert [s["rulebook"]["id"] for s in both["scores"]] == ["qd766", "tt01-2018"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--subjects", "officials"), "--evaluation nine-criteria --subjects officials"),
        (("--rulebook", "qd766", "--rulebook", "qd766-portal"), "cùng một luật"),
        (("--rulebook", "tt01-2018-officials"), "không chấm units"),
    ],
)
def test_what_cannot_be_asked_of_all_is_said(small: Path, options: tuple[str, ...], words: str) -> None:
    ended = tthc("score", "--quarter", "2023Q2", "--evaluation", "all", *options, "--workspace", small)
    assert (ended.code, words in ended.err) == (2, True), ended.err
