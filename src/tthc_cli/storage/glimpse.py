"""A glimpse of what is stored on this machine, for completion and for the first screen: quick, and never an error. What
lies elsewhere, or cannot be read, is nothing."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tthc_cli.storage.stored_scores import LATEST, MANIFEST

if TYPE_CHECKING:
    from tthc_cli.storage.location import Location


def _json(place: Location) -> dict[str, Any]:
    with suppress(OSError, ValueError):
        found = json.loads(place.read_bytes()) if isinstance(place, Path) else {}
        return found if isinstance(found, dict) else {}
    return {}


def has_tables(warehouse: Location) -> bool:
    """Whether files were taken in."""
    return isinstance(warehouse, Path) and (warehouse / MANIFEST).is_file()


def sources(warehouse: Location) -> list[tuple[str, str]]:
    """(id, path) of the files taken in."""
    found = _json(warehouse / MANIFEST).get("sources", [])
    return [(str(one["id"]), str(one["path"])) for one in found if isinstance(one, dict) and {"id", "path"} <= set(one)]


def last_score(scores: Location) -> tuple[str, Path] | None:
    """Period and folder of the score made last."""
    latest = _json(scores / LATEST)
    if not isinstance(scores, Path) or not {"period", "rulebook"} <= set(latest):
        return None
    kept = latest["period"] if latest.get("window") != "nd09" else f"{latest['period']}-nd09"
    return str(latest["period"]), scores / kept / str(latest["rulebook"])


def scored_periods(scores: Location) -> list[str]:
    """Periods scored by any rulebook, the latest first."""
    if not isinstance(scores, Path):
        return []
    kept = {path.parents[1].name.removesuffix("-nd09") for path in scores.glob(f"*/*/{MANIFEST}")}
    return sorted(kept, reverse=True)


def scored_units(scores: Location) -> list[tuple[str, str]]:
    """(code, name) of the units of the score made last."""
    last = last_score(scores)
    if last is None:
        return []
    import pyarrow as pa
    import pyarrow.parquet as pq

    with suppress(OSError, KeyError, TypeError, pa.ArrowException):
        table = pq.read_table(last[1] / _json(last[1] / MANIFEST)["files"]["units"], columns=["id", "name"])
        return [(str(row["id"]), str(row["name"])) for row in table.to_pylist()]
    return []
