"""The `tthc` application: its commands, and how a run ends."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Sequence

import typer
from typer.exceptions import TyperException

from tthc_cli import __version__
from tthc_cli.cli.administration import config, files, rules, schedule, status, units  # noqa: F401 - declare commands
from tthc_cli.cli.control import inspection  # noqa: F401
from tthc_cli.cli.endings import Ended, ended_with, print_json, report_error
from tthc_cli.cli.help_page import Group
from tthc_cli.cli.language import LANG, LangOption, h
from tthc_cli.cli.main import demo, letters, main_job, publish, report  # noqa: F401
from tthc_cli.cli.questions import compare, explain, form, lists, reconcile, show, today, what_if  # noqa: F401
from tthc_cli.cli.registry import add_commands
from tthc_cli.cli.session import WIDEST
from tthc_cli.cli.streams import what_failed
from tthc_cli.cli.usage import report_usage, usage_ended
from tthc_cli.errors import Exit, TthcError, system_reason
from tthc_cli.messages import say, say_in_two

app = typer.Typer(
    name="tthc",
    cls=Group,
    help=h("tthc"),
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": WIDEST},
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

_INTERRUPTED = 130
"""What the library makes of Ctrl-C."""


def run(arguments: Sequence[str]) -> int:
    """Run one command line; returns the exit code. Nothing but a defect of the program ends in a traceback."""
    as_json = "--json" in itertools.takewhile(lambda argument: argument != "--", arguments)
    try:
        result = app(args=list(arguments), prog_name="tthc", standalone_mode=False)
        if result != _INTERRUPTED:
            return result if isinstance(result, int) else int(Exit.DONE)
        ended = _interrupted()
    except typer.Exit as stop:
        return int(stop.exit_code)
    except (TthcError, OSError) as error:
        report_error(error, LANG)
        ended = ended_with(error, LANG)
    except TyperException as error:
        ended = usage_ended(error, LANG)
        report_usage(error, ended, LANG)
    except (typer.Abort, KeyboardInterrupt):
        ended = _interrupted()
    if as_json:
        print_json(ended.document())
    return ended.exit


def _interrupted() -> Ended:
    """Ctrl-C: told in one line; what was stored is whole."""
    sys.stderr.write(say("cli.interrupted", LANG) + "\n")
    what, following = say_in_two("cli.interrupted", LANG)
    return Ended("interrupted", what, int(Exit.STOPPED), next=following)


def tell_what_is_missing() -> None:
    """Say on standard error that not all of the output could be written; the exit code is the job's own."""
    failed = what_failed(sys.stdout)
    if failed is not None:
        sys.stderr.write(say("cli.output_lost", LANG, detail=system_reason(failed, LANG)) + "\n")
