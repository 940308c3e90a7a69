"""What every command shares: language, workspace, where output goes, and how errors end a run."""

from __future__ import annotations

import functools
import inspect
import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tthc_cli import clock
from tthc_cli.cli.endings import failure, printable
from tthc_cli.cli.help_page import Command, Group
from tthc_cli.errors import Exit, TthcError, UsageError, system_reason
from tthc_cli.messages import LANGUAGES, Lang, say
from tthc_cli.private import masked

if TYPE_CHECKING:
    from datetime import datetime

    from rich.console import Console

    from tthc_cli.storage.location import Location
    from tthc_cli.workspace import Workspace


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
"""The language of this process; help texts are made in it when commands are declared."""


Command.lang = Group.lang = LANG


def h(key: str) -> str:
    """A help text in the language of this process."""
    return say(f"help.{key}", LANG)


PLAIN_WIDTH = 100
"""Columns of tables that go to a file or a pipe."""


def visible(renderable: Any) -> Any:
    """A text, or a table, without control characters: a name from an export must not steer a terminal."""
    if isinstance(renderable, str):
        return printable(renderable)
    for column in getattr(renderable, "columns", ()):
        column._cells = [visible(cell) for cell in column._cells]
    return renderable


def plain_table(*columns: tuple[str, str]) -> Any:
    """An empty table with columns (heading, justification) that fold what does not fit."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading, justify in columns:
        table.add_column(heading, justify=justify, overflow="fold")  # type: ignore[arg-type]
    return table


WIDEST = 100
"""A table is no wider than this, however wide the window."""


def fitted_table(width: int, *columns: tuple[str, str, int]) -> Any:
    """An empty table as wide as the window: columns (heading, justification, share of the room). A column without a
    share is as wide as its content and never broken; the others part what is left."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, width=min(width, WIDEST), pad_edge=False, padding=(0, 1, 0, 0))
    for heading, justify, share in columns:
        table.add_column(heading, justify=justify, ratio=share or None, no_wrap=not share, overflow="fold")  # type: ignore[arg-type]
    return table


@dataclass
class Session:
    """One run of one command."""

    lang: Lang
    folder: Path | None
    quiet: bool
    json: bool

    @cached_property
    def workspace(self) -> Workspace:
        from tthc_cli.workspace import find_workspace

        endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL") or ""
        return replace(find_workspace(Path.cwd(), self.folder).served_by(endpoint), lang=self.lang)

    @cached_property
    def out(self) -> Console:
        """For what the command was asked for."""
        from rich.console import Console

        return Console(highlight=False, width=None if sys.stdout.isatty() else PLAIN_WIDTH)

    @cached_property
    def err(self) -> Console:
        """For everything else."""
        from rich.console import Console

        return Console(stderr=True, highlight=False, soft_wrap=True, quiet=self.quiet)

    def location(self, text: str | None, otherwise: Location) -> Location:
        """What a path or URL on the command line means. Raises UsageError when it can mean nothing."""
        if text is None:
            return otherwise
        try:
            return self.workspace.location(text, Path())
        except ValueError as error:
            raise UsageError("bad_location", detail=error) from None

    def say(self, key: str, /, **fields: object) -> str:
        return say(key, self.lang, **fields)

    def now(self) -> datetime:
        """The moment of this run, to the second."""
        from tthc_cli import clock

        return clock.now().replace(microsecond=0)

    def show(self, renderable: Any, *, whole: bool = False) -> None:
        """Print for people, unless machine output or silence was asked for. `whole`: never break the line, so that a
        path in it can be copied, or a script can read it."""
        if not self.json and not self.quiet:
            self.out.print(visible(renderable), markup=False, soft_wrap=whole)

    def note(self, text: str) -> None:
        """A remark on standard error."""
        self.err.print(visible(masked(text)), markup=False)

    def emit(self, document: Any) -> None:
        """Machine output: one JSON document on standard output."""
        json.dump(document, sys.stdout, ensure_ascii=False, indent=1)
        sys.stdout.write("\n")

    def log(self, text: str) -> None:
        """Add one line, with the time, to the workspace's log file. A log that cannot be written stops nothing."""
        path = self.workspace.log_file
        line = f"{clock.now():%Y-%m-%dT%H:%M:%S} {' '.join(printable(masked(text)).split())}\n"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("a", encoding="utf-8", errors="backslashreplace") as stream:
                stream.write(line)
        except OSError as error:
            self.note(self.say("cli.no_log", path=str(path), detail=system_reason(error, self.lang)))

    @contextmanager
    def progress(self, label: str) -> Iterator[Callable[[str, int, int], None]]:
        """A progress bar on a terminal; elsewhere nothing."""
        if self.quiet or self.json or not sys.stderr.isatty():
            yield lambda what, done, total: None
            return
        from rich.progress import Progress

        with Progress(console=self.err, transient=True) as bar:
            task = bar.add_task(label, total=None)

            def tell(what: str, done: int, total: int) -> None:
                bar.update(task, description=f"{label} {what}".strip(), completed=done, total=total or None)

            yield tell


def _language(value: str | None) -> str | None:
    if value is not None and value not in LANGUAGES:
        raise UsageError("unknown_language", value=value)
    return value


LangOption = Annotated[str | None, typer.Option("--lang", help=h("lang"), callback=_language, metavar="vi|en")]
WorkspaceOption = Annotated[Path | None, typer.Option("--workspace", help=h("workspace"), metavar=h("folder"))]
QuietOption = Annotated[bool, typer.Option("--quiet", help=h("quiet"))]
JsonOption = Annotated[bool, typer.Option("--json", help=h("json"))]

_COMMON: dict[str, tuple[Any, Any]] = {
    "lang": (LangOption, None),
    "workspace": (WorkspaceOption, None),
    "quiet": (QuietOption, False),
    "json_output": (JsonOption, False),
}


COMMANDS: list[tuple[str, Callable[..., None]]] = []


ORDER = (
    "init", "ingest", "score", "report", "run", "explain", "whatif", "compare", "list", "letters", "rules",
    "inspect-file", "schema", "sources", "forget",
)  # fmt: skip
"""Commands as `tthc --help` lists them: the main job first."""


def add_commands(app: typer.Typer) -> None:
    """Add every declared command to the application, in the order of ORDER; "rules list" is `list` of a group."""
    groups: dict[str, typer.Typer] = {}
    for name, call in sorted(COMMANDS, key=lambda c: ORDER.index(c[0].partition(" ")[0])):
        group, _, own = name.rpartition(" ")
        if group and group not in groups:
            groups[group] = typer.Typer(cls=Group, rich_markup_mode=None, no_args_is_help=True)
            app.add_typer(groups[group], name=group, help=h(group))
        parent = groups[group] if group else app
        text = h(name.replace("-", "_").replace(" ", "_"))
        parent.command(own, cls=Command, help=text, short_help=re.split(r"[.;] |\.$", text)[0])(call)


def command(name: str, *, logged: bool = False) -> Callable[[Callable[..., Exit]], Callable[..., Exit]]:
    """Declare a command: `work(session, ...)` returns an exit code; the common options are added to its own.

    `logged`: a run that fails leaves a line in the log file.
    """

    def declare(work: Callable[..., Exit]) -> Callable[..., Exit]:
        own = list(inspect.signature(work, eval_str=True).parameters.values())[1:]

        @functools.wraps(work)
        def call(**given: Any) -> None:
            common = {key: given.pop(key) for key in _COMMON}
            session = Session(
                lang=common["lang"] or LANG,
                folder=common["workspace"],
                quiet=common["quiet"],
                json=common["json_output"],
            )
            try:
                if logged:
                    with suppress(TthcError):
                        session.workspace.sweep()
                code = work(session, **given)
            except Exception as error:
                ended = failure(session, name, error, logged=logged)
                if ended is error:
                    raise
                raise ended from error
            raise typer.Exit(int(code))

        extra = [
            inspect.Parameter(key, inspect.Parameter.KEYWORD_ONLY, annotation=kind, default=default)
            for key, (kind, default) in _COMMON.items()
        ]
        parameters = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in own] + extra
        call.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        call.__annotations__ = {p.name: p.annotation for p in parameters}
        COMMANDS.append((name, call))
        return work

    return declare
