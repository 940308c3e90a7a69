"""What a job is about: a workspace, a period, a rulebook, a stored score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, cast

from tthc_cli import rulebooks
from tthc_cli.errors import InputError, UsageError
from tthc_cli.periods import Period, PeriodKind, WindowStyle, parse_period
from tthc_cli.results.scorecard import place_of
from tthc_cli.rulebooks.known import EVALUATIONS, SUBJECTS
from tthc_cli.storage import stored_scores
from tthc_cli.workspace import Workspace, find_workspace

if TYPE_CHECKING:
    from tthc_cli.results.scorecard import RulebookInfo, Scorecard, SubjectKind

DECISION_766, NINE_CRITERIA = EVALUATIONS
EVERY = "all"
"""What is said for every evaluation at once."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The rulebooks that a score of every evaluation is by."""

    rulebooks: tuple[RulebookInfo, ...]
    """In the order of the evaluations; one at least."""
    missing: tuple[InputError, ...] = ()
    """Why an evaluation is left out: no rulebook of it is in force any more."""

    @property
    def several(self) -> bool:
        """Whether several evaluations were asked for."""
        return len(self.rulebooks) + len(self.missing) > 1


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
    workspace: Workspace,
    period: Period,
    *,
    reading: str | None = None,
    rulebook: str | None = None,
    evaluation: str | None = None,
    subjects: str | None = None,
) -> RulebookInfo:
    """The rulebook of that id, else the one in force for the reading on the last day of the period.

    evaluation: "qd766" or "nine-criteria"; subjects: "units", "divisions" or "officials", of which the latter two are
    assessed by the nine criteria alone. Raises UsageError or InputError when there is none.
    """
    law, whom = asked_for(evaluation, subjects)
    if rulebook is not None:
        book = rulebooks.by_id(rulebook, workspace.rulebooks)
        if evaluation not in (None, book.evaluation):
            raise UsageError("other_evaluation", id=book.id, found=book.evaluation, asked=evaluation)
        subjects_of(book, subjects)
        return book
    wanted = reading or workspace.settings.scoring.reading
    if wanted not in ("law", "portal"):
        raise UsageError("unknown_reading", value=wanted)
    if law == NINE_CRITERIA:
        wanted = "law"
    return rulebooks.choose(wanted, period.last_day.date(), workspace.rulebooks, law, whom)


def evaluations_of(workspace: Workspace, evaluation: str | None, *more: object) -> tuple[str, ...]:
    """The evaluations that a score is by, where it may be more than one: all, where that is said; those of the
    settings, where nothing is said, neither an evaluation nor anything more; else () for the one that is meant."""
    if evaluation == EVERY:
        return EVALUATIONS
    if evaluation is not None or any(more):
        return ()
    return tuple(one for one in EVALUATIONS if one in workspace.settings.scoring.evaluations)


def choose_rulebooks(
    workspace: Workspace,
    period: Period,
    evaluations: Sequence[str],
    *,
    reading: str | None = None,
    named: Sequence[str] = (),
) -> Chosen:
    """The rulebook of each of some evaluations: that among `named`, else the one in force. Raises as `choose_rulebook`;
    UsageError for two of one evaluation."""
    by_name = [choose_rulebook(workspace, period, rulebook=one, subjects="units") for one in named]
    found, missing = [], []
    for evaluation in evaluations:
        own = [book for book in by_name if book.evaluation == evaluation]
        if len(own) > 1:
            raise UsageError("one_of_each", first=own[0].id, second=own[1].id)
        try:
            found += own or [choose_rulebook(workspace, period, reading=reading, evaluation=evaluation)]
        except InputError as error:
            if error.code != "no_nine_criteria":
                raise
            missing.append(error)
    if not found:
        raise missing[0]
    return Chosen(tuple(found), tuple(missing))


def subjects_of(rulebook: RulebookInfo, asked: str | None) -> SubjectKind:
    """Whom a rulebook is to assess: those asked for, else units, else whom it names first. Raises UsageError for those
    that it does not assess."""
    if asked is not None and asked not in rulebook.subjects:
        raise UsageError("other_subjects", id=rulebook.id, found=", ".join(rulebook.subjects), asked=asked)
    wanted = asked or ("units" if "units" in rulebook.subjects else rulebook.subjects[0])
    return cast("SubjectKind", wanted)


def asked_for(evaluation: str | None, subjects: str | None) -> tuple[str, SubjectKind]:
    """The evaluation and the subjects that are asked for. Raises UsageError for what nobody knows."""
    if subjects is not None and subjects not in SUBJECTS:
        raise UsageError("unknown_subjects", value=subjects, known=", ".join(SUBJECTS))
    if evaluation is not None and evaluation not in EVALUATIONS:
        raise UsageError("unknown_evaluation", value=evaluation, known=", ".join(EVALUATIONS))
    default = DECISION_766 if subjects in (None, "units") else NINE_CRITERIA
    if (evaluation or default) == DECISION_766 and subjects not in (None, "units"):
        raise UsageError("units_only", asked=subjects)
    return evaluation or default, cast("SubjectKind", subjects or "units")


def stored(workspace: Workspace, period: Period, rulebook_id: str, subjects: SubjectKind = "units") -> Scorecard:
    """A stored score. Raises InputError when it was not scored, or is damaged."""
    return stored_scores.load(workspace.scores, period.id, place_of(rulebook_id, subjects), period.style)
