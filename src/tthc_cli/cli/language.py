"""The language of this process, which help texts are made in when commands are declared."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from tthc_cli.messages import Lang, say


def pick_language(arguments: Sequence[str]) -> Lang:
    """--lang, wherever it stands, else TTHC_LANG, else Vietnamese."""
    asked = os.environ.get("TTHC_LANG", "vi")
    for position, argument in enumerate(arguments):
        if argument == "--lang" and position + 1 < len(arguments):
            asked = arguments[position + 1]
        elif argument.startswith("--lang="):
            asked = argument.partition("=")[2]
    return "en" if asked == "en" else "vi"


LANG: Lang = pick_language(sys.argv[1:])


def h(key: str) -> str:
    """A help text in the language of this process."""
    return say(f"help.{key}", LANG)
