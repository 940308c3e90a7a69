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

if TYPE_CHECKING:
    from tthc_cli.facts.dossiers import DossierFacts
    from tthc_cli.verdicts import Mask

NO_LETTER = "none"
_NOT_SENT = (NO_LETTER, "due_today", "overdue_no_letter")
"""States of a letter that is not there."""


@dataclass(frozen=True)
class Known:
    """By dossier, where it is known."""

    letters: Callable[[DossierFacts], list[str]] | None = None
    """Tells the state of the apology letter of each dossier of a chunk, a key of `lists.letter`."""
    causes: Mapping[int, str] = field(default_factory=dict)
    """The cause typed for its lateness by `key_hash`, a key of `lists.cause`; it overrides what the data propose."""
    outages: tuple[tuple[int, int], ...] = ()
    """(from, to) of outages, in seconds."""

    def letters_of(self, facts: DossierFacts) -> list[str]:
        """The state of the letter of each dossier; NO_LETTER where none is known."""
        return [NO_LETTER] * facts.n if self.letters is None else self.letters(facts)

    def causes_of(self, facts: DossierFacts) -> list[str]:
        """The cause typed for each dossier, "" where there is none."""
        if not self.causes:
            return [""] * facts.n
        return [self.causes.get(key, "") for key in facts.chunk.column(schema.KEY_HASH).to_pylist()]

    def with_letter(self, facts: DossierFacts) -> Mask:
        """Which dossiers have a letter."""
        return np.array([state not in _NOT_SENT for state in self.letters_of(facts)], np.bool_)

    def outage_between(self, since: npt.NDArray[np.int64], until: npt.NDArray[np.int64]) -> Mask:
        """Whether some outage overlaps each stretch. Shape of since."""
        out = np.zeros(len(since), np.bool_)
        for begin, end in self.outages:
            out |= (since < end) & (until > begin)
        return out
