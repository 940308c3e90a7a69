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
    from tthc_cli.ingest.describe import TableView
    from tthc_cli.ingest.preview import FileView
    from tthc_cli.ingest.sources import ForgetReport
    from tthc_cli.messages import Lang
    from tthc_cli.storage.warehouse import Earlier, SourceRecord
    from tthc_cli.workspace import Workspace

__all__ = [
    "FileReport", "IngestReport", "SheetReport", "describe_tables", "forget_officials", "forget_personal",
    "forget_source", "ingest",
    "inspect_file", "list_earlier", "list_sources",
]  # fmt: skip

Progress = Callable[[str, int, int], None]


def ingest(paths: Sequence[Path], workspace: Workspace, progress: Progress | None = None) -> IngestReport:
    """Take in every file below `paths`. The caller holds `workspace.lock()`.

    `progress(path, number, of)` is called before each file. Raises InputError when a path does not exist, nothing can
    be written, or the stored warehouse is of another format.
    """
    from tthc_cli.ingest.run import run

    return run(paths, workspace, progress)


def inspect_file(path: Path, workspace: Workspace) -> tuple[FileView, ...]:
    """What `ingest` would make of a file; nothing is written. One answer a member of an archive."""
    from tthc_cli.ingest.preview import inspect_file as look

    return look(path, workspace)


def list_sources(workspace: Workspace) -> tuple[SourceRecord, ...]:
    """Every file in the warehouse with its account, by path; empty when nothing is stored."""
    from tthc_cli.ingest.sources import list_sources as read

    return read(workspace)


def list_earlier(workspace: Workspace) -> tuple[Earlier, ...]:
    """By path, the versions of which no row is left and that are no longer listed among the sources."""
    from tthc_cli.ingest.sources import list_earlier as read

    return read(workspace)


def forget_source(wanted: str, workspace: Workspace) -> ForgetReport:
    """Take a source (id, beginning of an id, or path) out exactly; rows it had superseded stand again.

    The caller holds `workspace.lock()`. Raises UsageError when no source, or more than one, fits.
    """
    from tthc_cli.ingest.sources import forget_source as take_out

    return take_out(wanted, workspace)


def forget_officials(workspace: Workspace) -> ForgetReport:
    """Erase codes, hashes and the key of officials. The caller holds `workspace.lock()`."""
    from tthc_cli.ingest.sources import forget_officials as erase

    return erase(workspace)


def forget_personal(workspace: Workspace) -> ForgetReport:
    """Erase the restricted file of personal data. The caller holds `workspace.lock()`."""
    from tthc_cli.ingest.sources import forget_personal as erase

    return erase(workspace)


def describe_tables(workspace: Workspace, lang: Lang) -> tuple[TableView, ...]:
    """The data dictionary as people read it, with the workspace's own headings."""
    from tthc_cli.ingest.describe import describe_tables as describe

    return describe(workspace, lang)
