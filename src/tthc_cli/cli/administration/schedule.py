"""`tthc schedule`: a run every day, printed for cron, systemd and Windows, or installed."""

from __future__ import annotations

import functools
import os
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, cast

import typer

from tthc_cli import clock
from tthc_cli.cli.choosing import Asked, period_command
from tthc_cli.cli.session import Session, h
from tthc_cli.errors import Exit, UsageError

if TYPE_CHECKING:
    from tthc_cli.jobs.scheduling.texts import Schedule

WAYS = ("cron", "systemd", "windows")
WAITS = "3600"
"""Seconds for which a run of the night waits for another."""

PathsArgument = Annotated[
    list[Path] | None, typer.Argument(help=h("schedule_paths"), metavar=h("schedule_paths_metavar"), show_default=False)
]


@period_command("schedule", purpose="administration")
def schedule(
    session: Session,
    asked: Asked,
    paths: PathsArgument = None,
    daily: Annotated[str, typer.Option("--daily", help=h("schedule_daily"), metavar="HH:MM")] = "02:15",
    way: Annotated[str | None, typer.Option("--as", help=h("schedule_as"), metavar="|".join(WAYS))] = None,
    notify: Annotated[bool, typer.Option("--notify", help=h("schedule_notify"))] = False,
    install: Annotated[bool, typer.Option("--install", help=h("schedule_install"))] = False,
) -> Exit:
    from tthc_cli.jobs.scheduling import texts

    if way is not None and way not in WAYS:
        raise UsageError("unknown_way", value=way, known=", ".join(WAYS))
    asked.required_period()
    root = session.workspace.root.resolve()
    words = _words(asked, root, paths or [Path("exports")], notify)
    planned = texts.Schedule(root, words, texts.parse_daily(daily), clock.machine_ahead())
    first = clock.today() + timedelta(days=1)
    shown = {
        "cron": {"crontab": texts.crontab(planned)},
        "systemd": {
            f"~/.config/systemd/user/{planned.name}.service": texts.service(planned),
            f"~/.config/systemd/user/{planned.name}.timer": texts.timer(planned),
        },
        "windows": {f"{planned.name}.xml": texts.task(planned, first)},
    }
    installed = _install(session, planned, way) if install else None
    if session.json:
        wanted = {name: list(files.values()) for name, files in shown.items()}
        session.emit({"schema": 1, "name": planned.name, "command": words, "installed": installed, **wanted})
    if installed is None:
        _show(session, planned, shown if way is None else {way: shown[way]})
    return Exit.DONE


def _words(asked: Asked, root: Path, paths: list[Path], notify: bool) -> tuple[str, ...]:
    """The command line: whole paths, for a scheduler runs it from anywhere."""
    period = next(
        (f"--{kind}", text) for kind in ("month", "quarter", "half", "year") if (text := getattr(asked, kind))
    )
    options: list[str] = []
    for name in ("window", "reading"):
        if value := getattr(asked, name):
            options += [f"--{name}", value]
    for book in asked.rulebook or ():
        options += ["--rulebook", book]
    options += ["--workspace", str(root), "--wait", WAITS, "--quiet", *(["--notify"] if notify else [])]
    return (*_program(), "run", *(str(root / path) for path in paths), *period, *options)


def _program() -> tuple[str, ...]:
    """How this very program is called by its whole path."""
    if getattr(sys, "frozen", False):
        return (sys.executable,)
    script = Path(sys.executable).with_name("tthc.exe" if os.name == "nt" else "tthc")
    return (str(script),) if script.is_file() else (sys.executable, "-m", "tthc_cli")


def _install(session: Session, planned: Schedule, way: str | None) -> str:
    from tthc_cli.jobs.scheduling import install as installing

    if way == "windows" or os.name == "nt":
        raise UsageError("install_by_hand", name=planned.name)
    home = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    done = installing.install(planned, home / "systemd" / "user", cast(Literal["cron", "systemd"] | None, way))
    session.show(
        session.say(f"schedule.installed_{done}", name=planned.name, daily=f"{planned.daily:%H:%M}"), whole=True
    )
    return done


def _show(session: Session, planned: Schedule, shown: dict[str, dict[str, str]]) -> None:
    if planned.local != planned.daily:
        fields = {"daily": f"{planned.daily:%H:%M}", "local": f"{planned.local:%H:%M}"}
        session.note(session.say("schedule.other_zone", **fields))
    for way, files in shown.items():
        tell = session.note if len(shown) == 1 else functools.partial(session.show, whole=True)
        tell(session.say(f"schedule.how_{way}", name=planned.name))
        for name, text in files.items():
            if way != "cron":
                tell(f"--- {name}")
            session.show(text, whole=True)
