"""The `tthc` application: its commands, and how a run ends."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click
import typer

from tthc_cli import __version__
from tthc_cli.cli import main_job  # noqa: F401 - declares its commands
from tthc_cli.cli.session import LANG, LangOption, add_commands, h, report_error
from tthc_cli.errors import Exit, TthcError
from tthc_cli.messages import say

app = typer.Typer(
    name="tthc",
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
    except TthcError as error:
        return report_error(error, LANG)
    except click.UsageError as error:
        sys.stderr.write(say("cli.usage", LANG, message=_usage(error)) + "\n")
        if error.ctx is not None:
            sys.stderr.write(say("cli.see_help", LANG, command=error.ctx.command_path) + "\n")
        return int(Exit.USAGE)
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except (click.Abort, KeyboardInterrupt):
        sys.stderr.write(say("cli.interrupted", LANG) + "\n")
        return int(Exit.STOPPED)
    except OSError as error:
        where = error.filename or ""
        sys.stderr.write(say("cli.os_error", LANG, path=where, detail=error.strerror or str(error)) + "\n")
        return int(Exit.STOPPED)
    return result if isinstance(result, int) else int(Exit.DONE)


def _usage(error: click.UsageError) -> str:
    """What is wrong with the command line, in the reader's language."""
    if isinstance(error, click.NoSuchOption):
        near = ", ".join(error.possibilities or ()) or "–"
        return say("cli.no_such_option", LANG, name=error.option_name, near=near)
    if isinstance(error, click.MissingParameter):
        name = error.param.human_readable_name if error.param is not None else ""
        return say("cli.missing_parameter", LANG, name=name)
    if isinstance(error, click.BadParameter):
        name = error.param.human_readable_name if error.param is not None else ""
        return say("cli.bad_parameter", LANG, name=name, detail=error.message)
    return error.format_message()
