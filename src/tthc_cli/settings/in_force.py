"""The settings in force, one a row, with where each comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from tthc_cli.settings.positions import key_lines

Source = Literal["default", "file", "environment", "option", "found", "current"]


@dataclass(frozen=True, slots=True)
class InForce:
    """One setting: `line` of the file, or the `name` of the variable or option that it comes from."""

    key: str
    value: object
    source: Source
    line: int = 0
    name: str = ""


def in_force(settings: Mapping[str, object], text: str, variables: Mapping[str, str]) -> Iterator[InForce]:
    """Every setting, with the lines of the `text` that gives some; `variables` of the environment stand for those that
    no line gives (key -> name)."""
    lines = key_lines(text)
    for place, value in _leaves(settings, ()):
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
