"""What a publication changes of the one before: scores added, removed, changed, and the units whose result moved."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tthc_cli.storage.location import Location

SCHEMA = 1
Units = dict[str, dict[str, str]]
"""Unit -> what is told of it."""
_TOLD = ("percent", "grade", "rank")


def published_units(root: Location, folder: str) -> Units:
    """What a site says of the units of a score; nothing where it says nothing that can be read."""
    try:
        text = (root / folder / "data" / "units.csv").read_bytes().decode("utf-8", "replace")
    except FileNotFoundError:
        return {}
    rows = csv.DictReader(io.StringIO(text))
    return {row["unit"]: {name: row.get(name) or "" for name in ("name", *_TOLD)} for row in rows if row.get("unit")}


def changes_between(
    before: Mapping[str, Any], after: Mapping[str, Any], old: Mapping[str, Units], new: Mapping[str, Units]
) -> dict[str, Any]:
    """What happened between two publications.

    before, after: score -> what is remembered of it (its sha256 and summary); old, new: score -> units, of the scores
    that changed.
    """
    return {
        "schema": SCHEMA,
        "first": not before,
        "added": [_named(folder, after) for folder in sorted(set(after) - set(before)) if before],
        "removed": [_named(folder, before) for folder in sorted(set(before) - set(after))],
        "changed": [
            {**_named(folder, after), "units": moved(old.get(folder, {}), new.get(folder, {}))}
            for folder in sorted(set(after) & set(before))
            if after[folder]["sha256"] != before[folder]["sha256"]
        ],
    }


def _named(folder: str, cards: Mapping[str, Any]) -> dict[str, str]:
    summary = cards[folder]["summary"]
    return {"score": folder, "title": f"{summary['period']}: {summary['title']}"}


def moved(old: Units, new: Units) -> list[dict[str, Any]]:
    """The units whose points, grade or rank are others than before, and those that came or went."""
    found = []
    for unit in sorted({*old, *new}):
        sides = [
            None if side is None else {name: side[name] for name in _TOLD} for side in (old.get(unit), new.get(unit))
        ]
        if sides[0] != sides[1]:
            name = (new.get(unit) or old[unit])["name"]
            found.append({"unit": unit, "name": name, "before": sides[0], "after": sides[1]})
    return found
