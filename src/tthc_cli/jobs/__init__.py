"""One call a command, without a terminal: what the command line calls, and a notebook can call too (docs/python.md).

Workspace, periods and rulebooks are arguments; so is the language, where words are written. Nothing prints, asks for
the time, or looks at the environment.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tthc_cli.jobs.appraising.reconciling import reconcile
    from tthc_cli.jobs.appraising.self_assessing import appraised_against_self, self_assess
    from tthc_cli.jobs.ask import compare, explain, explain_dossier, whatif
    from tthc_cli.jobs.choose import choose_rulebook, open_workspace, period, stored
    from tthc_cli.jobs.ingesting import ingest
    from tthc_cli.jobs.lists import list_at, list_of_score
    from tthc_cli.jobs.periodic import periodic_report
    from tthc_cli.jobs.reporting import report
    from tthc_cli.jobs.running import run
    from tthc_cli.jobs.scoring import score
    from tthc_cli.jobs.unit_tables import check_units, propose_units

_HOME = {
    "compare": "ask", "explain": "ask", "explain_dossier": "ask", "whatif": "ask", "choose_rulebook": "choose",
    "open_workspace": "choose", "period": "choose", "stored": "choose", "ingest": "ingesting", "list_at": "lists",
    "list_of_score": "lists", "periodic_report": "periodic", "report": "reporting", "run": "running",
    "score": "scoring", "propose_units": "unit_tables", "check_units": "unit_tables",
    "reconcile": "appraising.reconciling", "self_assess": "appraising.self_assessing",
    "appraised_against_self": "appraising.self_assessing",
}  # fmt: skip
"""Function -> the module it is in, loaded when it is first asked for."""
__all__ = [
    "appraised_against_self", "check_units", "choose_rulebook", "compare", "explain", "explain_dossier", "ingest",
    "list_at", "list_of_score", "open_workspace", "period", "periodic_report", "propose_units", "reconcile", "report",
    "run", "score", "self_assess", "stored", "whatif",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(name)
    found = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = found
    return found
