"""Law as data: the rulebooks (`*.toml`), found, checked, chosen and compared."""

from tthc_cli.rulebooks.difference import RuleDifference, difference
from tthc_cli.rulebooks.faults import RulebookError, RuleProblem
from tthc_cli.rulebooks.loader import BUILT_IN, available, by_id, choose, files, load, problems

__all__ = [
    "BUILT_IN", "RuleDifference", "RuleProblem", "RulebookError", "available", "by_id", "choose", "difference", "files",
    "load", "problems",
]  # fmt: skip
