"""`tthc explain`: the points a unit won and lost, the dossiers behind them, or everything about one dossier."""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tthc_cli import schema
from tthc_cli.cli import completion
from tthc_cli.cli.choosing import Asked, period_command
from tthc_cli.cli.questions import explain_json, marks_output
from tthc_cli.cli.questions.lost_output import DOSSIER, how_to_ask, lost_table, moment, place_of_row, reason_text
from tthc_cli.cli.session import Session, fitted_table, h, plain_table
from tthc_cli.errors import Exit, InputError
from tthc_cli.units.named import find_unit, named_unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tthc_cli.answers.explain import DossierLetter, DossierStory, Explanation
    from tthc_cli.results.beside import ProcedureTime, StepCount
    from tthc_cli.results.scorecard import (
        ComponentScore,
        LostDossier,
        ReasonCount,
        Scorecard,
        UnitScore,
    )

SHOWN = 20
"""Lost dossiers listed on a terminal; a file holds all of them."""
ComponentArgument = Annotated[
    str | None, typer.Argument(help=h("explain_component"), metavar=h("component_metavar"), show_default=False)
]


def _number(session: Session, value: Decimal | Fraction | int | None) -> str:
    from tthc_cli.render.formats import plain

    return plain(value, session.lang)


def unit_table(session: Session, card: Scorecard, unit: UnitScore) -> Any:
    """Points won and lost by component, with the reason that cost most, or who gave them."""
    from tthc_cli.results.scorecard import COUNTED

    say = session.say
    table = fitted_table(
        session.out.width, ("", "left", 0), (say("explain.component"), "left", 3), (say("explain.counts"), "right", 0),
        (say("explain.points"), "right", 0), (say("explain.max"), "right", 0), (say("explain.lost"), "right", 0),
        (say("explain.main_reason"), "left", 2),
    )  # fmt: skip
    for score in card.components_of(unit.id):
        info = card.rulebook.component(score.id)
        against = [r for r in card.reasons if r.unit == unit.id and r.component == score.id and r.loses]
        worst = max(against, key=lambda r: r.count, default=None)
        counts, remark = "–", ""
        if worst is not None:
            remark = f"{reason_text(session, score.id, worst.reason)} ({worst.count})"
        if score.basis not in (*COUNTED, "none"):
            remark = ": ".join(t for t in (say(f"render.basis.{score.basis}"), score.source) if t)
        if score.status == "analysis":
            remark = _mean_time(session, score) if score.ratio is not None else ""
        elif score.numerator is not None and score.denominator is not None:
            counts = f"{_number(session, score.numerator)}/{_number(session, score.denominator)}"
        lost = None if score.points is None else score.max - score.points
        table.add_row(
            score.id,
            info.title_vi if session.lang == "vi" else info.title_en,
            counts,
            say(f"explain.status_{score.status}") if score.points is None else _number(session, score.points),
            "–" if score.status == "analysis" else _number(session, score.max),
            "–" if lost is None else _number(session, lost),
            remark,
        )
    return table


def _mean_time(session: Session, score: ComponentScore) -> str:
    """2.2 in words: it is a mean of times, no share."""
    mean = _hours(session, float(score.ratio or 0), 2)
    return session.say("explain.mean_time", mean=mean, count=_number(session, score.denominator))


def reason_table(session: Session, reasons: Iterable[ReasonCount]) -> Any:
    say = session.say
    table = plain_table(
        (say("explain.reason"), "left"), (say("explain.counted"), "left"), (say("explain.number"), "right")
    )
    for r in reasons:
        counted = _counted(session, r.component, r.reason, r.in_denominator, r.in_numerator)
        table.add_row(reason_text(session, r.component, r.reason), counted, _number(session, r.count))
    return table


def _counted(session: Session, component: str, reason: str, in_denominator: bool, in_numerator: bool) -> str:
    """Whether a verdict achieves; of a criterion that is marked, the mark."""
    from tthc_cli.indicators.registry import earned_of, is_marked

    if is_marked(component):
        key = f"mark_{earned_of(component, reason)}" if in_denominator else "no_mark"
    else:
        key = "achieved" if in_numerator else "not_achieved" if in_denominator else "left_out"
    return session.say(f"explain.{key}")


def story_table(session: Session, card: Scorecard, story: DossierStory) -> Any:
    say = session.say
    table = plain_table(
        (say("explain.id"), "left"), (say("explain.component"), "left"), (say("explain.verdict"), "left"),
        (say("explain.counted"), "left"),
    )  # fmt: skip
    for v in story.verdicts:
        counted = _counted(session, v.component, v.reason, v.in_denominator, v.in_numerator)
        info = card.rulebook.component(v.component)
        title = info.title_vi if session.lang == "vi" else info.title_en
        table.add_row(v.component, title, reason_text(session, v.component, v.reason), counted)
    return table


def step_table(session: Session, story: DossierStory) -> Any:
    say = session.say
    words = schema.table("process_log").column("TrangThai").codes
    table = plain_table(
        (say("explain.at"), "left"), (say("explain.status"), "left"), (say("explain.division"), "left"),
        (say("explain.step_due"), "left"), (say("explain.step_late"), "left"),
    )  # fmt: skip
    for x in story.steps:
        label = words[x.status][0] if session.lang == "vi" else str(x.status)
        late = say("explain.late") if x.late else ""
        table.add_row(moment(session, x.at), label, x.division, moment(session, x.due), late)
    return table


def times_table(session: Session, times: Iterable[ProcedureTime]) -> Any:
    """2.2: handling time by procedure, in its own unit."""
    say = session.say
    heads = ("procedure", "finished_count", "mean", "median", "percentile_90", "statutory", "time_unit")
    left = ("procedure", "time_unit")
    columns = (
        (say(f"explain.{name}"), "left" if name in left else "right", int(name == "procedure")) for name in heads
    )
    table = fitted_table(session.out.width, *columns)
    for t in times:
        table.add_row(
            f"{t.procedure} {t.name}", str(t.finished), _hours(session, t.mean), _hours(session, t.median),
            _hours(session, t.percentile_90), _hours(session, t.statutory), say(f"explain.unit_{t.time_unit}"),
        )  # fmt: skip
    return table


def late_step_table(session: Session, steps: Iterable[StepCount]) -> Any:
    say = session.say
    table = plain_table(
        (say("explain.division"), "left"), (say("explain.steps"), "right"), (say("explain.late_steps"), "right")
    )
    for x in steps:
        table.add_row(x.division or "–", str(x.steps), str(x.late))
    return table


def _hours(session: Session, value: float | None, places: int = 1) -> str:
    from tthc_cli.render.formats import fixed

    return "–" if value is None else fixed(Fraction(value), session.lang, places)


def _show_story(session: Session, card: Scorecard, story: DossierStory) -> None:
    for key, value in (
        ("dossier", story.dossier),
        ("unit", f"{story.unit} {story.unit_name}"),
        ("procedure", story.procedure),
        ("seen", _seen(session, card)),
        ("received", moment(session, story.received)),
        ("due", moment(session, story.due)),
        ("finished", moment(session, story.finished)),
        ("waiting", _number(session, Fraction(story.waiting_hours))),
        ("overdue_hours", _hours(session, story.overdue_hours, 2)),
        ("place", place_of_row(session, story.source, story.sheet, story.row)),
    ):
        session.show(f"{session.say(f'explain.{key}')}: {value or '–'}")
    session.show(story_table(session, card, story))
    if story.steps:
        session.show(step_table(session, story))
    _show_letter(session, story.letter)


def _show_letter(session: Session, letter: DossierLetter) -> None:
    """How the dossier stands for its apology letter; nothing where nothing is to be said."""
    say = session.say
    told = [say(f"letters.state.{letter.state}")] if letter.state != "none" else []
    if letter.count:
        told.append(say("letters.told.letter", day=moment(session, letter.issued)))
    if letter.new_due:
        told.append(say("letters.told.new_due", day=moment(session, letter.new_due)))
    if letter.extension:
        told.append(say(f"letters.told.{letter.extension}"))
    if letter.count > 1:
        told.append(say("letters.told.second", count=letter.count))
    if letter.moved_without:
        told.append(say("letters.told.moved"))
    if told:
        session.show(say("letters.told.line", told="; ".join(told)))


def _seen(session: Session, card: Scorecard) -> str:
    """The period of an answer, and the moment up to which it looks: what happened later is not in it."""
    from tthc_cli.render.formats import day, period_name

    return session.say(
        "explain.seen_at", period=period_name(card.period, session.lang), as_of=day(card.as_of, session.lang)
    )


def _show_from_elsewhere(session: Session, found: Explanation) -> None:
    """What the figure holds besides the verdicts listed: hand-typed figures of units below, reported totals."""
    from tthc_cli.results.scorecard import COUNTED

    score = found.score
    if score.basis not in COUNTED or score.numerator is None or score.denominator is None or not score.max:
        return
    from tthc_cli.indicators.registry import earned_of

    earned = ((r, earned_of(r.component, r.reason)) for r in found.reasons if r.in_numerator)
    numerator = score.numerator - sum(r.count * points for r, points in earned)
    denominator = score.denominator - sum(r.count for r in found.reasons if r.in_denominator)
    if numerator or denominator:
        parts = {"numerator": _number(session, numerator), "denominator": _number(session, denominator)}
        session.show(session.say("explain.from_elsewhere", **parts))


def _show_component(session: Session, card: Scorecard, found: Explanation) -> None:
    info = found.info
    title, rule = (info.title_vi, info.rule_vi) if session.lang == "vi" else (info.title_en, info.rule_en)
    session.show(f"{found.unit.id} {found.unit.called(session.lang)} – {info.id} {title}")
    session.show(_seen(session, card))
    session.show(f"{rule} · {info.cite}")
    score = found.score
    if score.status == "analysis" and score.ratio is not None:
        session.show(_mean_time(session, score))
    elif score.numerator is not None:
        ratio = "–" if score.ratio is None else f"{_hours(session, float(score.ratio * 100), 2)}%"
        missing = session.say(f"explain.status_{score.status}")
        parts = {
            "numerator": _number(session, score.numerator),
            "denominator": _number(session, score.denominator),
            "points": missing if score.points is None else _number(session, score.points),
            "max": _number(session, score.max),
        }
        if info.sources:
            mean = "–" if score.ratio is None else _hours(session, float(score.ratio), 2)
            session.show(session.say("explain.mean_mark", mean=mean, **parts))
        else:
            session.show(session.say("explain.figure", ratio=ratio, **parts))
    elif score.status == "not_assessed" and score.basis not in ("typed", "override"):
        session.show(session.say("explain.not_assessed"))
    marks_output.show_given(session, score)
    marks_output.show_own_mark(session, card, score)
    if found.reasons:
        session.show(reason_table(session, found.reasons))
    _show_from_elsewhere(session, found)
    times = [t for t in card.beside.times if t.unit == found.unit.id] if info.id == "2.2" else []
    if times:
        session.show(times_table(session, times))
    kinds = [r for r in card.reasons if r.unit == found.unit.id and r.component == f"{info.id}:kinds"]
    if kinds:
        session.show(reason_table(session, kinds))
    _show_lost(session, found.lost)


def _show_lost(session: Session, lost: Sequence[LostDossier]) -> None:
    """The first of what lost points, and how many there are."""
    if lost:
        session.show(lost_table(session, lost[:SHOWN]))
    if len(lost) > SHOWN:
        session.show(session.say("explain.more", shown=SHOWN, all=len(lost)))


def _lost_marks(session: Session, card: Scorecard, who: UnitScore) -> list[LostDossier]:
    """The dossiers of a division or official with less than the highest mark; where the data no longer give the score,
    that is said instead."""
    from tthc_cli.jobs import ask

    try:
        return [x for found in ask.explain(session.workspace, card, who.id) for x in found.lost]
    except InputError as error:
        session.note(error.message(session.lang))
        return []


@period_command("explain", purpose="questions")
def explain(
    session: Session,
    asked: Asked,
    what: Annotated[
        str, typer.Argument(help=h("explain_what"), metavar=h("explain_what_metavar"), autocompletion=completion.units)
    ],
    component: Annotated[
        str | None, typer.Argument(help=h("explain_component"), metavar=h("component_metavar"))
    ] = None,
    out: Annotated[str | None, typer.Option("--out", help=h("explain_out"), metavar="FILE.csv|.xlsx")] = None,
) -> Exit:
    card, _ = asked.stored()
    about_dossier = component is None and DOSSIER.search(what) is not None
    unit = find_unit(card.units, what) if about_dossier else named_unit(card.units, what)
    if unit is not None and component is None and out is None:
        takes_part = card.subjects != "units"
        marks = _lost_marks(session, card, unit) if takes_part else []
        if session.json:
            told = explain_json.of_unit(card, unit)
            session.emit({**told, "lost": [asdict(x) for x in marks]} if takes_part else told)
        session.show(
            session.say("explain.title", unit=f"{unit.id} {unit.called(session.lang)}", seen=_seen(session, card))
        )
        session.show(unit_table(session, card, unit))
        marks_output.show_own_total(session, card, unit)
        steps = [x for x in card.beside.steps if x.unit == unit.id]
        if steps:
            session.show(session.say("explain.late_steps_title"))
            session.show(late_step_table(session, steps))
        _show_lost(session, marks)
        session.show(how_to_ask(session, card, unit))
        return Exit.DONE
    from tthc_cli.jobs import ask

    if unit is None:
        story = ask.explain_dossier(session.workspace, card, what)
        if session.json:
            session.emit({"schema": 1, **asdict(story)})
        _show_story(session, card, story)
        return Exit.DONE
    found = ask.explain(session.workspace, card, unit.id, [component] if component else None)
    if session.json:
        session.emit({"schema": 1, "components": [explain_json.of_component(f) for f in found]})
    if component:
        _show_component(session, card, found[0])
    if out is not None:
        from tthc_cli.render.listing import write_listing
        from tthc_cli.statements.of_card import lost

        listing = lost(card, [one for f in found for one in f.lost])
        file = session.location(out, session.workspace.reports)
        write_listing(file, listing, session.lang)
        session.show(session.say("explain.written", path=str(file), rows=len(listing.rows)), whole=True)
    return Exit.DONE
