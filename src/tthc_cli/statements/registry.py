"""The lists there are. A new one is a module, words in the catalogue `lists`, a line here and a case."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tthc_cli.statements import of_card
from tthc_cli.statements.letters import letters
from tthc_cli.statements.overdue import overdue

if TYPE_CHECKING:
    from tthc_cli.facts.moment import Moment
    from tthc_cli.results.listing import Listing
    from tthc_cli.results.scorecard import LostDossier, Scorecard
    from tthc_cli.scoring.scored_tree import ScoredTree


@dataclass(frozen=True, slots=True)
class OfMoment:
    """A list of facts at a moment."""

    name: str
    make: Callable[[Moment, ScoredTree], Listing]


@dataclass(frozen=True, slots=True)
class OfScore:
    """A list of a stored score."""

    name: str
    make: Callable[[Scorecard], Listing]


@dataclass(frozen=True, slots=True)
class OfLost:
    """A list of what lost points in a stored score."""

    name: str
    make: Callable[[Scorecard, Sequence[LostDossier]], Listing]


Kind = OfMoment | OfScore | OfLost
LISTS: tuple[Kind, ...] = (
    OfMoment("overdue", overdue),
    OfMoment("letters", letters),
    OfLost("lost", of_card.lost),
    OfScore("late-steps", of_card.late_steps),
    OfScore("handling-times", of_card.handling_times),
    OfScore("form-ii06", of_card.form_by_field),
    OfScore("unmatched", of_card.unmatched),
)
