"""What every part of the view needs to put a stored card into words: the card, the language, numbers as written."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from tthc_cli.messages import Lang, say
from tthc_cli.render import formats, view
from tthc_cli.render.text import clean
from tthc_cli.scorecard import Scorecard


class Wording:
    """A stored card and a language."""

    def __init__(self, card: Scorecard, lang: Lang) -> None:
        self.card = card
        self.lang: Lang = lang
        self.names = {u.id: clean(u.name) for u in card.units}

    def say(self, key: str, **fields: object) -> str:
        return say(f"render.{key}", self.lang, **fields)

    def both(self, vi: str, en: str) -> str:
        return clean(vi if self.lang == "vi" else en)

    def fixed(self, value: Decimal | Fraction | None) -> view.Amount:
        return view.Amount(value, formats.fixed(value, self.lang))

    def plain(self, value: Decimal | Fraction | int | None) -> view.Amount:
        return view.Amount(value, formats.plain(value, self.lang))
