"""Numbers, changes and sentences of the periodic report as people read them."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from tthc_cli.messages import say
from tthc_cli.render import formats
from tthc_cli.render.text import clean

if TYPE_CHECKING:
    from tthc_cli.messages import Lang
    from tthc_cli.results.periodic import Change, Kind, Row, Sentence, Value


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
    if kind != "count":
        return formats.signed(change.by, lang)
    text = formats.signed(change.by, lang, 0)
    return text if change.percent is None else f"{text} ({formats.signed(change.percent, lang, 1)}%)"


def cells(row: Row, lang: Lang, *, brief: bool = False) -> list[str]:
    """What stands in the table of numbers."""
    return [
        clean(row.brief(lang) if brief else row.label(lang)),
        figure(row.this, row.kind, lang),
        figure(row.last, row.kind, lang),
        change_text(row.change_last, row.kind, lang),
        figure(row.last_year, row.kind, lang),
        change_text(row.change_year, row.kind, lang),
    ]


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
