"""`tthc compare`: what changed between two scored periods, and what drove it."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from tthc_cli import clock
from tthc_cli.cli import completion
from tthc_cli.cli.choosing import EvaluationOption, ReadingOption, SubjectsOption, WindowOption, chosen_window
from tthc_cli.cli.session import Session, command, h
from tthc_cli.errors import Exit, UsageError
from tthc_cli.units.named import named_unit


@command("compare", purpose="questions")
def compare(
    session: Session,
    before: Annotated[
        str,
        typer.Argument(
            help=h("compare_before"), metavar=h("compare_before_metavar"), autocompletion=completion.periods
        ),
    ],
    after: Annotated[
        str | None,
        typer.Argument(
            help=h("compare_after"),
            metavar=h("compare_after_metavar"),
            autocompletion=completion.periods,
            show_default=False,
        ),
    ] = None,
    unit: Annotated[
        list[str] | None, typer.Option("--unit", help=h("compare_unit"), metavar=h("unit_name_metavar"))
    ] = None,
    reading: ReadingOption = None,
    rulebook: Annotated[list[str] | None, typer.Option("--rulebook", help=h("compare_rulebook"), metavar="ID")] = None,
    window: WindowOption = None,
    evaluation: EvaluationOption = None,
    subjects: SubjectsOption = None,
    own: Annotated[bool, typer.Option("--self", help=h("compare_self"))] = False,
) -> Exit:
    from tthc_cli.answers.compare import comparison_json
    from tthc_cli.cli.questions.comparison_output import show_comparison
    from tthc_cli.jobs import ask
    from tthc_cli.jobs.choose import choose_rulebook, subjects_of
    from tthc_cli.periods import parse_period
    from tthc_cli.results.scorecard import place_of
    from tthc_cli.storage import stored_scores

    if own:
        by = {"reading": reading, "evaluation": evaluation, "subjects": subjects}
        return _against_self(session, before, after, unit, by, rulebook, window)
    if after is None:
        raise UsageError("compare_two")
    books: list[str | None] = [*rulebook] if rulebook else [None]
    if len(books) > 2:
        raise UsageError("many_rulebooks", count=len(books))
    style = chosen_window(session, window)
    cards = []
    for text, book in ((before, books[0]), (after, books[-1])):
        period = parse_period(text, style, today=clock.today())
        rules = choose_rulebook(
            session.workspace, period, reading=reading, rulebook=book, evaluation=evaluation, subjects=subjects
        )
        place = place_of(rules.id, subjects_of(rules, subjects))
        cards.append(stored_scores.load(session.workspace.scores, period.id, place, style))
    if len({card.rulebook.evaluation for card in cards}) > 1:
        raise UsageError("two_evaluations", first=cards[0].rulebook.id, second=cards[1].rulebook.id)
    found = ask.compare(session.workspace, *cards)
    by_id = {u.id: u for u in found.units}
    wanted = tuple(by_id[named_unit((u.now for u in found.units), one).id] for one in unit or ())
    if session.json:
        session.emit(comparison_json(found, wanted or found.units))
    show_comparison(session, found, wanted)
    return Exit.DONE


def _against_self(
    session: Session,
    text: str,
    after: str | None,
    units: list[str] | None,
    rules: dict[str, str | None],
    rulebook: list[str] | None,
    window: str | None,
) -> Exit:
    """What was appraised against what units gave themselves, in one period."""
    from tthc_cli.cli.main.self_assessing import show_appraised
    from tthc_cli.periods import parse_period

    if after is not None:
        raise UsageError("compare_self_one", value=after)
    if rulebook and len(rulebook) > 1:
        raise UsageError("one_rulebook")
    period = parse_period(text, chosen_window(session, window), today=clock.today())
    if period.kind == "year" and window is None:
        period = replace(period, style="nd09")
    return show_appraised(session, period, rules | {"rulebook": rulebook[0] if rulebook else None}, units)
