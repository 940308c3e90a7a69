"""Take files into a workspace."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tthc_cli import ingest as reading
from tthc_cli.jobs.officials import finish_forgetting

if TYPE_CHECKING:
    from tthc_cli.ingest import IngestReport
    from tthc_cli.workspace import Workspace


def ingest(
    workspace: Workspace, paths: Sequence[Path | str], *, progress: Callable[[str, int, int], None] | None = None
) -> IngestReport:
    """Read files and folders into the warehouse and list what is wrong in `issues.csv` and `issues.xlsx`.

    `progress(file, done, all)` is told as files are read. Raises InputError when a path does not exist or the warehouse
    cannot be written.
    """
    finish_forgetting(workspace)
    return reading.ingest([Path(path) for path in paths], workspace, progress)
