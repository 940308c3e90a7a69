"""The checks there are. One that is to be asked by `tthc status` joins by a line here, its sentences in
`messages/*/health.toml`, and its name there as `title_<name>`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tthc_cli.errors import TthcError
from tthc_cli.jobs.health import deliveries, due, handing_in, machine, runs, settings, stored
from tthc_cli.jobs.health.model import Answers, Finding, Health, Situation, bad


@dataclass(frozen=True, slots=True)
class Check:
    """One question about a workspace."""

    name: str
    ask: Callable[[Situation], Answers]
    deep: bool = False
    """Whether it writes, starts a program or asks a server: asked with --check alone."""


CHECKS = (
    Check("workspace", settings.workspace),
    Check("runs", runs.last_runs),
    Check("lock", runs.lock),
    Check("senders", deliveries.senders),
    Check("waiting", deliveries.waiting),
    Check("officials", stored.officials),
    Check("scores", stored.scores),
    Check("due", due.due),
    Check("handing_in", handing_in.self_assessments),
    Check("disk", machine.disk),
    Check("settings", settings.settings),
    Check("folders", machine.folders, deep=True),
    Check("storage", stored.storage, deep=True),
    Check("browser", machine.browser, deep=True),
    Check("fonts", machine.fonts, deep=True),
    Check("clock", machine.clock, deep=True),
)


def check_health(situation: Situation, deep: bool = False) -> Health:
    """Ask every check, the deep ones only if asked for. What stops a check is its answer."""
    return Health({check.name: _answers(check, situation) for check in CHECKS if deep or not check.deep})


def _answers(check: Check, situation: Situation) -> tuple[Finding, ...]:
    try:
        return tuple(check.ask(situation))
    except (TthcError, OSError) as error:
        return (bad("stopped", detail=error),)
