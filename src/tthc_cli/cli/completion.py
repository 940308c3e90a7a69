"""Completion of values with the Tab key, from where the values are known. Quick, and never an error.

An option joins by its name (`unit`, `rulebook`, `month`...), or by a metavar that lists its choices ("xlsx|html"); any
other takes one of these functions as `autocompletion`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from tthc_cli.cli.language import LANG
from tthc_cli.errors import TthcError

if TYPE_CHECKING:
    from tthc_cli.workspace import Workspace

Completion = Callable[[typer.Context, str], list[tuple[str, str]]]
_CHOICES = re.compile(r"[a-z0-9_]+(?:\|[a-z0-9_]+)+")


def _workspace(ctx: typer.Context) -> Workspace:
    from tthc_cli.workspace import find_workspace

    folder = ctx.params.get("workspace")
    return find_workspace(Path.cwd(), Path(str(folder)) if folder else None)


def from_workspace(values: Callable[[Workspace], Iterable[tuple[str, str]]]) -> Completion:
    """Completion by what a workspace holds: (value, remark)."""

    def complete(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
        with suppress(TthcError, OSError, ValueError):
            return [one for one in values(_workspace(ctx)) if one[0].startswith(incomplete)]
        return []

    return _evaluated(complete)


def _fixed(values: Callable[[], Iterable[tuple[str, str]]]) -> Completion:
    """Completion by what the program knows."""

    def complete(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
        return [one for one in values() if one[0].startswith(incomplete)]

    return _evaluated(complete)


def _evaluated(complete: Completion) -> Completion:
    """With annotations that need no evaluation: typer looks at them for every parameter of every command, at each
    start."""
    complete.__annotations__ = {"ctx": typer.Context, "incomplete": str}
    return complete


def _units(workspace: Workspace) -> Iterable[tuple[str, str]]:
    from tthc_cli.storage.glimpse import scored_units

    return scored_units(workspace.scores)


def _rulebooks(workspace: Workspace) -> Iterable[tuple[str, str]]:
    from tthc_cli import rulebooks

    for path in rulebooks.files(workspace.rulebooks):
        with suppress(TthcError):
            book = rulebooks.load(path)
            yield book.id, book.title_vi if LANG == "vi" else book.title_en


def _scored(*kinds: str) -> Callable[[Workspace], Iterable[tuple[str, str]]]:
    def values(workspace: Workspace) -> Iterable[tuple[str, str]]:
        from tthc_cli.periods import parse_period
        from tthc_cli.storage.glimpse import scored_periods

        found = [parse_period(one) for one in scored_periods(workspace.scores)]
        yield from ((one.id, "") for one in found if not kinds or one.kind in kinds)
        if len(kinds) == 1:
            yield from ((word, "") for word in (("truoc", "nay") if LANG == "vi" else ("last", "this")))

    return values


def _sources(workspace: Workspace) -> Iterable[tuple[str, str]]:
    from tthc_cli.storage.glimpse import sources as taken_in

    return taken_in(workspace.warehouse)


def _forms(workspace: Workspace) -> Iterable[tuple[str, str]]:
    from tthc_cli.forms.reading import all_forms

    yield from ((one.code, one.title(LANG)) for one in all_forms(workspace.root / "forms"))
    yield "check", ""


def _lists() -> Iterable[tuple[str, str]]:
    from tthc_cli.messages import say
    from tthc_cli.statements.registry import LISTS

    return ((kind.name, say(f"lists.{kind.name}.title", LANG)) for kind in LISTS)


def _tables() -> Iterable[tuple[str, str]]:
    from tthc_cli.schema import all_tables

    return ((table.name, table.label_vi if LANG == "vi" else table.label_en) for table in all_tables())


def _components() -> Iterable[tuple[str, str]]:
    from tthc_cli.indicators.registry import components

    return ((component, "") for component in components())


units, rulebooks, forms = from_workspace(_units), from_workspace(_rulebooks), from_workspace(_forms)
periods, sources = from_workspace(_scored()), from_workspace(_sources)
lists, tables, components = _fixed(_lists), _fixed(_tables), _fixed(_components)

BY_NAME: dict[str, Completion] = {
    "unit": units, "rulebook": rulebooks, "component": components,
    "month": from_workspace(_scored("month")), "quarter": from_workspace(_scored("quarter")),
    "half": from_workspace(_scored("half")), "year": from_workspace(_scored("year")),
}  # fmt: skip
"""Parameters that mean the same wherever they stand."""


def attach(name: str, annotation: Any) -> None:
    """Give a parameter of a command its completion, where it has none of its own."""
    for info in getattr(annotation, "__metadata__", ()):
        if getattr(info, "autocompletion", True) is not None:
            continue
        choices = info.metavar or ""
        if name in BY_NAME:
            info.autocompletion = BY_NAME[name]
        elif _CHOICES.fullmatch(choices):
            info.autocompletion = _fixed(partial(_listed, choices))


def _listed(choices: str) -> list[tuple[str, str]]:
    return [(one, "") for one in choices.split("|")]
