"""What every command shares: language, workspace, where output goes, and how errors end a run."""

from __future__ import annotations

import functools
import inspect
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from tthc_cli import clock
from tthc_cli.cli import completion, registry
from tthc_cli.cli.endings import ended_by, failure, print_json, printable
from tthc_cli.cli.help_page import Command, Group
from tthc_cli.cli.language import LANG as LANG  # noqa: PLC0414 - commands take both from here
from tthc_cli.cli.language import LANG_FROM, LangOption
from tthc_cli.cli.language import h as h  # noqa: PLC0414
from tthc_cli.cli.run_record import RunRecord, write_down
from tthc_cli.errors import Exit, LockedError, TthcError, UsageError
from tthc_cli.messages import Lang, say
from tthc_cli.private import masked

if TYPE_CHECKING:
    from datetime import datetime

    from rich.console import Console

    from tthc_cli.cli.registry import Purpose
    from tthc_cli.jobs.notify.secrets import Secrets
    from tthc_cli.storage.location import Location
    from tthc_cli.workspace import Workspace


Command.lang = Group.lang = LANG


def typed(word: str) -> str:
    """A word as it is typed on a command line, in any shell.

    >>> typed("H99.02"), typed("Sở Tư pháp")
    ('H99.02', '"Sở Tư pháp"')
    """
    return word if " " not in word else f'"{word}"'


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
    lang_from: Literal["option", "environment", "default"] = "default"
    document: Any = None
    """What is printed as JSON when the command has done its work."""
    record: RunRecord = field(default_factory=lambda: RunRecord("", clock.now()))
    wait: float = 0
    """Seconds for which another run that holds the workspace is waited for."""
    notify: Secrets | None = None
    """With what accounts somebody is told how the run ended; None when nobody is."""

    @cached_property
    def workspace(self) -> Workspace:
        from tthc_cli.workspace import find_workspace

        endpoint = os.environ.get(self.endpoint_variable, "")
        return replace(find_workspace(Path.cwd(), self.folder).served_by(endpoint), lang=self.lang)

    @property
    def endpoint_variable(self) -> str:
        """The variable that names an S3-compatible server; the last there is when none does."""
        names = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL")
        return next((name for name in names if os.environ.get(name)), names[-1])

    def settle(self) -> None:
        """Read the settings now. Raises InputError when they cannot be used."""
        assert self.workspace

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
        """Machine output: one JSON document, printed at the end, so that a run that is stopped prints none of it."""
        self.document = document

    @cached_property
    def for_log(self) -> Session:
        """The same run as the log tells of it: in the one language of the log."""
        other = replace(self, lang=self.workspace.settings.log.language)
        other.__dict__["workspace"] = self.workspace
        return other

    def log(self, text: str) -> None:
        """A line, in the language of the log, for the workspace's log file; it is written when the run ends."""
        self.record.lines.append(text)

    def hold(self) -> AbstractContextManager[None]:
        """Hold the workspace for writing, after as long a wait as was asked for."""
        return self.workspace.lock(f"tthc {self.record.command}", self.wait, self._waiting)

    def _waiting(self, error: LockedError) -> None:
        seconds = int(self.wait)
        self.note(self.say("unattended.waiting", message=error.message(self.lang), seconds=seconds))

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


WorkspaceOption = Annotated[Path | None, typer.Option("--workspace", help=h("workspace"), metavar=h("folder"))]
QuietOption = Annotated[bool, typer.Option("--quiet", help=h("quiet"))]
JsonOption = Annotated[bool, typer.Option("--json", help=h("json"))]
WaitOption = Annotated[float, typer.Option("--wait", help=h("wait"), metavar=h("seconds"), min=0, show_default=False)]

_COMMON: dict[str, tuple[Any, Any]] = {
    "lang": (LangOption, None),
    "workspace": (WorkspaceOption, None),
    "quiet": (QuietOption, False),
    "json_output": (JsonOption, False),
}


def _log_language(session: Session) -> Lang:
    try:
        return session.for_log.lang
    except (TthcError, OSError):
        return session.lang


def end(session: Session, code: Exit, message: str = "") -> Exit:
    """Tell of how a run ended, if that was asked for, and write it down; returns the exit code."""
    if session.notify is not None:
        from tthc_cli.cli.telling import tell_end

        try:
            code = tell_end(session, code, message)
        except (TthcError, OSError) as error:
            session.note(ended_by(error, session.lang))
            code = max(code, Exit.ROWS_REJECTED)
    write_down(session, int(code), message)
    return code


def command(
    name: str, *, purpose: Purpose, logged: bool = False, settled: bool = True, locks: bool = False
) -> Callable[[Callable[..., Exit]], Callable[..., Exit]]:
    """Declare a command: `work(session, ...)` returns an exit code; the common options are added to its own.

    `purpose`: under which heading `tthc --help` lists it. `logged`: a run leaves a line in the log file and a record in
    runs.jsonl. `settled`: settings that cannot be used stop it before anything is done. `locks`: it takes --wait too.
    """

    def declare(work: Callable[..., Exit]) -> Callable[..., Exit]:
        own = list(inspect.signature(work, eval_str=True).parameters.values())[1:]
        options = {**_COMMON, **({"wait": (WaitOption, 0)} if locks else {})}

        @functools.wraps(work)
        def call(**given: Any) -> None:
            common = {key: given.pop(key) for key in options}
            session = Session(
                lang=common["lang"] or LANG,
                lang_from="option" if common["lang"] else LANG_FROM,
                folder=common["workspace"],
                quiet=common["quiet"],
                json=common["json_output"],
                record=RunRecord(name, clock.now().replace(microsecond=0)),
                wait=common.get("wait", 0),
            )
            try:
                if logged:
                    with suppress(TthcError):
                        session.workspace.sweep()
                if settled:
                    session.settle()
                code = work(session, **given)
                if session.document is not None:
                    print_json(session.document)
            except Exception as error:
                ended = failure(session, name, error, logged=logged)
                if logged and isinstance(ended, TthcError | OSError):
                    exit_code = ended.exit_code if isinstance(ended, TthcError) else Exit.STOPPED
                    end(session, exit_code, ended_by(ended, _log_language(session)))
                if ended is error:
                    raise
                raise ended from error
            if logged:
                code = end(session, code)
            raise typer.Exit(int(code))

        extra = [
            inspect.Parameter(key, inspect.Parameter.KEYWORD_ONLY, annotation=kind, default=default)
            for key, (kind, default) in options.items()
        ]
        parameters = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in own] + extra
        for one in parameters:
            completion.attach(one.name, one.annotation)
        call.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        call.__annotations__ = {p.name: p.annotation for p in parameters}
        registry.declare(name, call, purpose)
        return work

    return declare
