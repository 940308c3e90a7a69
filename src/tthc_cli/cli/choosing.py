"""What a command is about: the period, the rulebook and the stored scorecard that its options name."""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tthc_cli import clock
from tthc_cli.cli.session import Session, command, h, typed
from tthc_cli.errors import Exit, UsageError

if TYPE_CHECKING:
    from tthc_cli.cli.registry import Purpose
    from tthc_cli.jobs.choose import Chosen
    from tthc_cli.periods import Period, PeriodKind, WindowStyle
    from tthc_cli.results.scorecard import RulebookInfo, Scorecard, SubjectKind

ReadingOption = Annotated[str | None, typer.Option("--reading", help=h("reading"), metavar="law|portal")]
WindowOption = Annotated[str | None, typer.Option("--window", help=h("window"), metavar="calendar|nd09")]
EvaluationOption = Annotated[
    str | None, typer.Option("--evaluation", help=h("evaluation"), metavar="qd766|nine-criteria")
]
SubjectsOption = Annotated[
    str | None, typer.Option("--subjects", help=h("subjects"), metavar="units|divisions|officials")
]
EvaluationsOption = Annotated[
    str | None, typer.Option("--evaluation", help=h("evaluations"), metavar="qd766|nine-criteria|all")
]
AsOfOption = Annotated[str | None, typer.Option("--as-of", help=h("as_of"), metavar="2023-06-30T17:00")]

_OPTIONS: dict[str, Any] = {
    "month": Annotated[str | None, typer.Option("--month", help=h("month"), metavar="2023-06")],
    "quarter": Annotated[str | None, typer.Option("--quarter", help=h("quarter"), metavar="2023Q2")],
    "half": Annotated[str | None, typer.Option("--half", help=h("half"), metavar="2023H1")],
    "year": Annotated[str | None, typer.Option("--year", help=h("year"), metavar="2023")],
    "window": WindowOption,
    "reading": ReadingOption,
    "evaluation": EvaluationOption,
    "subjects": SubjectsOption,
    "rulebook": Annotated[list[str] | None, typer.Option("--rulebook", help=h("rulebook"), metavar="ID")],
}


@dataclass(frozen=True)
class Asked:
    """The period, reading and rulebook that the options of a command name."""

    session: Session
    month: str | None
    quarter: str | None
    half: str | None
    year: str | None
    window: str | None
    reading: str | None
    evaluation: str | None
    subjects: str | None
    rulebook: list[str] | None

    def period(self) -> Period | None:
        """The period; None when none is given. Raises UsageError when several are."""
        from tthc_cli.periods import parse_period

        kinds: tuple[PeriodKind, ...] = ("month", "quarter", "half", "year")
        given = [(kind, text) for kind in kinds if (text := getattr(self, kind))]
        if len(given) > 1:
            raise UsageError("several_periods")
        if not given:
            return None
        kind, text = given[0]
        return parse_period(text, self.style, kind, clock.today())

    def repeated(self) -> str:
        """These options as they are typed, for a command that asks more of the same score; "" where there are none."""
        names = ("month", "quarter", "half", "year", "window", "reading", "evaluation", "subjects")
        given = [(name, text) for name in names if (text := getattr(self, name))]
        given += [("rulebook", one) for one in self.rulebook or ()]
        return "".join(f" --{name} {typed(text)}" for name, text in given)

    @property
    def style(self) -> WindowStyle:
        """The window asked for, else the workspace's. Raises UsageError for one that nobody knows."""
        return chosen_window(self.session, self.window)

    def required_period(self) -> Period:
        """The period. Raises UsageError when none, or several, are given."""
        period = self.period()
        if period is None:
            raise UsageError("no_period")
        return period

    def rulebook_for(self, period: Period) -> RulebookInfo:
        """The rulebook asked for, else the one in force for the reading."""
        if self.rulebook and len(self.rulebook) > 1:
            raise UsageError("one_rulebook")
        from tthc_cli.jobs.choose import choose_rulebook

        return choose_rulebook(
            self.session.workspace,
            period,
            reading=self.reading,
            rulebook=self.rulebook[0] if self.rulebook else None,
            evaluation=self.evaluation,
            subjects=self.subjects,
        )

    def rulebooks_for(self, period: Period) -> Chosen | None:
        """Where a score of several evaluations is meant, the rulebook of each; None where it is one of one."""
        from tthc_cli.jobs.choose import EVERY, choose_rulebooks, evaluations_of

        workspace, whom = self.session.workspace, None if self.subjects == "units" else self.subjects
        wanted = evaluations_of(workspace, self.evaluation, self.rulebook, whom)
        if not wanted:
            return None
        if whom is not None:
            raise UsageError("units_only_by_all", asked=whom)
        named = self.rulebook or () if self.evaluation == EVERY else ()
        return choose_rulebooks(workspace, period, wanted, reading=self.reading, named=named)

    def subjects_by(self, rulebook: RulebookInfo) -> SubjectKind:
        """Whom the rulebook is to assess."""
        from tthc_cli.jobs.choose import subjects_of

        return subjects_of(rulebook, self.subjects)

    def stored(self) -> tuple[Scorecard, Period]:
        """The stored scorecard; with no period, the one scored last."""
        from tthc_cli.jobs.choose import asked_for
        from tthc_cli.periods import parse_period
        from tthc_cli.results.scorecard import place_of
        from tthc_cli.storage import stored_scores

        scores = self.session.workspace.scores
        period = self.period()
        if period is None:
            if self.reading or self.rulebook or self.window:
                raise UsageError("no_period")
            law, whom = asked_for(self.evaluation, self.subjects)
            which, book, style = stored_scores.latest(scores, law, whom)
            period = parse_period(which, style)
        else:
            rules = self.rulebook_for(period)
            book = place_of(rules.id, self.subjects_by(rules))
        return stored_scores.load(scores, period.id, book, period.style), period


def chosen_window(session: Session, asked: str | None) -> WindowStyle:
    """The window asked for, else the workspace's. Raises UsageError for one that nobody knows."""
    if asked is None:
        return session.workspace.settings.scoring.window
    if asked not in ("calendar", "nd09"):
        raise UsageError("unknown_window", value=asked)
    return "nd09" if asked == "nd09" else "calendar"


_DAY = re.compile(r"^(\d\d)/(\d\d)/(\d{4})")


def parse_moment(text: str) -> datetime:
    """The moment that --as-of means, as programs or as people write it; a day means its last second. Raises
    UsageError."""
    written = _DAY.sub(r"\3-\2-\1", " ".join(text.split()))
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        raise UsageError("bad_as_of", value=text) from None
    if moment.tzinfo is not None:
        raise UsageError("as_of_zone", value=text)
    return moment + timedelta(days=1, seconds=-1) if len(written) <= len("2023-06-30") else moment


def chosen_rulebook(session: Session, period: Period, reading: str | None, rulebook: str | None) -> RulebookInfo:
    """The rulebook of that id, else the one in force for the reading on the last day of the period."""
    from tthc_cli.jobs.choose import choose_rulebook

    return choose_rulebook(session.workspace, period, reading=reading, rulebook=rulebook)


def period_command(
    name: str, *, purpose: Purpose, logged: bool = False, locks: bool = False, every: bool = False
) -> Callable[[Callable[..., Exit]], Callable[..., Exit]]:
    """Declare a command `work(session, asked, ...)`: the options for period, reading and rulebook come as `asked`.
    every: it may be asked for every evaluation at once."""
    kinds = _OPTIONS | ({"evaluation": EvaluationsOption} if every else {})

    def declare(work: Callable[..., Exit]) -> Callable[..., Exit]:
        session, _, *own = inspect.signature(work, eval_str=True).parameters.values()

        @functools.wraps(work)
        def call(session: Session, **given: Any) -> Exit:
            asked = Asked(session, **{key: given.pop(key) for key in _OPTIONS})
            return work(session, asked, **given)

        options = [
            inspect.Parameter(key, inspect.Parameter.KEYWORD_ONLY, annotation=kind, default=None)
            for key, kind in kinds.items()
        ]
        rest = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in own]
        call.__signature__ = inspect.Signature([session, *rest, *options])  # type: ignore[attr-defined]
        return command(name, purpose=purpose, logged=logged, locks=locks)(call)

    return declare
