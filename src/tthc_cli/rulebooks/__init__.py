"""Law as data: the rulebooks (`*.toml`), found, checked, chosen and compared."""

from tthc_cli.rulebooks.difference import RuleDifference, difference
from tthc_cli.rulebooks.faults import RulebookError, RuleProblem
from tthc_cli.rulebooks.loader import available, by_id, choose, files, load, problems

__all__ = [
    "RuleDifference", "RuleProblem", "RulebookError", "available", "by_id", "choose", "difference", "files", "load",
    "problems",
]  # fmt: skip
