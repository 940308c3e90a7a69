"""`tthc status`: how a workspace that nobody watches is, for people and for what watches it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from tthc_cli import clock
from tthc_cli.cli.session import WIDEST, Session, command, h
from tthc_cli.errors import Exit

if TYPE_CHECKING:
    from tthc_cli.jobs.health import Finding, Health

_MARKS = {"ok": ("✓", "green"), "note": ("•", "yellow"), "bad": ("✗", "bold red")}
_MOST = 12
"""Lines a check; the worst first, the rest is counted."""


@command("status", purpose="administration")
def status(
    session: Session,
    check: Annotated[bool, typer.Option("--check", help=h("status_check"))] = False,
) -> Exit:
    from tthc_cli.jobs.health import Situation, check_health

    situation = Situation(session.workspace, session.now(), clock.machine_ahead())
    health = check_health(situation, deep=check)
    if session.json:
        session.emit(_document(session, health))
    if not session.quiet:
        session.show(session.say("health.of", path=str(session.workspace.root.resolve())), whole=True)
        session.show(_table(session, health))
    wrong = sum(one.state == "bad" for findings in health.found.values() for one in findings)
    session.show(session.say("health.well") if health.is_well else session.say("health.unwell", count=wrong))
    return Exit.DONE if health.is_well else Exit.ROWS_REJECTED


def _document(session: Session, health: Health) -> dict[str, Any]:
    return {
        "schema": 1,
        "at": session.now().isoformat(),
        "ok": health.is_well,
        "checks": {
            name: [
                {"state": one.state, "code": one.key, "message": one.said(session.lang), "fields": one.plain()}
                for one in findings
            ]
            for name, findings in health.found.items()
        },
    }


def _table(session: Session, health: Health) -> Any:
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 1))
    table.width = min(session.out.width, WIDEST)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(ratio=1, overflow="fold")
    for name, findings in health.found.items():
        title = session.say(f"health.title_{name}")
        for one in _shown(findings):
            mark, colour = _MARKS[one.state]
            text = Text(one.said(session.lang), style="bold" if one.state == "bad" else "")
            table.add_row(Text(mark, style=colour), Text(title), text)
            title = ""
        if len(findings) > _MOST:
            table.add_row("", "", session.say("health.more", count=len(findings) - _MOST))
    return table


def _shown(findings: tuple[Finding, ...]) -> list[Finding]:
    if len(findings) <= _MOST:
        return list(findings)
    return sorted(findings, key=lambda one: ("bad", "note", "ok").index(one.state))[:_MOST]
