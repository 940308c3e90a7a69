"""What is asked of a list of the stored dossiers: the moment, whose dossiers, which days; and the walk over them.

Dossiers of other units are not read where their chunk has none of those asked for, nor judged where it has some. Of a
list of open dossiers the columns that tell whether one is open are read first, and the others only where one is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import numpy.typing as npt

from tthc_cli import schema
from tthc_cli.counting.chunks import may_matter
from tthc_cli.facts.columns import whole
from tthc_cli.facts.context import NAME_COLUMNS, TIME_COLUMNS
from tthc_cli.facts.dossiers import DossierFacts
from tthc_cli.facts.late.known import Known
from tthc_cli.facts.late.standing import OPEN_COLUMNS, is_open
from tthc_cli.facts.late.step_log import no_steps
from tthc_cli.facts.late.steps import StepsAt, steps_at
from tthc_cli.facts.moment import seconds_of
from tthc_cli.facts.strangers import by_code, home_of
from tthc_cli.results.notes import note
from tthc_cli.storage.parquet import open_parquet

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

    from tthc_cli.facts.context import Context
    from tthc_cli.facts.late.step_log import StepLog
    from tthc_cli.facts.moment import Moment
    from tthc_cli.scoring.scored_tree import ScoredTree
    from tthc_cli.statements.inspection.past import Past
    from tthc_cli.storage.location import Location
    from tthc_cli.verdicts import Mask

T = TypeVar("T")
Rows = npt.NDArray[np.intp]
Pick = Callable[[DossierFacts], Rows]
THREADS = 2
CLOCK_COLUMNS = (*TIME_COLUMNS, "TrangThaiHoSo", "SoLanBoSung", "PhiDiaGioi", "MaTTHC", "TenTTHC")
"""What the clock of a dossier stands on."""
MORE_COLUMNS = (*TIME_COLUMNS, *NAME_COLUMNS, "PhiDiaGioi", "KenhThucHien", "MaHoSo", schema.SHEET, schema.ROW)
"""What lists tell of a dossier, beside the columns by which it is picked."""


@dataclass(frozen=True)
class Asked:
    """A list as it is asked for."""

    moment: Moment
    tree: ScoredTree
    context: Context
    chunks: tuple[tuple[Location, int, str, tuple[str, ...]], ...]
    """(file, row group, month of receipt, names of units in it)."""
    step_log: StepLog | None = None
    units: frozenset[int] | None = None
    """Indexes in the tree of the units asked for; None = all."""
    division: str = ""
    """The first letters of the division asked for; "" = all."""
    days: tuple[int, ...] = ()
    """The days that a list counts by; () = its own."""
    window: tuple[int, int] | None = None
    """First second of a period, and first second after it; None = the list's own."""
    most: int | None = None
    """How many rows are wanted; totals are of all."""
    known: Known = field(default_factory=Known)
    past: Past | None = None
    """Scores and inspections; None where the list does not look at them."""

    @property
    def at(self) -> int:
        """Seconds since 1970."""
        return seconds_of(self.moment.at)

    @property
    def log_notes(self) -> tuple[str, ...]:
        """What a list that tells of steps lacks without a process log."""
        return () if self.step_log is not None else (note("no_process_log"),)

    def steps(self, facts: DossierFacts) -> StepsAt:
        """The steps of a chunk of dossiers as they are seen at the moment."""
        rows = no_steps() if self.step_log is None else self.step_log.steps(facts)
        return steps_at(rows, self.at, self.moment.calendar)

    def foreign(self, steps: StepsAt, own: npt.NDArray[np.int64]) -> Mask:
        """Of each step, whether its division is a unit of the tree other than the dossier's own and those above and
        below it. own: index of the unit of each dossier. Shape (m,)."""
        named = np.array(self.tree.find(list(steps.rows.divisions)), np.int64)[steps.rows.division]
        mine = own[steps.rows.dossier]
        parents = np.array([*self.tree.parents, -1], np.int64)
        akin = named == mine
        above, below = mine, named
        while (above >= 0).any() or (below >= 0).any():
            above, below = parents[above], parents[below]
            akin |= (above == named) | ((below == mine) & (below >= 0))
        strange: Mask = (named >= 0) & ~akin
        return strange

    def unit_of(self, facts: DossierFacts) -> npt.NDArray[np.int64]:
        """The index in the tree of each dossier's unit. Shape (n,)."""
        index, names = facts.names(schema.UNIT_KEY)
        return np.array(self.tree.place([name or "" for name in names]), np.int64)[index]

    def walk_open(self, work: Callable[[DossierFacts], T]) -> Iterator[T]:
        """What `work` makes of the open dossiers, a chunk at a time; in the order stored. It has MORE_COLUMNS."""
        return self.walk(lambda facts: np.flatnonzero(is_open(facts)), OPEN_COLUMNS, work)

    def walk_all(
        self, work: Callable[[DossierFacts], T], since: str = "", columns: Sequence[str] = CLOCK_COLUMNS
    ) -> Iterator[T]:
        """What `work` makes of all dossiers received since a month; it has those columns, and no more."""
        return self._walk(lambda job: self._read_all(job, work, columns), since)

    def walk(self, pick: Pick, columns: Sequence[str], work: Callable[[DossierFacts], T]) -> Iterator[T]:
        """What `work` makes of the dossiers that `pick` picks by some columns; it has MORE_COLUMNS too."""

        def one(job: tuple[Location, int]) -> T | None:
            facts = _picked(job[0], job[1], self, pick, columns)
            return None if facts is None else work(facts)

        return self._walk(one)

    def _walk(self, one: Callable[[tuple[Location, int]], T | None], since: str = "") -> Iterator[T]:
        jobs = [
            (path, group) for path, group, month, names in self.chunks
            if self._may_have(month, names) and (month >= since or not month[:1].isdigit())
        ]  # fmt: skip
        with ThreadPoolExecutor(THREADS) as pool:
            yield from (found for found in pool.map(one, jobs) if found is not None)

    def _read_all(
        self, job: tuple[Location, int], work: Callable[[DossierFacts], T], columns: Sequence[str]
    ) -> T | None:
        with open_parquet(job[0]) as file:
            chunk = _first(file, job[1], self, columns)[0]
        return work(DossierFacts(chunk, self.context)) if chunk.num_rows else None

    def period(self, months: int) -> tuple[int, int]:
        """The period asked for up to the moment; without one, so many months up to the moment, from the first of a
        month on. First second, and first second after it."""
        if self.window is not None:
            return self.window[0], min(self.window[1], self.at + 1)
        first = np.datetime64(self.moment.at, "M") - (months - 1)
        return int(first.astype("datetime64[s]").astype(np.int64)), self.at + 1

    def _may_have(self, month: str, names: Sequence[str]) -> bool:
        return may_matter(month, self.context) and (self.units is None or any(self.wants(name) for name in names))

    def wants(self, name: str) -> bool:
        """Whether dossiers of a unit so named may be asked for; those of a name that nobody knows may be anybody's."""
        if self.units is None or name in self.context.strangers:
            return True
        return self.tree.place([name])[0] in self.units


def _picked(path: Location, group: int, asked: Asked, pick: Pick, columns: Sequence[str]) -> DossierFacts | None:
    """The facts of the dossiers of one row group that are asked for and picked; None when there are none."""
    import pyarrow as pa

    with open_parquet(path) as file:
        chunk, rows = _first(file, group, asked, columns)
        picked = pick(DossierFacts(chunk, asked.context)) if chunk.num_rows else np.zeros(0, np.intp)
        if not len(picked):
            return None
        more = _read(file, group, [c for c in (*MORE_COLUMNS, schema.KEY_HASH) if c not in chunk.column_names])
    chunk = chunk.take(pa.array(picked))
    more = more.take(pa.array(picked if rows is None else rows[picked]))
    for name in more.column_names:
        chunk = chunk.append_column(name, more.column(name))
    return DossierFacts(chunk, asked.context)


def _first(file: pq.ParquetFile, group: int, asked: Asked, columns: Sequence[str]) -> tuple[pa.Table, Rows | None]:
    """Some columns of the dossiers of the units asked for, and their row numbers; None for all."""
    import pyarrow as pa

    context = asked.context
    wanted = [*columns, schema.UNIT_KEY]
    if context.log is not None or context.letters is not None or context.strangers:
        wanted += ["MaHoSo", schema.KEY_HASH]
    chunk = by_code(_read(file, group, wanted), context.strangers)
    rows = _of_units(chunk, asked)
    if rows is not None:
        chunk = chunk.slice(rows[0], len(rows)) if _runs(rows) else chunk.take(pa.array(rows))
    return chunk, rows


def _runs(rows: Rows) -> bool:
    """Whether row numbers follow one another without a gap."""
    return len(rows) > 0 and int(rows[-1]) - int(rows[0]) + 1 == len(rows)


def _read(file: pq.ParquetFile, group: int, columns: Sequence[str]) -> pa.Table:
    """Some columns of a row group; those that a file stored long ago lacks are left out."""
    stored = set(file.schema_arrow.names)
    wanted = [name for name in dict.fromkeys(columns) if name in stored]
    return file.read_row_group(group, columns=wanted, use_threads=False)


def _of_units(chunk: pa.Table, asked: Asked) -> Rows | None:
    """Numbers of the rows of the units asked for; None for all."""
    if asked.units is None:
        return None
    units = whole(chunk.column(schema.UNIT_KEY))
    names = [name or "" for name in [*units.dictionary.to_pylist(), None]]
    wanted = np.array([unit in asked.units for unit in asked.tree.place([home_of(name) for name in names])])
    index = units.indices.fill_null(len(names) - 1).to_numpy()
    return np.flatnonzero(wanted[index])
