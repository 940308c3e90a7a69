"""The commands there are, each with its purpose: help pages, completion and the tests of manners are made from here.

A command joins by being declared (`session.command`, `choosing.period_command`): nothing else lists it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

import typer

from tthc_cli.cli.help_page import Command, Group
from tthc_cli.cli.language import LangOption, h

Purpose = Literal["main", "questions", "daily", "papers", "control", "administration"]
"""What a command is for; `tthc --help` lists commands by it, in this order: the main job, questions about a score,
what is looked at every day, forms and reports on paper, control work, and administration."""
PURPOSES: tuple[Purpose, ...] = get_args(Purpose)

FIRST = (
    "init", "ingest", "score", "report", "run", "demo", "show", "explain", "whatif", "compare", "today", "list",
    "letters", "units", "rules", "inspect-file", "schema", "sources", "forget", "status", "schedule",
)  # fmt: skip
"""Commands that come first among those of their purpose; others follow as they were declared."""


@dataclass(frozen=True, slots=True)
class Declared:
    """A command: "rules list" is `list` of the group `rules`."""

    name: str
    call: Callable[..., None]
    purpose: Purpose

    @property
    def key(self) -> str:
        """Its name in the catalogues of messages."""
        return self.name.replace("-", "_").replace(" ", "_")

    @property
    def group(self) -> str:
        """The group it belongs to; "" for one of its own."""
        return self.name.rpartition(" ")[0]


COMMANDS: list[Declared] = []


def declare(name: str, call: Callable[..., None], purpose: Purpose) -> None:
    """Add a command to those there are."""
    COMMANDS.append(Declared(name, call, purpose))


def in_order() -> list[Declared]:
    """Every command, as help lists them."""

    def place(one: Declared) -> tuple[int, int]:
        word = one.name.partition(" ")[0]
        return PURPOSES.index(one.purpose), FIRST.index(word) if word in FIRST else len(FIRST)

    return sorted(COMMANDS, key=place)


def top_names() -> list[str]:
    """The words that may follow `tthc`."""
    return list(dict.fromkeys(one.name.partition(" ")[0] for one in in_order()))


def summary(text: str) -> str:
    """The first sentence of a help text, for lists of commands.

    >>> summary("Đọc tệp xuất; lưu vào kho. Tệp đã đọc không tính lại.")
    'Đọc tệp xuất'
    """
    return re.split(r"(?<!\.)[.;] |(?<!\.)\.$|(?<=\.\.\.) ", text)[0]


def _group(lang: LangOption = None) -> None:
    """The option that may stand between a group and its command."""


def add_commands(app: typer.Typer) -> None:
    """Add every declared command to the application; a group stands under the purpose of its first command."""
    groups: dict[str, typer.Typer] = {}
    for one in in_order():
        if one.group and one.group not in groups:
            groups[one.group] = typer.Typer(cls=Group, rich_markup_mode=None, no_args_is_help=True)
            groups[one.group].callback()(_group)
            text = h(one.group)
            app.add_typer(
                groups[one.group], name=one.group, help=text, short_help=summary(text), rich_help_panel=one.purpose
            )
        parent, panel = (groups[one.group], None) if one.group else (app, one.purpose)
        text = h(one.key)
        own = one.name.rpartition(" ")[2]
        parent.command(own, cls=Command, help=text, short_help=summary(text), rich_help_panel=panel)(one.call)
