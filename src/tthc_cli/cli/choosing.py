"""What a command is about: the period, the rulebook and the stored scorecard that its options name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tthc_cli.cli.session import Session, h
from tthc_cli.errors import UsageError

if TYPE_CHECKING:
    from tthc_cli.periods import Period
    from tthc_cli.scorecard import RulebookInfo, Scorecard

MonthOption = Annotated[str | None, typer.Option("--month", help=h("month"), metavar="2023-06")]
QuarterOption = Annotated[str | None, typer.Option("--quarter", help=h("quarter"), metavar="2023Q2")]
HalfOption = Annotated[str | None, typer.Option("--half", help=h("half"), metavar="2023H1")]
YearOption = Annotated[str | None, typer.Option("--year", help=h("year"), metavar="2023")]
ReadingOption = Annotated[str | None, typer.Option("--reading", help=h("reading"), metavar="law|portal")]
RulebookOption = Annotated[list[str] | None, typer.Option("--rulebook", help=h("rulebook"), metavar="ID")]
AsOfOption = Annotated[str | None, typer.Option("--as-of", help=h("as_of"), metavar="2023-06-30T17:00")]


def chosen_period(
    session: Session, month: str | None, quarter: str | None, half: str | None, year: str | None
) -> Period | None:
    """The period that the options name; None when none is given. Raises UsageError when several are."""
    from tthc_cli.periods import PeriodKind, parse_period

    given: list[tuple[PeriodKind, str]] = []
    if month:
        given.append(("month", month))
    if quarter:
        given.append(("quarter", quarter))
    if half:
        given.append(("half", half))
    if year:
        given.append(("year", year))
    if len(given) > 1:
        raise UsageError("several_periods")
    if not given:
        return None
    kind, text = given[0]
    return parse_period(text, session.workspace.settings.scoring.window, kind)


def required_period(session: Session, *options: str | None) -> Period:
    period = chosen_period(session, *options)
    if period is None:
        raise UsageError("no_period")
    return period


def chosen_rulebook(session: Session, period: Period, reading: str | None, rulebook: str | None) -> RulebookInfo:
    """The rulebook asked for, else the one in force for the reading on the last day of the period."""
    from tthc_cli import rulebooks

    folder = session.workspace.rulebooks
    if rulebook is not None:
        return rulebooks.by_id(rulebook, folder)
    wanted = reading or session.workspace.settings.scoring.reading
    if wanted not in ("law", "portal"):
        raise UsageError("unknown_reading", value=wanted)
    return rulebooks.choose(wanted, period.last_day.date(), folder)


def stored_card(
    session: Session,
    month: str | None,
    quarter: str | None,
    half: str | None,
    year: str | None,
    reading: str | None = None,
    rulebook: list[str] | None = None,
) -> tuple[Scorecard, Period]:
    """The stored scorecard that the options name; with no period, the one scored last."""
    from tthc_cli import scorestore
    from tthc_cli.periods import parse_period

    scores = session.workspace.scores
    period = chosen_period(session, month, quarter, half, year)
    if period is None:
        if reading or rulebook:
            raise UsageError("no_period")
        which, book = scorestore.latest(scores)
        period = parse_period(which, session.workspace.settings.scoring.window)
    else:
        book = chosen_rulebook(session, period, reading, rulebook[0] if rulebook else None).id
    return scorestore.load(scores, period.id, book), period
