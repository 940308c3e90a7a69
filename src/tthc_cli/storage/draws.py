"""Where the draws of inspections are kept: one JSON file each, below `inspections/` of the workspace."""

from __future__ import annotations

import json
from pathlib import Path

from tthc_cli.errors import InputError
from tthc_cli.results.control.inspection import Draw, document, of_document
from tthc_cli.storage.location import write_atomic
from tthc_cli.text import file_part

DRAWS = "inspections"
"""Where draws are kept, in a workspace."""


def path_of(folder: Path, draw_id: str) -> Path:
    """The file of a draw."""
    return folder / f"{file_part(draw_id)}.json"


def save_draw(folder: Path, draw: Draw) -> Path:
    """Store a draw; the same draw gives the same bytes."""
    path = path_of(folder, draw.id)
    write_atomic(path, (json.dumps(document(draw), ensure_ascii=False, indent=1) + "\n").encode())
    return path


def stored_draws(folder: Path) -> tuple[Draw, ...]:
    """All draws, the newest last. Raises InputError for a file that is none."""
    files = sorted(folder.glob("*.json")) if folder.is_dir() else []
    return tuple(sorted((_read(file) for file in files), key=lambda draw: (draw.as_of, draw.id)))


def load_draw(folder: Path, draw_id: str) -> Draw | None:
    """A draw by its id; None where there is none."""
    path = path_of(folder, draw_id)
    return _read(path) if path.is_file() else None


def _read(path: Path) -> Draw:
    try:
        return of_document(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as wrong:
        raise InputError("bad_draw", path=str(path), detail=type(wrong).__name__) from None
