"""What is printed of two scores compared: units by level, what drove the change, and one unit in detail."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from tthc_cli.results.notes import note_text
from tthc_cli.results.scorecard import ComponentScore, Scorecard, UnitScore
from tthc_cli.results.standing import standing
from tthc_cli.units.levels import LEVELS

if TYPE_CHECKING:
    from rich.table import Table

    from tthc_cli.answers.compare import Comparison, ComponentChange, UnitChange
    from tthc_cli.cli.session import Session

DRIVERS = 2
"""Components named beside each unit."""
EXPLAINED = 5
"""Components whose reasons are told, of a unit in detail."""
REASONS = 2


def _arrow(before: str, after: str) -> str:
    return after if before == after else f"{before} → {after}"


def _grade(session: Session, card: Scorecard, unit: UnitScore | None) -> str:
    if unit is None or unit.grade is None:
        return "–"
    band = card.rulebook.grade(unit.grade)
    return (band.label_vi if session.lang == "vi" else band.label_en) + ("*" if unit.provisional else "")


def _grades(session: Session, found: Comparison, unit: UnitChange) -> str:
    return _arrow(_grade(session, found.before, unit.before), _grade(session, found.after, unit.after))


def _ranks(unit: UnitChange) -> str:
    ranks = ("–" if side is None or side.rank is None else str(side.rank) for side in (unit.before, unit.after))
    return _arrow(*ranks)


def _percent(session: Session, unit: UnitScore | None) -> str:
    from tthc_cli.render.formats import fixed

    return fixed(None if unit is None else unit.percent, session.lang)


def _drivers(session: Session, unit: UnitChange) -> str:
    from tthc_cli.render.formats import signed

    if not unit.both:
        return succession(session, unit)
    parts = [f"{c.id} {signed(c.points, session.lang)}" for c in unit.drivers[:DRIVERS]]
    if text := _counted_max(session, unit):
        parts.insert(0, text)
    told = session.say("compare.drivers", list="; ".join(parts)) if parts else session.say("compare.no_drivers")
    return "\n".join(line for line in (told, succession(session, unit)) if line)


def succession(session: Session, unit: UnitChange) -> str:
    """What became of a unit that is gone, or which units went into one; or nothing."""
    if unit.became is not None:
        return session.say("compare.became", unit=_named(session, unit.became))
    if unit.came_from:
        listed = "; ".join(_named(session, one) for one in unit.came_from)
        return session.say("compare.came_from", units=listed)
    return ""


def _named(session: Session, unit: UnitScore) -> str:
    from tthc_cli.render.text import clean

    return clean(f"{unit.id} {unit.called(session.lang)}")


def _counted_max(session: Session, unit: UnitChange) -> str:
    """The change of the maximum that counts, or nothing."""
    from tthc_cli.render.formats import plain

    if unit.counted_max is None:
        return ""
    before, after = (plain(value, session.lang) for value in unit.counted_max)
    return session.say("compare.counted_max", before=before, after=after)


def _level_table(session: Session, found: Comparison, level: str, units: list[UnitChange]) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    from tthc_cli.render.formats import signed
    from tthc_cli.render.text import clean

    say = session.say
    table = Table(
        title=Text(say(f"render.level.{level}")), title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False,
        width=min(session.out.width, 100), padding=(0, 1, 0, 0),
    )  # fmt: skip
    table.add_column(say("compare.code"), no_wrap=True, overflow="fold", min_width=9, max_width=16)
    table.add_column(say("compare.unit"), overflow="fold", ratio=1)
    sides = (say("compare.before"), say("compare.after"))
    if found.before.period == found.after.period:
        sides = side_names(session, found)
    for heading in (*sides, say("compare.change")):
        table.add_column(heading, justify="right", overflow="fold", min_width=6, max_width=12)
    table.add_column(say("compare.rank"), justify="right", no_wrap=True)
    table.add_column(say("compare.grade"), overflow="fold", max_width=24)
    for unit in units:
        label = Text(clean(unit.now.called(session.lang)))
        if drivers := _drivers(session, unit):
            label.append(f"\n{drivers}", style="dim")
        colour = "" if not unit.percent else "green" if unit.percent > 0 else "red"
        table.add_row(
            clean(unit.id), label, _percent(session, unit.before), _percent(session, unit.after),
            Text(signed(unit.percent, session.lang), style=colour), _ranks(unit), _grades(session, found, unit),
        )  # fmt: skip
    return table


def side_names(session: Session, found: Comparison) -> tuple[str, str]:
    """How the two scores are called: by their periods, or by their rulebooks when the period is one."""
    from tthc_cli.render.formats import period_name

    if found.before.period == found.after.period:
        return found.before.rulebook.id, found.after.rulebook.id
    return period_name(found.before.period, session.lang), period_name(found.after.period, session.lang)


def _heading(session: Session, found: Comparison) -> Iterator[str]:
    from tthc_cli.render.formats import period_name

    before, after = side_names(session, found)
    if found.before.period == found.after.period:
        period = period_name(found.after.period, session.lang)
        yield session.say("compare.rulebooks", period=period, before=before, after=after)
    else:
        yield session.say("compare.periods", before=before, after=after)


def _notes(session: Session, found: Comparison) -> Iterator[str]:
    before, after = found.before.rulebook, found.after.rulebook
    if not found.same_rules and found.before.period != found.after.period:
        names = (session.say("rules.say.book", id=b.id, revision=b.revision) for b in (before, after))
        yield session.say(
            "compare.other_rules", before=next(names), after=next(names), before_id=before.id, after_id=after.id
        )
    sides_of = zip(side_names(session, found), (found.before, found.after), strict=True)
    for where, card in sides_of:
        for written in standing(card.notes):
            yield f"{where}: {note_text(written, session.lang)}"
    alone = [u for u in found.units if not u.both and u.became is None and not u.came_from]
    sides = ([u.before for u in alone if u.before], [u.after for u in alone if u.after])
    for where, units in zip(side_names(session, found), sides, strict=True):
        if units:
            listed = "; ".join(_named(session, u) for u in units)
            yield session.say("compare.only", where=where, units=listed)


def _component_title(session: Session, found: Comparison, component_id: str) -> str:
    book = found.after.rulebook
    if all(c.id != component_id for c in book.components):
        book = found.before.rulebook
    info = book.component(component_id)
    return info.title_vi if session.lang == "vi" else info.title_en


def _counts(session: Session, score: ComponentScore | None) -> str:
    from tthc_cli.render.formats import plain

    if score is None or score.numerator is None:
        return "–"
    return f"{plain(score.numerator, session.lang)}/{plain(score.denominator, session.lang)}"


def _component_table(session: Session, found: Comparison, components: tuple[ComponentChange, ...]) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    from tthc_cli.render.formats import fixed, signed

    say, lang = session.say, session.lang
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, width=min(session.out.width, 100), padding=(0, 1, 0, 0))
    table.add_column("", no_wrap=True)
    table.add_column(say("compare.component"), overflow="fold", ratio=1)
    table.add_column(say("compare.counts"), justify="right", overflow="fold")
    table.add_column(say("compare.points"), justify="right", no_wrap=True)
    table.add_column(say("compare.change"), justify="right", no_wrap=True)
    for c in components:
        sides = (c.before, c.after)
        counts = (_counts(session, side) for side in sides)
        points = (fixed(None if s is None else s.points, lang) for s in sides)
        colour = "" if not c.points else "green" if c.points > 0 else "red"
        table.add_row(
            c.id, _component_title(session, found, c.id), " → ".join(counts), " → ".join(points),
            Text(signed(c.points, lang), style=colour),
        )  # fmt: skip
    return table


def _why(session: Session, component: ComponentChange) -> Iterator[str]:
    """The reasons for losing subjects whose share moved most in the direction that explains the change in points."""
    from tthc_cli.render.formats import percent, plain

    gained = (component.points or 0) > 0
    lost = [r for r in component.reasons if not r.in_numerator and r.share_change and (r.share_change < 0) == gained]
    for r in lost[:REASONS]:
        shares = (percent(Fraction(s or 0), session.lang) for s in (r.share_before, r.share_after))
        yield session.say(
            "compare.why_line", reason=session.say(f"reasons.{component.id}.{r.reason}"),
            before=plain(r.before, session.lang), share_before=next(shares),
            after=plain(r.after, session.lang), share_after=next(shares),
        )  # fmt: skip


def show_unit(session: Session, found: Comparison, unit: UnitChange) -> None:
    """One unit: the components that moved, largest change first, and why."""
    from rich.text import Text

    from tthc_cli.render.formats import signed
    from tthc_cli.render.text import clean

    say = session.say
    name = clean(unit.now.called(session.lang))
    title = say(
        "compare.detail", unit=clean(unit.id), name=name, before=_percent(session, unit.before),
        after=_percent(session, unit.after), change=signed(unit.percent, session.lang),
    )  # fmt: skip
    session.show(Text(title, style="bold"))
    session.show(say("compare.detail_ranks", ranks=_ranks(unit), grades=_grades(session, found, unit)))
    if text := succession(session, unit):
        session.show(text)
    if text := _counted_max(session, unit):
        session.show(say("compare.counted_max_why", change=text))
    moved = (*unit.drivers, *unit.one_sided)
    if moved:
        session.show(_component_table(session, found, moved))
    reasons = [(c, tuple(_why(session, c))) for c in unit.drivers[:EXPLAINED]]
    if any(lines for _, lines in reasons):
        session.show(say("compare.why"))
        for component, lines in reasons:
            for line in lines:
                session.show(f"  {component.id}  {line}")
    if unit.one_sided:
        session.show(say("compare.one_sided", ids=", ".join(c.id for c in unit.one_sided)))
    same = [c.id for c in unit.components if c.points is not None and not c.points]
    if same:
        session.show(say("compare.unchanged", ids=", ".join(same)))
    session.show("")


def show_comparison(session: Session, found: Comparison, units: tuple[UnitChange, ...] = ()) -> None:
    """Every unit by level, then the province in detail; or the units asked for in detail."""
    from rich.text import Text

    for line in _heading(session, found):
        session.show(Text(line, style="bold"))
    for line in _notes(session, found):
        session.show(line)
    session.show(session.say("compare.scale"))
    if units:
        for unit in units:
            show_unit(session, found, unit)
        return
    for level in LEVELS:
        members = [u for u in found.units if u.now.level == level]
        if members:
            session.show(_level_table(session, found, level, members))
    for unit in found.units:
        if unit.id == found.after.province and unit.both:
            show_unit(session, found, unit)
    session.show(session.say("compare.more"))
