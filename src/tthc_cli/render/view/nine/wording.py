"""How the forms of the nine criteria are worded: figures with one decimal, criteria by their number."""

from __future__ import annotations

from fractions import Fraction

from tthc_cli.messages import say
from tthc_cli.render import formats
from tthc_cli.render.view.heads import Amount, Number
from tthc_cli.render.view.nine.model import Satisfaction
from tthc_cli.render.view.wording import Wording
from tthc_cli.results.rounding import half_up


class NineWording(Wording):
    """A stored card of the nine criteria and a language."""

    def words(self, key: str, **fields: object) -> str:
        return say(f"nine.{key}", self.lang, **fields)

    def mark(self, value: Number | None) -> Amount:
        """A figure of the forms: one decimal."""
        return Amount(value, formats.fixed(value, self.lang, 1))

    def satisfaction(self, question: str, counts: tuple[int, int, int]) -> Satisfaction:
        """Counts of answers with their shares."""
        answered = sum(counts)
        first, second, third = (
            self.mark(half_up(Fraction(count * 100, answered), 1) if answered else None) for count in counts
        )
        return Satisfaction(question, self.words(f"question.{question}"), counts, (first, second, third))


def number_of(criterion: str) -> str:
    """The number by which the law calls a criterion.

    >>> number_of("c7")
    '7'
    """
    return criterion.removeprefix("c")
