"""Help pages wholly in the reader's language: the words of the library ("Usage", "Options", "[required]") too."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from typer.core import TyperCommand, TyperGroup

from tthc_cli.messages import catalogue, say

if TYPE_CHECKING:
    from tthc_cli.messages import Lang

_TYPE = re.compile(r"(?m)^(  \S+) <[^>\n]+>")
"""The kind of an argument (<str>, <list[Path]>): of use to a programmer alone."""
_HEADS = (
    ("Usage: ", "usage"),
    ("\nArguments:\n", "arguments"),
    ("\nOptions:\n", "options"),
    ("\nCommands:\n", "commands"),
)
_WORDS = (
    ("[OPTIONS]", "some_options"),
    ("COMMAND [ARGS]...", "a_command"),
    ("[required]", "required"),
    ("[default: ", "default"),
)
_LIBRARY_OPTIONS = ("help", "install_completion", "show_completion")


def in_language(page: str, lang: Lang) -> str:
    """A help page of the library in the reader's language, without kinds of arguments.

    >>> in_language("Usage: tthc x [OPTIONS] {T}\\n\\nArguments:\\n  T <str>  Tệp.  [required]", "vi")
    'Cách dùng: tthc x [TÙY CHỌN] {T}\\n\\nTham số:\\n  T        Tệp.  [bắt buộc]'
    """
    page = _TYPE.sub(lambda found: found[1].ljust(len(found[0])), page).replace("[[", "[").replace("]]", "]")
    for english, key in (*_HEADS, *_WORDS):
        page = page.replace(english, english.replace(english.strip(" \n:"), say(f"help.page_{key}", lang)))
    return page


def _named(params: list[Any], lang: Lang) -> list[Any]:
    for one in params:
        if one.name in _LIBRARY_OPTIONS:
            one.help = say(f"help.page_{one.name}", lang)
    return params


def examples(name: str, lang: Lang) -> dict[str, str]:
    """Command lines with `name` that can be copied, each with a remark."""
    area = f"examples.{name.replace('-', '_').replace(' ', '_')}."
    found = catalogue(lang, "examples").items()
    return {key.removeprefix(area): remark for key, remark in found if key.startswith(area)}


def _write_epilog(formatter: Any, shown: dict[str, str], lang: Lang) -> None:
    """Examples, then what the exit codes mean."""
    if shown:
        with formatter.section(say("help.page_examples", lang)):
            for line, remark in shown.items():
                formatter.write(f"  # {remark}\n  {line}\n")
    formatter.write_paragraph()
    with formatter.indentation():
        formatter.write_text(say("help.epilog", lang))


class Command(TyperCommand):
    """A command whose help page is in the language of this process."""

    lang: Lang = "vi"

    def get_params(self, ctx: Any) -> list[Any]:
        return _named(super().get_params(ctx), self.lang)

    def get_help(self, ctx: Any) -> str:
        return in_language(super().get_help(ctx), self.lang)

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        _write_epilog(formatter, examples(ctx.command_path.partition(" ")[2], self.lang), self.lang)


class Group(TyperGroup):
    """A group of commands whose help page is in the language of this process."""

    lang: Lang = "vi"

    def get_params(self, ctx: Any) -> list[Any]:
        return _named(super().get_params(ctx), self.lang)

    def get_help(self, ctx: Any) -> str:
        return in_language(super().get_help(ctx), self.lang)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Commands under the heading of their purpose; those of a group of commands under one."""
        shown = [(name, cmd) for name, cmd in self.commands.items() if not cmd.hidden]
        widest = max((len(name) for name, _ in shown), default=0)
        by_purpose: dict[str, list[tuple[str, str]]] = {}
        for name, cmd in shown:
            purpose = getattr(cmd, "rich_help_panel", None)
            heading = f"purpose_{purpose}" if isinstance(purpose, str) else "page_commands"
            short = cmd.get_short_help_str(formatter.width * 3)
            by_purpose.setdefault(heading, []).append((name.ljust(widest), short))
        for heading, rows in by_purpose.items():
            with formatter.section(say(f"help.{heading}", self.lang)):
                formatter.write_dl(rows)

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        """The first example of each of its commands, on the page of a group."""
        own = ctx.command_path.partition(" ")[2]
        told = [examples(f"{own} {name}", self.lang) for name in self.commands] if own else []
        _write_epilog(formatter, dict(next(iter(one.items())) for one in told if one), self.lang)
