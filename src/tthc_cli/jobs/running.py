"""Ingest, score and report in one call."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tthc_cli.jobs.choose import choose_rulebook
from tthc_cli.jobs.ingesting import ingest
from tthc_cli.jobs.reporting import report
from tthc_cli.jobs.scoring import score

if TYPE_CHECKING:
    from tthc_cli.ingest import IngestReport
    from tthc_cli.messages import Lang
    from tthc_cli.periods import Period
    from tthc_cli.results.scorecard import RulebookInfo, Scorecard, SubjectKind
    from tthc_cli.storage.location import Location
    from tthc_cli.workspace import Workspace

FORMATS = ("xlsx", "html")
"""What is written when nothing is said."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What one run did."""

    ingest: IngestReport
    card: Scorecard
    files: tuple[Location, ...]


def run(
    workspace: Workspace,
    paths: Sequence[Path | str],
    period: Period,
    lang: Lang = "vi",
    *,
    rulebook: RulebookInfo | None = None,
    formats: Sequence[str] = FORMATS,
    folder: Location | None = None,
    as_of: datetime | None = None,
    progress: Callable[[str, int, int], None] | None = None,
    grade_anyway: bool = False,
    subjects: SubjectKind | None = None,
) -> Ran:
    """Take in files, score a period by a rulebook (else the one in force) and write the reports, holding the lock of
    the workspace. Raises what `ingest`, `score` and `report` raise, and LockedError."""
    book = rulebook or choose_rulebook(workspace, period)
    with workspace.lock():
        came_in = ingest(workspace, paths, progress=progress)
        card = score(workspace, period, book, as_of=as_of, grade_anyway=grade_anyway, subjects=subjects)
        files = report(workspace, card, formats, lang, folder=folder)
    return Ran(came_in, card, tuple(files))
