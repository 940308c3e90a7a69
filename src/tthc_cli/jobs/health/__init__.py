"""How a workspace that nobody watches is: `check_health` asks every check of the registry."""

from tthc_cli.jobs.health.model import Finding, Health, Situation
from tthc_cli.jobs.health.registry import check_health

__all__ = ["Finding", "Health", "Situation", "check_health"]
