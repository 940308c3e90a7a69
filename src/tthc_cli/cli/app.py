"""The `tthc` application: its commands, and how a run ends."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from typing import Any

import typer
from typer.exceptions import TyperException

from tthc_cli import __version__
from tthc_cli.cli.administration import files, rules  # noqa: F401 - declare commands
from tthc_cli.cli.endings import report_error
from tthc_cli.cli.help_page import Group
from tthc_cli.cli.main import letters, main_job, report  # noqa: F401
from tthc_cli.cli.questions import compare, explain, lists, what_if  # noqa: F401
from tthc_cli.cli.session import LANG, ORDER, LangOption, add_commands, h
from tthc_cli.cli.streams import what_failed
from tthc_cli.errors import Exit, TthcError, nearest, system_reason
from tthc_cli.messages import say

_PERIOD = re.compile(r"\d{4}(?:[QqHh]\d|-\d\d)?")

app = typer.Typer(
    name="tthc",
    cls=Group,
    help=h("tthc"),
    epilog=h("epilog"),
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(value: bool) -> None:
    if value:
        sys.stdout.write(f"tthc {__version__}\n")
        raise typer.Exit


@app.callback()
def _root(
    lang: LangOption = None,
    version: bool = typer.Option(False, "--version", help=h("version"), callback=_version, is_eager=True),
) -> None:
    """Options that stand before the command."""


add_commands(app)


def run(arguments: Sequence[str]) -> int:
    """Run one command line; returns the exit code. Nothing but a defect of the program ends in a traceback."""
    try:
        result = app(args=list(arguments), standalone_mode=False)
        return result if isinstance(result, int) else int(Exit.DONE)
    except typer.Exit as ended:
        return int(ended.exit_code)
    except (TthcError, OSError) as error:
        return report_error(error, LANG)
    except TyperException as error:
        _report_usage(error)
        return int(Exit.USAGE)
    except (typer.Abort, KeyboardInterrupt):
        sys.stderr.write(say("cli.interrupted", LANG) + "\n")
    return int(Exit.STOPPED)


def tell_what_is_missing() -> None:
    """Say on standard error that not all of the output could be written; the exit code is the job's own."""
    failed = what_failed(sys.stdout)
    if failed is not None:
        sys.stderr.write(say("cli.output_lost", LANG, detail=system_reason(failed, LANG)) + "\n")


def _report_usage(error: TyperException) -> None:
    if type(error).__name__ == "NoArgsIsHelpError":
        sys.stderr.write(f"{error}\n")
        return
    sys.stderr.write(say("cli.usage", LANG, message=_usage(error)) + "\n")
    context = getattr(error, "ctx", None)
    if context is not None:
        sys.stderr.write(say("cli.see_help", LANG, command=context.command_path) + "\n")


def _usage(error: TyperException) -> str:
    """What is wrong with the command line, in the reader's language."""
    kind = type(error).__name__
    message = str(getattr(error, "message", ""))
    parameter: Any = getattr(error, "param", None)
    name = "" if parameter is None else (parameter.opts or [""])[0]
    if parameter is not None and not name.startswith("-"):
        name = parameter.metavar or name
    if kind == "NoSuchOption":
        near = ", ".join(getattr(error, "possibilities", None) or ())
        key = "no_such_option" if near else "no_such_option_at_all"
        return say(f"cli.{key}", LANG, name=getattr(error, "option_name", ""), near=near)
    if kind == "MissingParameter":
        return say("cli.missing_parameter", LANG, name=name)
    if kind == "BadParameter":
        return say("cli.bad_parameter", LANG, name=name, detail=message)
    if kind == "BadOptionUsage":
        return say("cli.option_needs_value", LANG, name=getattr(error, "option_name", ""))
    return _in_words(message)


def _in_words(message: str) -> str:
    """What the library has one kind of error for, told apart by its words."""
    if message.startswith("Got unexpected extra argument"):
        extra = message.rpartition("(")[2].rstrip(")")
        return say("cli.extra_period" if _PERIOD.fullmatch(extra) else "cli.extra", LANG, extra=extra)
    quoted = message.split("'")
    if message.startswith("No such command") and len(quoted) > 1:
        names = list(ORDER)
        return say("cli.no_such_command", LANG, name=quoted[1], near=nearest(quoted[1], names) or ", ".join(names))
    return message
