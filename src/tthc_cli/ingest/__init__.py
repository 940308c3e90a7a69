"""Read the files of a one-stop system and keep them, typed and checked, in the warehouse.

find -> read -> locate the table -> match headings -> clean -> check -> store. Nothing is dropped in silence: every
row read is accepted, superseded or rejected with a reason, and the three add up.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tthc_cli.ingest.report import FileReport, IngestReport, SheetReport

if TYPE_CHECKING:
    from tthc_cli.workspace import Workspace

__all__ = ["FileReport", "IngestReport", "SheetReport", "ingest"]

Progress = Callable[[str, int, int], None]


def ingest(paths: Sequence[Path], workspace: Workspace, progress: Progress | None = None) -> IngestReport:
    """Take in every file below `paths`. The caller holds `workspace.lock()`.

    `progress(path, number, of)` is called before each file. Raises InputError when a path does not exist, nothing can
    be written, or the stored warehouse is of another format.
    """
    from tthc_cli.ingest.run import run

    return run(paths, workspace, progress)
