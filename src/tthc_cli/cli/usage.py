"""What is wrong with a command line, in the reader's language: the words of the library are told anew."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from typer.exceptions import TyperException

from tthc_cli.cli.endings import Ended
from tthc_cli.cli.registry import top_names
from tthc_cli.errors import Exit, nearest
from tthc_cli.messages import Lang, say
from tthc_cli.periods import spelled_period


def usage_ended(error: TyperException, lang: Lang) -> Ended:
    """How a run ended whose command line cannot be read."""
    code, message = _fault(error, lang)
    return Ended(code, message, int(Exit.USAGE), next=_see(error, lang))


def report_usage(error: TyperException, ended: Ended, lang: Lang) -> None:
    """Say it on standard error; `tthc` and a group of commands that stand alone are answered with their help page, and
    `tthc` with what to do next in this folder too."""
    if type(error).__name__ == "NoArgsIsHelpError":
        sys.stderr.write(f"{error}\n")
        context = getattr(error, "ctx", None)
        if context is not None and context.parent is None:
            from tthc_cli.cli.next_step import next_step

            sys.stderr.write(f"\n{next_step(Path.cwd(), lang)}\n")
        return
    sys.stderr.write(say("cli.usage", lang, message=ended.message) + "\n")
    if ended.next:
        sys.stderr.write(ended.next + "\n")


def _see(error: TyperException, lang: Lang) -> str:
    context = getattr(error, "ctx", None)
    return "" if context is None else say("cli.see_help", lang, command=context.command_path)


def _fault(error: TyperException, lang: Lang) -> tuple[str, str]:
    """A code for programs and a sentence for people."""
    kind = type(error).__name__
    message = str(getattr(error, "message", ""))
    parameter: Any = getattr(error, "param", None)
    name = "" if parameter is None else (parameter.opts or [""])[0]
    if parameter is not None and not name.startswith("-"):
        name = parameter.metavar or name
    if kind == "NoArgsIsHelpError":
        return "no_command", say("cli.no_command", lang)
    if kind == "NoSuchOption":
        near = ", ".join(getattr(error, "possibilities", None) or ())
        key = "no_such_option" if near else "no_such_option_at_all"
        return "no_such_option", say(f"cli.{key}", lang, name=getattr(error, "option_name", ""), near=near)
    if kind == "MissingParameter":
        return "missing_parameter", say("cli.missing_parameter", lang, name=name)
    if kind == "BadParameter":
        return "bad_parameter", say("cli.bad_parameter", lang, name=name, detail=message)
    if kind == "BadOptionUsage":
        return "option_needs_value", say("cli.option_needs_value", lang, name=getattr(error, "option_name", ""))
    return _by_words(message, error, lang)


def _by_words(message: str, error: TyperException, lang: Lang) -> tuple[str, str]:
    """What the library has one kind of error for, told apart by its words."""
    if message.startswith("Got unexpected extra argument"):
        extra = message.rpartition("(")[2].rstrip(")")
        return "extra_argument", say("cli.extra_period" if spelled_period(extra) else "cli.extra", lang, extra=extra)
    quoted = message.split("'")
    if message.startswith("No such command") and len(quoted) > 1:
        context: Any = getattr(error, "ctx", None)
        names = list(getattr(getattr(context, "command", None), "commands", ())) or top_names()
        near = nearest(quoted[1], names) or ", ".join(names)
        return "no_such_command", say("cli.no_such_command", lang, name=quoted[1], near=near)
    return "usage", message
