"""The settings in force, one a row, with where each comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from tthc_cli.positions import key_lines
from tthc_cli.workspace import settings_text

if TYPE_CHECKING:
    from tthc_cli.workspace import Workspace

Source = Literal["default", "file", "environment", "option", "found", "current"]


@dataclass(frozen=True, slots=True)
class InForce:
    """One setting: `line` of the file, or the `name` of the variable or option that it comes from."""

    key: str
    value: object
    source: Source
    line: int = 0
    name: str = ""


def in_force(workspace: Workspace, variables: Mapping[str, str]) -> Iterator[InForce]:
    """Every setting; `variables` of the environment stand for those that no line gives (key -> name)."""
    file = workspace.settings_file
    lines = key_lines(settings_text(file)) if file else {}
    for place, value in _leaves(workspace.settings.model_dump(mode="json"), ()):
        key = ".".join(place)
        if line := lines.get(place, 0):
            yield InForce(key, value, "file", line)
        elif key in variables and value:
            yield InForce(key, value, "environment", name=variables[key])
        else:
            yield InForce(key, value, "default")


def _leaves(values: Mapping[str, object], above: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], object]]:
    for key, value in values.items():
        if isinstance(value, dict):
            yield from _leaves(value, (*above, key))
        else:
            yield (*above, key), value
