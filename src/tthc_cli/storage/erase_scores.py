"""Deleting for good what is stored of scores of some subjects."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from tthc_cli.storage.location import Location, files_below, remove
from tthc_cli.storage.stored_scores import LATEST, MANIFEST

if TYPE_CHECKING:
    from tthc_cli.results.scorecard import SubjectKind


def stored_of(scores: Location, subjects: SubjectKind) -> list[str]:
    """Every file of the scores of divisions or officials: of all periods, windows and rulebooks, versions before and
    files in the making too, and which of them was scored last. In the order in which they may go: what names others
    before these."""
    stem = LATEST.removesuffix(".json")
    pointer = re.compile(rf"\.?{stem}(-[^/]+)?-{subjects}\.json[^/]*")
    own = re.compile(rf"[^/]+/[^/]+/{subjects}/[^/]+")
    files = [file for file in files_below(scores) if pointer.fullmatch(file) or own.fullmatch(file)]
    return sorted(files, key=lambda file: ("/" in file, not file.endswith(f"/{MANIFEST}"), file))


def erase_scores(scores: Location, subjects: SubjectKind) -> int:
    """Delete them; returns how many scores there were. Done again, it finishes what was left undone."""
    files = stored_of(scores, subjects)
    for file in files:
        remove(scores / file)
    folders = {file.rpartition("/")[0] for file in files if "/" in file}
    for folder in sorted(folders):
        if isinstance(scores, Path):
            for empty in ((scores / folder), (scores / folder).parent):
                with suppress(OSError):  # others lie there
                    empty.rmdir()
    return len(folders)
