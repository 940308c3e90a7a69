"""The language of this process, which help texts are made in when commands are declared."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Annotated, Literal

import typer

from tthc_cli.errors import UsageError
from tthc_cli.messages import LANGUAGES, Lang, say


def asked_for(arguments: Sequence[str]) -> str | None:
    """The value of --lang, wherever it stands; None when it is not there."""
    asked = None
    for position, argument in enumerate(arguments):
        if argument == "--lang" and position + 1 < len(arguments):
            asked = arguments[position + 1]
        elif argument.startswith("--lang="):
            asked = argument.partition("=")[2]
    return asked


_ASKED, _SET = asked_for(sys.argv[1:]), os.environ.get("TTHC_LANG")
LANG: Lang = "en" if (_ASKED or _SET) == "en" else "vi"
"""By --lang, else TTHC_LANG, else Vietnamese."""
LANG_FROM: Literal["option", "environment", "default"] = "option" if _ASKED else "environment" if _SET else "default"


def h(key: str) -> str:
    """A help text in the language of this process."""
    return say(f"help.{key}", LANG)


def _language(value: str | None) -> str | None:
    if value is not None and value not in LANGUAGES:
        raise UsageError("unknown_language", value=value)
    return value


LangOption = Annotated[str | None, typer.Option("--lang", help=h("lang"), callback=_language, metavar="vi|en")]
