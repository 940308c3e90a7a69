"""Ingest, score and report in one call."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tthc_cli.jobs.choose import choose_rulebook, choose_rulebooks, evaluations_of
from tthc_cli.jobs.ingesting import ingest
from tthc_cli.jobs.reporting import report
from tthc_cli.jobs.scoring import score, score_all

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
    also: tuple[Scorecard, ...] = ()
    """Scores by the other evaluations of the settings."""


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
    """Take in files, score a period by a rulebook (else the one in force of each evaluation of the settings) and write
    the reports, holding the lock of the workspace. Raises what these jobs raise, and LockedError."""
    wanted = evaluations_of(workspace, None, rulebook, subjects)
    books = choose_rulebooks(workspace, period, wanted).rulebooks if wanted else ()
    book = rulebook or (None if books else choose_rulebook(workspace, period, subjects=subjects))
    with workspace.lock():
        came_in = ingest(workspace, paths, progress=progress)
        if book is None:
            cards = score_all(workspace, period, books, as_of=as_of, grade_anyway=grade_anyway)
        else:
            cards = (score(workspace, period, book, as_of=as_of, grade_anyway=grade_anyway, subjects=subjects),)
        files = [file for card in cards for file in report(workspace, card, formats, lang, folder=folder)]
    return Ran(came_in, cards[0], tuple(files), cards[1:])
