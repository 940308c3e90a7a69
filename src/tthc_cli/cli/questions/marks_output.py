"""What `tthc explain` says of marks besides verdicts: who gave them, and what the subject marked itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal

    from tthc_cli.cli.session import Session
    from tthc_cli.results.scorecard import ComponentScore, Scorecard, UnitScore
    from tthc_cli.results.self_marks import SelfMark


def show_given(session: Session, score: ComponentScore) -> None:
    """Where a figure comes from that no dossier tells; nothing of others."""
    if score.basis in ("typed", "override"):
        session.show(session.say("explain.typed", source=score.source or "–", note=score.note or "–"))
    elif score.basis in ("inspection", "slip"):
        session.show(session.say(f"explain.given_{score.basis}", source=score.source or "–"))


def show_own_mark(session: Session, card: Scorecard, score: ComponentScore) -> None:
    """What the subject marked itself by one criterion, beside what was appraised."""
    own = next((m for m in card.self_marks if (m.unit, m.component) == (score.unit, score.id)), None)
    if own is not None:
        points = {"own": _points(session, own.points), "points": _points(session, score.points)}
        session.show(session.say("explain.own_mark", **points, why=_why(session, own, score)))


def show_own_total(session: Session, card: Scorecard, unit: UnitScore) -> None:
    """What the subject marked itself in all, and the differences that nobody explained."""
    from tthc_cli.results.self_marks import self_score

    own = self_score(card, unit.id)
    if own is None:
        return
    fields = {"own": own.total, "most": own.max, "points": unit.total, "full": unit.assessed_max}
    shown = {key: _points(session, value) for key, value in fields.items()}
    grades = {"own_grade": _grade(session, card, own.grade), "grade": _grade(session, card, unit.grade)}
    session.show(session.say("explain.own_total", **shown, **grades))
    if own.unexplained:
        session.show(session.say("explain.own_unexplained", components=", ".join(own.unexplained)))


def _why(session: Session, own: SelfMark, score: ComponentScore) -> str:
    from tthc_cli.results.self_marks import is_unexplained

    if is_unexplained(own, score):
        return session.say("explain.own_no_reason")
    return session.say("explain.own_reason", reason=own.reason) if own.reason else ""


def _points(session: Session, value: Decimal | None) -> str:
    from tthc_cli.render.formats import plain

    return plain(value, session.lang)


def _grade(session: Session, card: Scorecard, grade: str | None) -> str:
    if grade is None:
        return session.say("render.text.no_grade")
    band = card.rulebook.grade(grade)
    return band.label_vi if session.lang == "vi" else band.label_en
