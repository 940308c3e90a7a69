"""The plan shown in docs/rulebooks.md is a plan that works."""

from __future__ import annotations

import re
from pathlib import Path

from tthc_cli import rulebooks

PAGE = Path(__file__).parents[2] / "docs" / "rulebooks.md"


def test_the_plan_in_the_docs_loads(tmp_path: Path) -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    (tmp_path / "plan.toml").write_text(example, encoding="utf-8")
    plan = rulebooks.load(tmp_path / "plan.toml")
    assert float(plan.component("3.3").target or 0) == 0.6
    assert plan.component("2.3").max == 5
    assert sum(g.max for g in plan.groups) == 105
