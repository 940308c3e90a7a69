"""What every part of the view needs to put a stored card into words: the card, the language, numbers as written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from tthc_cli.messages import Lang, say
from tthc_cli.render import formats
from tthc_cli.render.text import clean
from tthc_cli.render.view import heads
from tthc_cli.results.scorecard import Scorecard
from tthc_cli.schema import table, table_names

_SHORT = re.compile(r"; |: | \(")
"""Where the explanation begins that follows a column's meaning."""


class Wording:
    """A stored card and a language."""

    def __init__(self, card: Scorecard, lang: Lang) -> None:
        self.card = card
        self.lang: Lang = lang
        self.names = {u.id: clean(u.called(lang)) for u in card.units}

    def say(self, key: str, **fields: object) -> str:
        return say(f"render.{key}", self.lang, **fields)

    def both(self, vi: str, en: str) -> str:
        return clean(vi if self.lang == "vi" else en)

    def label(self, unit_id: str) -> str:
        """A unit's code; words where it has neither letter nor digit: the dossiers that match no unit ("?")."""
        code = clean(unit_id)
        return code if any(char.isalnum() for char in code) else self.say("sheet.unmatched")

    def table_label(self, name: str) -> str:
        """The label of a table in the data dictionary."""
        return self.both(table(name).label_vi, table(name).label_en) if name in table_names() else clean(name)

    def needs(self, needs: Sequence[str]) -> str:
        """What a component needs, by the labels of the data dictionary: table › what the column means."""
        either = f" {self.say('text.or')} "
        parts = (either.join(self._need(one) for one in need.split("|")) for need in needs)
        return "; ".join(dict.fromkeys(parts))

    def _need(self, need: str) -> str:
        name, _, field = need.partition(".")
        if name not in table_names() or not field:
            return self.table_label(name)
        column = table(name).column(field)
        meaning = _SHORT.split(self.both(column.meaning_vi, column.meaning_en), maxsplit=1)[0]
        return f"{self.table_label(name)} › {meaning}"

    def fixed(self, value: Decimal | Fraction | None) -> heads.Amount:
        return _fixed(_kind(value), value, self.lang)

    def plain(self, value: Decimal | Fraction | int | None) -> heads.Amount:
        return _plain(_kind(value), value, self.lang)


def _kind(value: object) -> str:
    """What tells apart values that are equal: 1 and Decimal(1), 8.5 and 8.50."""
    return f"{type(value).__name__}{value.as_tuple().exponent if isinstance(value, Decimal) else ''}"


@lru_cache(maxsize=65536)
def _fixed(kind: str, value: Decimal | Fraction | None, lang: Lang) -> heads.Amount:
    """Amounts are shared: there are many, and few differ."""
    return heads.Amount(value, formats.fixed(value, lang))


@lru_cache(maxsize=65536)
def _plain(kind: str, value: Decimal | Fraction | int | None, lang: Lang) -> heads.Amount:
    return heads.Amount(value, formats.plain(value, lang))
