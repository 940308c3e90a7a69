"""`tthc --help` reads as short lists by purpose: each command once, under its heading, on one line."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from tests.command import tthc
from tthc_cli.cli.registry import COMMANDS, PURPOSES
from tthc_cli.messages import say

WIDTH = 80


def page(lang: str) -> str:
    return subprocess.run(
        [sys.executable, "-m", "tthc_cli", "--help"], capture_output=True, text=True, check=True,
        env={**os.environ, "TTHC_LANG": lang, "COLUMNS": str(WIDTH)},
    ).stdout  # fmt: skip


def lists(text: str) -> dict[str, list[str]]:
    """Heading -> lines below it."""
    found: dict[str, list[str]] = {}
    heading = ""
    for line in text.splitlines():
        if line and not line.startswith(" ") and line.endswith(":"):
            heading = line[:-1]
            found[heading] = []
        elif line.startswith("  ") and heading:
            found[heading].append(line)
        else:
            heading = ""
    return found


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_command_stands_once_under_the_heading_of_its_purpose(lang: str) -> None:
    found = lists(page(lang))
    for purpose in PURPOSES:
        words = {one.name.partition(" ")[0] for one in COMMANDS if one.purpose == purpose}
        listed = [line.split()[0] for line in found.get(say(f"help.purpose_{purpose}", lang), [])]  # type: ignore[arg-type]
        assert sorted(listed) == sorted(words), purpose


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_command_is_told_on_one_line(lang: str) -> None:
    found = lists(page(lang))
    headings = {say(f"help.purpose_{purpose}", lang) for purpose in PURPOSES}  # type: ignore[arg-type]
    for heading in headings & set(found):
        for line in found[heading]:
            assert re.match(r"  [a-z]", line), f"the first sentence of this command's help is too long: {line}"


def test_the_main_job_comes_first_in_the_order_it_is_done() -> None:
    assert [line.split()[0] for line in lists(page("vi"))["Việc chính"]][:5] == [
        "init", "ingest", "score", "report", "run",
    ]  # fmt: skip


def test_the_page_tells_every_exit_code() -> None:
    told = page("en").partition("Exit codes: ")[2]
    assert re.findall(r"(\d) [a-z]", told) == ["0", "1", "2", "3", "4", "5"]


def test_a_group_of_commands_lists_its_own_under_one_heading() -> None:
    found = lists(tthc("rules", "--help").out)
    assert [line.split()[0] for line in found["Lệnh"]] == ["list", "show", "check", "diff"]


def test_the_page_of_a_command_has_its_examples_and_the_exit_codes() -> None:
    page_of = tthc("compare", "--help").out
    assert "  # hai quý\n  tthc compare I/2023 II/2023\n" in page_of
    assert "5 lỗi của chương trình" in " ".join(page_of.split())


def test_the_page_of_a_group_has_an_example_of_each_of_its_commands() -> None:
    told = tthc("rules", "--help").out.partition("Ví dụ:")[2]
    assert re.findall(r"(?m)^  tthc rules (\w+)", told) == ["list", "show", "check", "diff"]
