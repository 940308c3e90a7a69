"""`tthc whatif`: what one more subject put right would gain, and the shortest way to the next grade."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tthc_cli.cli.choosing import Asked, period_command
from tthc_cli.cli.session import Session, fitted_table, h
from tthc_cli.errors import Exit
from tthc_cli.results.notes import note_text
from tthc_cli.results.scorecard import number
from tthc_cli.results.standing import standing, told_anyway

if TYPE_CHECKING:
    from rich.table import Table

    from tthc_cli.answers.gains import Gain
    from tthc_cli.answers.whatif import Way, WhatIf
    from tthc_cli.results.scorecard import RulebookInfo, Scorecard, UnitScore


def _grade(session: Session, unit: UnitScore, book: RulebookInfo) -> str:
    from tthc_cli.render.formats import plain

    if unit.grade is None:
        return session.say("render.text.ungraded").lower()
    band = book.grade(unit.grade)
    label = band.label_vi if session.lang == "vi" else band.label_en
    if not unit.provisional:
        return label
    return session.say("whatif.provisional", grade=label, max=plain(unit.assessed_max, session.lang))


def _standing(session: Session, key: str, unit: UnitScore, book: RulebookInfo, **more: str) -> str:
    from tthc_cli.render.formats import fixed, plain

    return session.say(
        key,
        total=fixed(unit.total, session.lang),
        max=plain(unit.assessed_max, session.lang),
        percent=fixed(unit.percent, session.lang),
        grade=_grade(session, unit, book),
        **more,
    )


def _title(session: Session, gain: Gain) -> str:
    return gain.info.title_vi if session.lang == "vi" else gain.info.title_en


def _table(session: Session, columns: tuple[tuple[str, str], ...]) -> Table:
    """A table whose second column takes the room that is left."""
    heads = ((session.say(f"whatif.{key}") if key else "", justify) for key, justify in columns)
    table: Table = fitted_table(session.out.width, *((*head, int(at == 1)) for at, head in enumerate(heads)))
    return table


def gains_table(session: Session, gains: list[Gain]) -> Table:
    """Components with something to gain, what one more gains first."""
    from tthc_cli.render.formats import fixed, plain

    lang = session.lang
    table = _table(
        session,
        (
            ("", "left"), ("component", "left"), ("points", "right"), ("counts", "right"), ("lost", "right"),
            ("one_more", "right"), ("to_best", "right"), ("all_right_points", "right"),
        ),
    )  # fmt: skip
    for gain in sorted(gains, key=lambda g: -g.one_more):
        table.add_row(
            gain.info.id,
            _title(session, gain),
            f"{fixed(gain.points, lang)}/{plain(gain.info.max, lang)}",
            f"{plain(gain.numerator, lang)}/{plain(gain.denominator, lang)}",
            plain(gain.lost, lang),
            fixed(gain.one_more, lang, 4),
            plain(gain.to_best, lang),
            fixed(gain.all_right, lang),
        )
    return table


def way_table(session: Session, way: Way) -> Table:
    """What to put right, component by component."""
    from tthc_cli.render.formats import fixed, plain, signed

    lang = session.lang
    table = _table(
        session,
        (("", "left"), ("component", "left"), ("what", "left"), ("from_to", "right"), ("points_from_to", "right"),
         ("gain", "right")),
    )  # fmt: skip
    for step in way.steps:
        gain = step.gain
        subject = session.say(f"whatif.subject.{gain.info.subject}")
        table.add_row(
            gain.info.id,
            _title(session, gain),
            session.say("whatif.put_right", count=plain(step.count, lang), subject=subject),
            f"{plain(gain.numerator, lang)} → {plain(gain.numerator_with(step.count), lang)}",
            f"{fixed(gain.points, lang)} → {fixed(step.points, lang)}",
            signed(step.points - gain.points, lang),
        )
    return table


def _remarks(session: Session, card: Scorecard, found: WhatIf) -> Iterator[str]:
    """What has nothing to gain, and why; what no source tells."""
    scores = card.components_of(found.unit.id)
    for key, ids in (
        ("full", [g.info.id for g in found.gains if not g.one_more]),
        ("empty", [s.id for s in scores if s.status in ("scored", "no_score") and not s.denominator]),
        ("not_assessed", [s.id for s in scores if s.status == "not_assessed"]),
    ):
        if ids:
            yield session.say(f"whatif.{key}", ids=", ".join(ids))
    for gain in found.gains:
        if gain.unknown:
            yield session.say("whatif.unknown", id=gain.info.id, count=gain.unknown)


def _show(session: Session, card: Scorecard, found: WhatIf) -> None:
    from rich.text import Text

    from tthc_cli.render.formats import fixed, period_name, plain
    from tthc_cli.render.text import clean

    unit, book, say = found.unit, card.rulebook, session.say
    title = say(
        "whatif.title",
        unit=clean(unit.id),
        name=clean(unit.called(session.lang)),
        period=period_name(card.period, session.lang),
    )
    session.show(Text(title, style="bold"))
    for written in standing(card.notes):
        session.show(note_text(written, session.lang))
    if unit.total is None:
        session.show(say("whatif.nothing"))
        return
    session.show(_standing(session, "whatif.now", unit, book))
    worth = [g for g in found.gains if g.one_more]
    if worth:
        session.show(gains_table(session, worth))
        session.show(_standing(session, "whatif.all_right", found.best, book))
    for line in _remarks(session, card, found):
        session.show(line)
    session.show("")
    _show_reach(session, card, found)
    session.show("")
    if unit.grade is None:
        session.show(Text(say("whatif.ungraded"), style="bold"))
        return
    if found.next_grade is None:
        session.show(Text(say("whatif.top", grade=_grade(session, unit, book)), style="bold"))
        return
    band = found.next_grade
    fields = {
        "grade": band.label_vi if session.lang == "vi" else band.label_en,
        "lower": plain(band.lower, session.lang),
    }
    if found.way is None:
        percent = fixed(found.best.percent, session.lang)
        session.show(Text(say("whatif.out_of_reach", **fields, percent=percent), style="bold"))
        return
    session.show(Text(say("whatif.way", **fields, count=plain(found.way.count, session.lang)), style="bold"))
    _show_way(session, found.way, book)
    session.show("")
    if found.way_reachable is None:
        percent = fixed(found.reachable.percent, session.lang)
        session.show(Text(say("whatif.no_longer", **fields, percent=percent), style="bold"))
    elif _counts(found.way_reachable) == _counts(found.way):
        session.show(Text(say("whatif.still_all"), style="bold"))
    else:
        count = plain(found.way_reachable.count, session.lang)
        session.show(Text(say("whatif.way_reachable", **fields, count=count), style="bold"))
        _show_way(session, found.way_reachable, book)
    session.show(Text(say("whatif.how"), style="italic"))


def _counts(way: Way) -> dict[str, int]:
    return {step.gain.info.id: step.count for step in way.steps}


def _show_way(session: Session, way: Way, book: RulebookInfo) -> None:
    from tthc_cli.render.formats import plain

    session.show(way_table(session, way))
    if way.cover.distinct < way.count:
        session.show(session.say(f"whatif.distinct_{way.cover.bound}", count=plain(way.cover.distinct, session.lang)))
    session.show(_standing(session, "whatif.rescored", way.rescored, book))


def reasons_table(session: Session, gains: Iterable[Gain]) -> Table:
    """Why points were lost, and what can be done about it."""
    from tthc_cli.render.formats import day, plain

    table = _table(
        session, (("", "left"), ("reason", "left"), ("number", "right"), ("mend_head", "left"), ("by_head", "left"))
    )
    for gain in gains:
        for loss in gain.losses:
            until = day(loss.until, session.lang) if loss.until else ""
            table.add_row(
                gain.info.id,
                session.say(f"reasons.{gain.info.id}.{loss.reason}"),
                plain(loss.count, session.lang),
                session.say(f"whatif.mend.{loss.mend.kind}", until=until),
                session.say(f"whatif.by.{loss.mend.by}") if loss.mend.by else "",
            )
    return table


def _show_reach(session: Session, card: Scorecard, found: WhatIf) -> None:
    """What can still be put right, until when, by whom; what the open dossiers may become."""
    from tthc_cli.render.formats import plain

    worth = [g for g in found.gains if g.one_more and g.losses]
    if worth:
        session.show(session.say("whatif.reasons_title"))
        session.show(reasons_table(session, worth))
    session.show(_standing(session, "whatif.reachable", found.reachable, card.rulebook))
    if found.open is not None:
        session.show(session.say("whatif.open", count=plain(found.open.count, session.lang)))
        session.show(_standing(session, "whatif.open_on_time", found.open.on_time, card.rulebook))
        if found.open.expected is not None:
            late = plain(found.open.expected_late or 0, session.lang)
            session.show(_standing(session, "whatif.open_expected", found.open.expected, card.rulebook, late=late))
        session.show(_standing(session, "whatif.open_late", found.open.late, card.rulebook))


def _unit_json(unit: UnitScore) -> dict[str, Any]:
    return {
        "total": number(unit.total), "assessed_max": number(unit.assessed_max), "percent": number(unit.percent),
        "provisional": unit.provisional, "grade": unit.grade, "ungraded_reason": unit.ungraded_reason or None,
    }  # fmt: skip


def _way_json(way: Way | None) -> dict[str, Any] | None:
    return None if way is None else {
        "count": way.count, "distinct": way.cover.distinct, "bound": way.cover.bound,
        "steps": [
            {
                "id": s.gain.info.id, "count": s.count, "numerator": number(s.gain.numerator_with(s.count)),
                "points": number(s.points), "gain": number(s.points - s.gain.points),
            }
            for s in way.steps
        ],
        "rescored": _unit_json(way.rescored),
    }  # fmt: skip


def whatif_json(card: Scorecard, found: WhatIf) -> dict[str, Any]:
    """The documented object that `tthc whatif --json` prints (docs/interfaces.md, schema 1)."""
    unit, book, band = found.unit, card.rulebook, found.next_grade
    return {
        "schema": 1,
        "period": card.period,
        "rulebook": {"id": book.id, "revision": book.revision, "sha256": book.sha256},
        **told_anyway(card.notes),
        "unit": {"id": unit.id, "name": unit.name, "level": unit.level},
        "now": _unit_json(unit),
        "components": [
            {
                "id": g.info.id, "subject": g.info.subject, "numerator": number(g.numerator),
                "denominator": number(g.denominator), "points": number(g.points), "max": number(g.info.max),
                "lost": g.lost, "unknown": g.unknown, "one_more": float(g.one_more), "to_best": g.to_best,
                "all_right": number(g.all_right), "mendable": g.mendable,
                "reasons": [
                    {
                        "reason": x.reason, "count": x.count, "in_denominator": x.counted, "mend": x.mend.kind,
                        "until": x.until, "by": x.mend.by or None,
                    }
                    for x in g.losses
                ],
            }
            for g in found.gains
        ],
        "all_right": _unit_json(found.best),
        "next_grade": None if band is None else {"key": band.key, "lower": number(band.lower)},
        "way": _way_json(found.way),
        "reachable": _unit_json(found.reachable),
        "way_reachable": _way_json(found.way_reachable),
        "open": None if found.open is None else {
            "count": found.open.count, "on_time": _unit_json(found.open.on_time), "late": _unit_json(found.open.late),
            "expected_late": found.open.expected_late,
            "expected": None if found.open.expected is None else _unit_json(found.open.expected),
        },
    }  # fmt: skip


@period_command("whatif", purpose="questions")
def whatif(
    session: Session,
    asked: Asked,
    unit: Annotated[str, typer.Argument(help=h("unit_name"), metavar=h("unit_name_metavar"))],
) -> Exit:
    from tthc_cli.jobs import ask

    card, _ = asked.stored()
    found = ask.whatif(card, unit, session.workspace.scores, session.workspace)
    if session.json:
        session.emit(whatif_json(card, found))
    _show(session, card, found)
    return Exit.DONE
