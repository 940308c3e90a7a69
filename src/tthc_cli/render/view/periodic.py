"""Numbers, changes and sentences of the periodic report as people read them."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from tthc_cli.messages import say
from tthc_cli.render import formats
from tthc_cli.render.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tthc_cli.messages import Lang
    from tthc_cli.results.periodic import Change, Kind, Periodic, Row, Sentence, Value


def figure(value: Fraction | None, kind: Kind, lang: Lang) -> str:
    """A number: a share as a percentage.

    >>> figure(Fraction(1, 8), "share", "vi"), figure(Fraction(1250), "count", "vi")
    ('12,50%', '1.250')
    """
    if kind == "share":
        return formats.percent(value, lang)
    return formats.fixed(value, lang) if kind == "points" else formats.plain(value, lang)


def change_text(change: Change | None, kind: Kind, lang: Lang) -> str:
    """By how much, with its sign, and of counts how many percent."""
    if change is None:
        return formats.NOTHING
    if kind == "points":
        return formats.signed(change.by, lang)
    if kind == "share":
        return f"{formats.signed(change.by, lang)} {say('periodic.percentage_points', lang)}"
    text = formats.signed(change.by, lang, 0)
    return text if change.percent is None or not change.by else f"{text} ({formats.signed(change.percent, lang, 1)}%)"


def number_table(report: Periodic, rows: Iterable[Row], lang: Lang, *, brief: bool = False) -> list[list[str]]:
    """Headings and lines of a table of numbers, without the columns of a period of which the report knows nothing."""
    earlier = {"last": report.last, "last_year": report.last_year}
    told = [name for name in earlier if any(getattr(row, name) is not None for row in report.rows)]
    heads = [say(f"periodic.column.{name}", lang) for name in ("measure", "this")]
    for name in told:
        period = formats.period_name(earlier[name], lang)
        heads += [f"{say(f'periodic.column.{name}', lang)} ({period})", say("periodic.column.change", lang)]
    return [heads, *(_cells(row, told, lang, brief) for row in rows)]


def _cells(row: Row, told: Iterable[str], lang: Lang, brief: bool) -> list[str]:
    out = [clean(row.brief(lang) if brief else row.label(lang)), figure(row.this, row.kind, lang)]
    numbers = {"last": (row.last, row.change_last), "last_year": (row.last_year, row.change_year)}
    for name in told:
        value, change = numbers[name]
        out += [figure(value, row.kind, lang), change_text(change, row.kind, lang)]
    return out


def sentence_text(sentence: Sentence, lang: Lang) -> str:
    """A sentence with its numbers."""
    told = {name: _shown(value, kind, lang) for name, kind, value in sentence.values}
    return (sentence.vi if lang == "vi" else sentence.en).format(**told)


def _shown(value: Value, kind: Kind, lang: Lang) -> str:
    if isinstance(value, date):
        return formats.day(value.isoformat(), lang)
    return clean(value) if isinstance(value, str) else figure(value, kind, lang)


def heading(section_id: str, title: str) -> str:
    """A title with its number as the decree writes it: "I. TITLE", "5. Title", "a) Title".

    >>> heading("I", "Chung"), heading("I.5", "Giải quyết"), heading("I.5.a", "Khen thưởng")
    ('I. CHUNG', '5. Giải quyết', 'a) Khen thưởng')
    """
    number = section_id.rpartition(".")[2]
    if "." not in section_id:
        return f"{number}. {title.upper()}"
    return f"{number}) {title}" if number.isalpha() else f"{number}. {title}"


def missing_text(tables: tuple[str, ...], lang: Lang) -> str:
    """Of which data a section has none, in words for whom the report is sent to."""
    from tthc_cli.schema import table

    labels = [(table(name).label_vi if lang == "vi" else table(name).label_en) for name in tables]
    return say("periodic.missing", lang, what=", ".join(label[:1].lower() + label[1:] for label in labels))
