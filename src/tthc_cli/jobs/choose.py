"""What a job is about: a workspace, a period, a rulebook, a stored score."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from tthc_cli import rulebooks
from tthc_cli.errors import UsageError
from tthc_cli.periods import Period, PeriodKind, WindowStyle, parse_period
from tthc_cli.storage import stored_scores
from tthc_cli.workspace import Workspace, find_workspace

if TYPE_CHECKING:
    from tthc_cli.results.scorecard import RulebookInfo, Scorecard


def open_workspace(folder: Path | str) -> Workspace:
    """The workspace of a folder: the one with a `tthc.toml` there or above it, else the folder with all defaults."""
    return find_workspace(Path(folder), Path(folder))


def period(
    workspace: Workspace,
    text: str,
    *,
    kind: PeriodKind | None = None,
    window: WindowStyle | None = None,
    today: date | None = None,
) -> Period:
    """The period that a text means ("2023Q2", "2023-06", "2023H1", "2023"), in the window asked for, else in that of
    the workspace. `today` is needed for "truoc" (the one that ended last) and "nay" (the one that runs). Raises
    UsageError."""
    return parse_period(text, window or workspace.settings.scoring.window, kind, today)


def choose_rulebook(
    workspace: Workspace, period: Period, *, reading: str | None = None, rulebook: str | None = None
) -> RulebookInfo:
    """The rulebook of that id, else the one in force for the reading on the last day of the period. Raises UsageError
    or InputError when there is none."""
    if rulebook is not None:
        return rulebooks.by_id(rulebook, workspace.rulebooks)
    wanted = reading or workspace.settings.scoring.reading
    if wanted not in ("law", "portal"):
        raise UsageError("unknown_reading", value=wanted)
    return rulebooks.choose(wanted, period.last_day.date(), workspace.rulebooks)


def stored(workspace: Workspace, period: Period, rulebook_id: str) -> Scorecard:
    """A stored score. Raises InputError when it was not scored, or is damaged."""
    return stored_scores.load(workspace.scores, period.id, rulebook_id, period.style)
