"""The plan shown in docs/rulebooks.md is a plan that works, and the one that can be copied from docs/examples."""

from __future__ import annotations

import re
from pathlib import Path

from tthc_cli import rulebooks

DOCS = Path(__file__).parents[2] / "docs"
EXAMPLE = DOCS / "examples" / "binh-thuan.toml"


def test_the_page_shows_the_example_file() -> None:
    (shown,) = re.findall(r"```toml\n(.*?)```", (DOCS / "rulebooks.md").read_text(encoding="utf-8"), re.DOTALL)
    assert shown == EXAMPLE.read_text(encoding="utf-8")


def test_the_example_loads() -> None:
    plan = rulebooks.load(EXAMPLE)
    assert float(plan.component("3.3").target or 0) == 0.6
    assert (plan.component("2.3").max, plan.component("2.3").subject) == (5, "typed")
    assert sum(g.max for g in plan.groups) == 105
    assert [(g.label_vi, int(g.lower)) for g in plan.grades] == [
        ("Xuất sắc", 95),
        ("Tốt", 85),
        ("Đạt yêu cầu", 65),
        ("Chưa đạt", 0),
    ]


def test_the_example_is_in_force_from_the_day_of_the_decision() -> None:
    plan = rulebooks.load(EXAMPLE)
    assert (plan.effective_from, plan.effective_to, plan.lineage) == ("2023-04-18", None, ("qd766",))
