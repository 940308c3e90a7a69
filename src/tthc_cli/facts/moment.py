"""What is true of dossiers at a moment: no period, no rulebook and no score is needed to ask."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from tthc_cli.facts.catalogue import load_catalogue
from tthc_cli.facts.context import ClockRules, Context
from tthc_cli.facts.letters.issued import IssuedLetters
from tthc_cli.facts.process_log import LogIndex
from tthc_cli.workdays import WorkCalendar

if TYPE_CHECKING:
    from tthc_cli.storage.warehouse import Warehouse
    from tthc_cli.workspace import Settings

_EVER = -(1 << 40)
"""A second before every dossier."""


def seconds_of(moment: datetime) -> int:
    """Seconds since 1970."""
    return int(np.datetime64(moment, "s").astype(np.int64))


def moment_of(seconds: int) -> datetime:
    return datetime(1970, 1, 1) + np.timedelta64(seconds, "s").astype("timedelta64[s]").astype(object)  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Moment:
    """The stored dossiers as they stood at a moment; what happened later is not seen."""

    warehouse: Warehouse
    settings: Settings
    at: datetime
    rules: ClockRules = field(default_factory=lambda: ClockRules(supplements_overdue=0))
    """How the clock of a dossier runs; how often a supplement was asked for makes none overdue here."""

    @cached_property
    def calendar(self) -> WorkCalendar:
        return WorkCalendar.of(self.settings.calendar)

    @cached_property
    def letters(self) -> IssuedLetters:
        """The apology letters issued by then."""
        return IssuedLetters.of(self.warehouse, seconds_of(self.at))

    @cached_property
    def context(self) -> Context:
        """Every dossier received by then counts as received "in the period"; its clock runs by `rules`."""
        at = seconds_of(self.at)
        return Context(
            start=_EVER,
            end=at + 1,
            cutoff=at,
            calendar=self.calendar,
            catalogue=load_catalogue(self.warehouse.read("procedures")),
            told={s.id: frozenset(s.columns.get("dossiers", ())) for s in self.warehouse.sources},
            complained=np.zeros(0, np.uint64),
            rules=self.rules,
            log=LogIndex.of(self.warehouse, at),
            letters=self.letters if len(self.letters.keys) else None,
        )
