"""What `tthc rules` prints: rulebooks listed, one shown in full, two compared."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from tthc_cli.messages import catalogue
from tthc_cli.results.scorecard import ComponentInfo, ParameterInfo, RulebookInfo

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.table import Table

    from tthc_cli.cli.session import Session
    from tthc_cli.rulebooks import RuleDifference

HASH_SHOWN = 12
OTHER_LANGUAGE = {"vi": "_en", "en": "_vi"}


def _table(session: Session, *headings: tuple[str, int | None, bool]) -> Table:
    """Columns as (heading key, width; None = what is left, numbers on the right)."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), width=min(session.out.width, 100))
    for key, width, right in headings:
        table.add_column(
            session.say(f"rules.say.{key}") if key else "", width=width, ratio=None if width else 1, overflow="fold",
            justify="right" if right else "left",
        )  # fmt: skip
    return table


def _dates(session: Session, first: str | None, last: str | None) -> str:
    from tthc_cli.render.formats import day

    if not first:
        return ""
    fields = {"first": day(first, session.lang)}
    if last is None:
        return session.say("rules.say.from", **fields)
    return session.say("rules.say.from_to", **fields, last=day(last, session.lang))


def _title(session: Session, row: RulebookInfo | ComponentInfo | ParameterInfo) -> str:
    return row.title_vi if session.lang == "vi" else row.title_en


def list_table(session: Session, books: Sequence[tuple[str, RulebookInfo]]) -> Table:
    """One row a rulebook file."""
    from rich.text import Text

    from tthc_cli.rulebooks import BUILT_IN

    say = session.say
    table = _table(
        session, ("book_column", 15, False), ("reading_column", 14, False), ("effective_column", 14, False),
        ("hash_column", HASH_SHOWN, False), ("title_column", None, False),
    )  # fmt: skip
    for path, book in books:
        where = say("rules.say.built_in") if path.startswith(str(BUILT_IN)) else path
        if book.lineage:
            where += f"; {say('rules.say.extends', base=book.lineage[0])}"
        title = Text(_title(session, book))
        title.append(f"\n{where}", style="dim")
        table.add_row(
            f"{book.id}\n{say('rules.say.revision', revision=book.revision)}", say(f"rules.reading.{book.reading}"),
            _dates(session, book.effective_from, book.effective_to), book.sha256[:HASH_SHOWN], title,
        )  # fmt: skip
        table.add_section()
    return table


def _components(session: Session, book: RulebookInfo) -> Table:
    from rich.text import Text

    from tthc_cli.render.formats import plain

    say, lang = session.say, session.lang
    table = _table(
        session, ("", 4, False), ("component", None, False), ("max", 6, True), ("rule", 27, False),
        ("citation", 26, False),
    )  # fmt: skip
    for group in book.groups:
        title = say("rules.say.group", id=group.id, title=group.title_vi if lang == "vi" else group.title_en)
        table.add_row("", Text(title, style="bold"), Text(plain(group.max, lang), style="bold"), "", group.cite)
        for c in book.components:
            if c.group != group.id:
                continue
            name = f"{_title(session, c)}\n{say('rules.say.subject', subject=say(f'rules.subject.{c.subject}'))}"
            rule = c.rule_vi if lang == "vi" else c.rule_en
            if c.max:
                rule += f"\n{say(f'rules.when_zero.{c.when_zero}')}"
            table.add_row(c.id, name, plain(c.max, lang), rule, c.cite)
        table.add_section()
    return table


def _grades(session: Session, book: RulebookInfo) -> Table:
    from tthc_cli.render.formats import plain

    table = _table(session, ("grade", 24, False), ("lower", 8, True), ("upper", 12, True), ("citation", None, False))
    upper = ""
    for band in book.grades:
        label = band.label_vi if session.lang == "vi" else band.label_en
        table.add_row(label, plain(band.lower, session.lang), upper, band.cite)
        upper = plain(band.lower, session.lang)
    return table


def _parameters(session: Session, book: RulebookInfo) -> Table:
    table = _table(
        session, ("parameter", None, False), ("value", 10, True), ("effective_column", 24, False),
        ("citation", 26, False),
    )  # fmt: skip
    for p in book.parameters:
        dates = _dates(session, p.effective_from, p.effective_to)
        table.add_row(_title(session, p), _setting(session, p.value), dates, p.cite)
    return table


def _checks(session: Session, book: RulebookInfo) -> Table:
    from tthc_cli.render.formats import plain

    table = _table(
        session, ("", 4, False), ("check", None, False), ("component", 8, False), ("mark", 5, True),
        ("citation", 26, False),
    )  # fmt: skip
    for check in book.checks:
        title = check.title_vi if session.lang == "vi" else check.title_en
        table.add_row(check.id, title, check.component, plain(check.mark, session.lang), check.cite)
    return table


def _setting(session: Session, value: Decimal | str) -> str:
    """A number as people write it; a word or a day as it stands in the file."""
    from tthc_cli.render.formats import plain

    if isinstance(value, Decimal):
        return plain(value, session.lang)
    return value


def show_book(session: Session, book: RulebookInfo) -> None:
    """Everything a rulebook says."""
    from rich.text import Text

    say = session.say
    session.show(Text(f"{say('rules.say.book', id=book.id, revision=book.revision)}: {_title(session, book)}", "bold"))
    session.show(say("rules.say.cite", cite=book.cite))
    session.show(say("rules.say.reading", reading=say(f"rules.reading.{book.reading}")))
    session.show(say("rules.say.effective", dates=_dates(session, book.effective_from, book.effective_to)))
    session.show(say("rules.say.hash", sha256=book.sha256))
    if book.lineage:
        session.show(say("rules.say.extends", base=" → ".join(book.lineage)))
    session.show(say(f"rules.no_score.{book.no_score}"))
    session.show(_components(session, book))
    session.show(_grades(session, book))
    if book.parameters:
        session.show(_parameters(session, book))
    if book.checks:
        session.show(_checks(session, book))


def number_or_text(text: str) -> Decimal | str:
    """The value of a parameter, which is a number, a day or a word."""
    return Decimal(text) if re.fullmatch(r"-?\d+(\.\d+)?", text) else text


def _value(session: Session, field: str, text: str) -> str:
    """A value in words: codes by their sentence, numbers and days as people write them."""
    from tthc_cli.render.formats import day, plain

    shown = text or "–"
    if f"rules.{field}.{text}" in catalogue(session.lang, "rules"):
        shown = session.say(f"rules.{field}.{text}")
    elif text and field in ("effective_from", "effective_to"):
        shown = day(text, session.lang)
    elif text and field == "target":
        shown = plain(Decimal(text) * 100, session.lang) + "%"
    elif text and field == "value":
        shown = _setting(session, number_or_text(text))
    elif text and field in ("max", "lower"):
        shown = plain(Decimal(text), session.lang)
    return shown


def show_differences(session: Session, a: RulebookInfo, b: RulebookInfo, rows: Sequence[RuleDifference]) -> None:
    """What `b` says and `a` does not, entry by entry; texts in the other language are left out."""
    from rich.text import Text

    say = session.say
    mine = [r for r in rows if not r.field.endswith(OTHER_LANGUAGE[session.lang])]
    if not mine:
        session.show(say("rules.say.same"))
        return
    names = [say("rules.say.book", id=book.id, revision=book.revision) for book in (a, b)]
    session.show(Text(say("rules.say.differences", count=len(mine), before=names[0], after=names[1]), style="bold"))
    table = _table(session, ("entry", 22, False), ("field_column", 16, False), ("", None, False), ("", None, False))
    table.columns[2].header, table.columns[3].header = names
    last = ""
    for row in mine:
        entry = say(f"rules.entry.{row.section}", id=row.id)
        if row.field:
            what = say(f"rules.field.{row.field}")
        else:
            what = say("rules.say.removed" if row.before else "rules.say.added")
        shown = (_value(session, row.field, row.before), _value(session, row.field, row.after))
        table.add_row("" if entry == last else entry, what, *shown)
        last = entry
    session.show(table)
