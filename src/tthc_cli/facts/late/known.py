"""What is known beside the dossiers when it is asked why one is late: letters sent, causes typed in, outages.

Empty where their tables are not stored.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from tthc_cli import schema
from tthc_cli.facts.letters.state import LetterState, LetterStates

if TYPE_CHECKING:
    from tthc_cli.facts.dossiers import DossierFacts
    from tthc_cli.verdicts import Mask

_NAMES = np.array([state.name.lower() for state in LetterState])


@dataclass(frozen=True)
class Known:
    """By dossier, where it is known."""

    letters: Callable[[DossierFacts], LetterStates] | None = None
    """Tells the states of a chunk of dossiers for their apology letters."""
    causes: Mapping[int, str] = field(default_factory=dict)
    """The cause typed for its lateness by `key_hash`, a key of `lists.cause`; it overrides what the data propose."""
    outages: tuple[tuple[int, int], ...] = ()
    """(from, to) of outages, in seconds."""

    def letters_of(self, facts: DossierFacts) -> list[str]:
        """The state of the letter of each dossier, a key of `letters.state`."""
        if self.letters is None:
            return [str(_NAMES[LetterState.NONE])] * facts.n
        told: list[str] = _NAMES[self.letters(facts).state].tolist()
        return told

    def causes_of(self, facts: DossierFacts) -> list[str]:
        """The cause typed for each dossier, "" where there is none."""
        if not self.causes:
            return [""] * facts.n
        return [self.causes.get(key, "") for key in facts.chunk.column(schema.KEY_HASH).to_pylist()]

    def with_letter(self, facts: DossierFacts) -> Mask:
        """Which dossiers have a letter."""
        found: Mask = np.zeros(facts.n, np.bool_) if self.letters is None else self.letters(facts).count > 0
        return found

    def outage_between(self, since: npt.NDArray[np.int64], until: npt.NDArray[np.int64]) -> Mask:
        """Whether some outage overlaps each stretch. Shape of since."""
        out = np.zeros(len(since), np.bool_)
        for begin, end in self.outages:
            out |= (since < end) & (until > begin)
        return out
