"""What stands at the head of figures: amounts as the reader sees them, grades, components and groups."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

Number = Decimal | Fraction | int
HEAT_STEPS = 6
"""Steps of the colour scale from nothing to the maximum of a component."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A number and how it is written."""

    value: Number | None
    text: str

    def __str__(self) -> str:
        return self.text


NO_AMOUNT = Amount(None, "")


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade band; `tone` is 0 for the best and grows, for colours."""

    key: str
    label: str
    lower: Amount
    tone: int


@dataclass(frozen=True, slots=True)
class ComponentHead:
    """What is the same for every unit of one component."""

    id: str
    group: str
    title: str
    max: Amount
    rule: str
    numerator: str
    denominator: str
    cite: str
    places: int
    """Decimals of its points."""
    target: Fraction
    """Ratio that earns the full points; 1 when the rule is linear."""
    when_zero: str
    needs: tuple[str, ...]
    """As the rulebook names them ("dossiers.Gia"), for machines."""
    needs_text: str
    """The same by the labels of the data dictionary."""
    mean_unit: str
    """Unit of a mean ("working days"); "" where the ratio is a share."""
    of_catalogue: bool
    """It counts procedures, so that it says nothing of work done."""

    @property
    def analysis(self) -> bool:
        return not self.max.value


@dataclass(frozen=True, slots=True)
class GroupHead:
    id: str
    title: str
    full_title: str
    """With its number and maximum."""
    max: Amount
    components: tuple[ComponentHead, ...]
