"""What indicators count, and how it is loaded, counted by unit and listed: dossiers, and all that lies in small tables.

An indicator is registered once (`INDICATORS` of a module of `indicators.qd766`): its id, its reasons, its cases and
the kind of its subjects. Dossiers are counted in a pass of their own (`counting`), a chunk at a time; every other kind
loads its subjects at once.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, Protocol

import numpy as np
import numpy.typing as npt

from tthc_cli.counting.measures import TIMES
from tthc_cli.verdicts import Codes, F, Judge, Reason

if TYPE_CHECKING:
    from decimal import Decimal

    from tthc_cli.counting.measures import Measures
    from tthc_cli.counting.roll_up import Judgement
    from tthc_cli.counting.tally import UnitProcedureCounts
    from tthc_cli.errors import RowPlace
    from tthc_cli.facts.catalogue import Catalogue
    from tthc_cli.facts.dossiers import DossierFacts
    from tthc_cli.periods import Period
    from tthc_cli.storage.warehouse import Warehouse
    from tthc_cli.workdays import WorkCalendar

Ints = npt.NDArray[np.int64]
Row = Mapping[str, Any]


class Units(Protocol):
    """The units of the scored day; indices as everywhere."""

    @property
    def ids(self) -> Sequence[str]: ...
    @property
    def parents(self) -> Sequence[int]: ...
    @property
    def levels(self) -> Sequence[str]: ...
    @property
    def root_or_unmatched(self) -> int: ...
    @property
    def offers_copies(self) -> Sequence[bool]: ...
    def find(self, names: Sequence[str]) -> Sequence[int]:
        """Unit of each text; -1 where it matches none."""
        ...

    def place(self, names: Sequence[str]) -> Sequence[int]:
        """Unit of each text; the unmatched unit where it matches none."""
        ...

    def listed_at(self, unit: int) -> RowPlace | None:
        """The row of the unit table that a unit was read from."""
        ...


@dataclass(frozen=True)
class Scope:
    """A scored period, as subjects are loaded from it. Moments are seconds, days are days since 1970."""

    warehouse: Warehouse
    period: Period
    start: int
    cutoff: int
    last_day: int
    """Of the period."""
    known_day: int
    """The last that is known."""
    parameters: Mapping[str, Decimal]
    calendar: WorkCalendar
    catalogue: Catalogue
    units: Units
    counts: UnitProcedureCounts
    """Of the dossiers."""
    measures: Measures
    """What was counted of them."""
    settings: Mapping[str, Decimal | str]
    """Every parameter of the rulebook, those that are words or days too."""
    judged: Mapping[str, Judgement]
    """What was judged before: dossiers, and the kinds that come earlier."""
    lately: Callable[[], Collection[tuple[int, int]]]
    """(unit, procedure) of the dossiers of the months in which a department's procedures are looked for."""
    _rows: dict[str, Mapping[tuple[str, ...], Row]] = field(default_factory=dict)

    def row(self, table: str, key: Sequence[str], *values: str) -> Row:
        """The stored row of a small table that has these values in the columns `key`."""
        if table not in self._rows:
            stored = self.warehouse.read(table).to_pylist()
            self._rows[table] = {tuple(r[name] for name in key): r for r in stored}
        return self._rows[table][values]


@dataclass(frozen=True)
class LostSubject:
    """A subject that is counted and earns nothing."""

    unit: int
    subject: str
    reason: Reason
    row: Row
    """Its stored row."""
    procedure: str = ""
    times: tuple[str, str, str] = ("", "", "")
    """Received, due, finished (or what stands for them), as text; "" where there is none."""


@dataclass(frozen=True)
class Subject:
    """A kind of subject, by the name that rulebooks call it."""

    name: str


DOSSIER = Subject("dossier")


@dataclass(frozen=True)
class Loaded(Subject, ABC, Generic[F]):
    """A kind that loads its subjects at once."""

    at_every_unit = False
    """Counted distinct at each unit, so that a unit's subjects are not those of the units below it added up."""

    @abstractmethod
    def load(self, scope: Scope) -> F | None:
        """Facts about all subjects; None where the data tell nothing of any."""

    @abstractmethod
    def count(self, judge: Judge[F], facts: F, codes: Codes, scope: Scope) -> Judgement:
        """Counts by reason of every unit with all below it. codes: the judge's verdicts on the facts."""

    @abstractmethod
    def lost(
        self, judge: Judge[F], facts: F, codes: Codes, scope: Scope, unit: int, within: frozenset[int]
    ) -> Iterator[LostSubject]:
        """The subjects of a unit that are counted and earn nothing. within: the unit and all below it."""


@dataclass(frozen=True)
class Indicator(Judge[F]):
    """One indicator, as it is registered."""

    subject: Subject
    measure: bool = False
    """Stands behind others, or in a form; no component of a rulebook."""
    by_field: bool = False
    """The form whose dossiers are also counted by the field that they name."""
    evaluation: str = "qd766"
    """The law that it belongs to."""

    @property
    def component(self) -> bool:
        return not self.measure


@dataclass(frozen=True)
class HandlingTimes:
    """2.2: what is summed of dossiers, without a verdict. See `counting.measures.Measures`."""

    times: Callable[[DossierFacts], tuple[Ints, Ints, Ints]]
    own_times: Callable[[DossierFacts, Ints, Ints], Ints]
    id: str = TIMES
    subject: Subject = DOSSIER
    reasons: tuple[Reason, ...] = ()
    component: bool = True
    evaluation: str = "qd766"


Registered = Indicator[Any] | HandlingTimes
