"""`tthc show`: the shortest way to the last score, of a unit or of the province."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tthc_cli.cli import completion
from tthc_cli.cli.choosing import Asked, period_command
from tthc_cli.cli.session import Session, h, typed
from tthc_cli.errors import Exit

if TYPE_CHECKING:
    from tthc_cli.results.scorecard import Scorecard, UnitScore

ASKING = ("explain", "whatif", "list")


@period_command("show", purpose="questions")
def show(
    session: Session,
    asked: Asked,
    unit: Annotated[
        str | None,
        typer.Argument(
            help=h("show_unit"), metavar=h("show_unit_metavar"), show_default=False, autocompletion=completion.units
        ),
    ] = None,
) -> Exit:
    from tthc_cli.jobs.reporting import earlier_cards
    from tthc_cli.render.show import heads_of_rankings, shown_json, unit_screen
    from tthc_cli.render.view.building import build_view

    card, period = asked.stored()
    chosen = _chosen(card, unit)
    history = earlier_cards(session.workspace, card, period)
    view = build_view(card, session.lang, units=[chosen.id] if chosen else [], history=history)
    if session.json:
        shown = [view.selected[0]] if chosen else []
        shown += [] if unit else [u for u in view.units if u not in shown]
        session.emit(
            {
                "schema": 1, "period": card.period, "rulebook": card.rulebook.id, "as_of": card.as_of,
                "units": [shown_json(one, [*history, card]) for one in shown],
            }
        )  # fmt: skip
    width = session.out.width
    if chosen:
        session.show(unit_screen(view, view.selected[0], _asking(session, asked, chosen), width))
    if unit is None:
        session.show(heads_of_rankings(view, width))
        session.show(session.say("show.whole_ranking", options=asked.repeated()))
    return Exit.DONE


def _chosen(card: Scorecard, unit: str | None) -> UnitScore | None:
    """The unit asked for, else the province; None where the score has none. Raises InputError for one that there is
    not."""
    from tthc_cli.units.named import find_unit, named_unit

    return find_unit(card.units, card.province) if unit is None else named_unit(card.units, unit)


def _asking(session: Session, asked: Asked, unit: UnitScore) -> list[tuple[str, str]]:
    """The commands that tell more of a unit, as they are typed, and what each tells."""
    words = {"unit": typed(unit.id), "options": asked.repeated()}
    return [(session.say(f"show.ask.{name}", **words), session.say(f"show.tells.{name}")) for name in ASKING]
