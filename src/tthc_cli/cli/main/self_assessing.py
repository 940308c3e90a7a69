"""`tthc score --self`: the papers that units hand in; and `tthc compare --self`: what was appraised against them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tthc_cli.errors import Exit, UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from tthc_cli.cli.choosing import Asked
    from tthc_cli.cli.session import Session
    from tthc_cli.jobs.appraising.self_assessing import SelfAssessed
    from tthc_cli.periods import Period

ROWS = 40


def self_period(asked: Asked, period: Period) -> Period:
    """The period of a self-assessment: a year is handed in before it is over, and runs from 15/12 to 14/12 unless
    another window is asked for."""
    return replace(period, style="nd09") if period.kind == "year" and asked.window is None else period


def write_papers(
    session: Session,
    asked: Asked,
    as_of: datetime | None,
    units: list[str] | None,
    formats: list[str] | None,
    out: str | None,
) -> Exit:
    """Write the papers, and say from when to when, and by when."""
    from tthc_cli.jobs.appraising.self_assessing import FORMATS, papers, self_assess

    wanted = tuple(dict.fromkeys(formats or FORMATS))
    for one in wanted:
        if one not in FORMATS:
            raise UsageError("unknown_format", value=one, known=", ".join(FORMATS))
    period = self_period(asked, asked.required_period())
    book = asked.rulebook_for(period)
    if book.evaluation != "qd766":
        raise UsageError("self_evaluation", id=book.id)
    found = self_assess(session.workspace, period, book, as_of)
    chosen = found.units(units)
    folder = session.location(out, session.workspace.reports)
    _say(session, found, period)
    files = []
    for path in papers(session.workspace, found, chosen, wanted, session.lang, folder):
        files.append(str(path))
        session.show(str(path), whole=True)
    session.show(session.say("selfassess.more", period=period.id))
    session.record.facts.update(period=period.id, rulebook=book.id, units=len(chosen))
    session.log(session.for_log.say("selfassess.summary", period=period.id, units=len(chosen), folder=str(folder)))
    if session.json:
        session.emit(_document(found, [unit.id for unit in chosen], files))
    return Exit.DONE


def _say(session: Session, found: SelfAssessed, period: Period) -> None:
    from tthc_cli.render.self_assessment import due_line, window_line

    session.show(window_line(found.card, session.lang))
    if line := due_line(found.due, session.lang):
        session.show(line)
    if period.kind == "year" and period.style == "calendar":
        session.note(session.say("selfassess.calendar_year"))


def _document(found: SelfAssessed, units: list[str], files: list[str]) -> dict[str, object]:
    from tthc_cli.results.scorecard import number

    card = found.card
    return {
        "schema": 1, "period": card.period, "window": card.window, "start": card.period_start, "end": card.period_end,
        "due": None if found.due is None else {"day": found.due.day.isoformat(), "cite": found.due.cite},
        "units": [
            {
                "id": unit.id, "name": unit.name, "total": number(unit.total),
                "assessed_max": number(unit.assessed_max), "marked_itself": unit.id in found.marked,
            }
            for unit in card.units if unit.id in units
        ],
        "files": files,
    }  # fmt: skip


def show_appraised(
    session: Session, period: Period, asked_rules: dict[str, str | None], units: list[str] | None
) -> Exit:
    """What was appraised against what units gave themselves."""
    from tthc_cli.jobs.appraising.self_assessing import appraised_against_self, marked_against_self
    from tthc_cli.jobs.choose import choose_rulebook, stored, subjects_of
    from tthc_cli.render.listing import listing_table
    from tthc_cli.results.listing import public_json

    book = choose_rulebook(session.workspace, period, **asked_rules)
    if book.evaluation == "qd766":
        made = appraised_against_self(session.workspace, period, book, units)
    else:
        card = stored(session.workspace, period, book.id, subjects_of(book, asked_rules.get("subjects")))
        made = marked_against_self(session.workspace, card, units)
    if session.json:
        session.emit(public_json(made, session.lang))
    session.show(listing_table(made, session.lang, session.out.width, ROWS))
    if not made.rows:
        session.show(session.say("selfassess.same"))
    elif len(made.rows) > ROWS:
        session.show(session.say("lists.more_rows", shown=ROWS, all=len(made.rows)))
    return Exit.DONE
