"""The frame of an inspection: all dossiers of a unit that were received or finished in a period, with their field, what
the data say of them, and the signs for which one is chosen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from tthc_cli import schema
from tthc_cli.counting.own_fields import fields_of
from tthc_cli.facts.columns import NAT
from tthc_cli.facts.context import OWN_FIELDS
from tthc_cli.results.control.inspection import ANSWERS, Taken
from tthc_cli.statements.dossiers.asking import CLOCK_COLUMNS
from tthc_cli.statements.dossiers.found import UNIT, dossier_cells
from tthc_cli.statements.inspection.answers import COLUMNS, FLAGS, NOT_MET, Beside, Looked, answers
from tthc_cli.text import fold

if TYPE_CHECKING:
    import numpy.typing as npt

    from tthc_cli.facts.dossiers import DossierFacts
    from tthc_cli.rulebooks.inspection.reading import InspectionRules
    from tthc_cli.statements.dossiers.asking import Asked
    from tthc_cli.storage.warehouse import Warehouse
    from tthc_cli.verdicts import Mask

_LOGGED = 80
"""The part, in per cent, of a frame that must be in the process log for the rest to be missed there."""
_CELLS = ("dossier", "procedure", "received", "due", "finished", "source", "sheet", "row")


@dataclass
class Frame:
    """All dossiers of a frame; every list has one entry a dossier."""

    dossiers: list[str] = field(default_factory=list)
    fields: list[str] = field(default_factory=list)
    units: list[int] = field(default_factory=list)
    """Index in the tree."""
    cells: dict[str, list[Any]] = field(default_factory=dict)
    answers: dict[str, list[int]] = field(default_factory=dict)
    """Check -> places in ANSWERS."""
    flags: dict[str, list[bool]] = field(default_factory=dict)
    unlogged: list[bool] = field(default_factory=list)
    """Without a step in the process log."""

    def add(self, part: Frame) -> None:
        """Add a chunk."""
        self.dossiers += part.dossiers
        self.fields += part.fields
        self.units += part.units
        self.unlogged += part.unlogged
        for columns, more in _pairs(self, part):
            for name, values in more.items():
                columns.setdefault(name, []).extend(values)

    def one_spelling(self) -> None:
        """Let fields that differ in case or accents alone be one, by their most frequent spelling."""
        spelled: dict[str, Counter[str]] = {}
        for name in self.fields:
            spelled.setdefault(fold(name), Counter())[name] += 1
        usual = {key: min(names, key=lambda n: (-names[n], n)) for key, names in spelled.items()}
        self.fields = [usual[fold(name)] for name in self.fields]

    def miss_steps(self) -> None:
        """Of a unit whose dossiers are nearly all in the process log, one that is not is a fault (D7); of one that
        keeps its log for a few, nothing is said."""
        if "D7" not in self.answers or 100 * sum(self.unlogged) > (100 - _LOGGED) * len(self.unlogged):
            return
        for at in (at for at, missing in enumerate(self.unlogged) if missing):
            self.answers["D7"][at] = NOT_MET

    def flags_of(self, at: int) -> tuple[str, ...]:
        return tuple(name for name, held in self.flags.items() if held[at])

    def taken(self, at: int, units: tuple[str, ...], weights: Mapping[str, int]) -> Taken:
        """One dossier as the workbook shows it."""
        flags = self.flags_of(at)
        cell = {name: values[at] for name, values in self.cells.items()}
        said = {check: ANSWERS[values[at]] for check, values in self.answers.items() if values[at]}
        return Taken(
            dossier=self.dossiers[at], unit=units[self.units[at]], field=self.fields[at],
            procedure=cell["procedure"] or "", received=_iso(cell["received"]), due=_iso(cell["due"]),
            finished=_iso(cell["finished"]), source=cell["source"] or "", sheet=cell["sheet"] or "",
            row=cell["row"] or 0, answers=said, flags=flags, risk=sum(weights[flag] for flag in flags),
        )  # fmt: skip


def _pairs(whole: Frame, part: Frame) -> Iterator[tuple[dict[str, list[Any]], Mapping[str, list[Any]]]]:
    for name in ("cells", "answers", "flags"):
        yield getattr(whole, name), getattr(part, name)


def _iso(seconds: int) -> str:
    return "" if seconds == NAT else str(np.datetime64(seconds, "s"))


def framed(asked: Asked, rules: InspectionRules, start: int, end: int) -> Frame:
    """The frame of the units asked for. start, end: first second of the period, and first second after it."""
    beside = beside_of(asked)
    flags = {name: FLAGS[name] for name in rules.weights("dossier") if name in FLAGS}
    wanted = {check.id for check in rules.checks if check.data != "none"}

    def pick(facts: DossierFacts) -> npt.NDArray[np.intp]:
        return np.flatnonzero(inside_of(facts, start, end, asked.at))

    def work(facts: DossierFacts) -> Frame:
        looked = Looked(facts, asked, beside, rules.numbers)
        cells = {**dossier_cells(facts, asked), "finished": facts.closed_at}
        told = answers(looked)
        return Frame(
            _plain(cells["dossier"]), fields_named(facts), _plain(cells[UNIT]),
            {name: _plain(cells[name]) for name in _CELLS},
            {check: told[check].tolist() for check in told if check in wanted},
            {name: flag(looked).tolist() for name, flag in flags.items()}, looked.unlogged.tolist(),
        )  # fmt: skip

    whole = Frame()
    for part in asked.walk(pick, (*CLOCK_COLUMNS, *COLUMNS, *OWN_FIELDS), work):
        whole.add(part)
    whole.one_spelling()
    whole.miss_steps()
    return whole


def inside_of(facts: DossierFacts, start: int, end: int, at: int) -> Mask:
    """Received or finished from one second up to another, as seen at a moment. Shape (n,)."""
    received, finished = facts.received_at, facts.closed_at
    inside: Mask = (received >= start) & (received < end)
    inside |= (finished >= start) & (finished < end)
    inside &= (received != NAT) & (received <= at)
    return inside


def _plain(values: Any) -> list[Any]:
    out: list[Any] = values.to_pylist() if hasattr(values, "to_pylist") else values.tolist()
    return out


def fields_named(facts: DossierFacts) -> list[str]:
    """The field of each dossier: its procedure's, else its own; "" for none."""
    catalogue = facts.context.catalogue
    own, names = fields_of(facts, np.arange(facts.n))
    listed = [*catalogue.fields, ""]
    pairs = zip(facts.procedure.tolist(), own.tolist(), strict=True)
    return [listed[procedure] or names[at] for procedure, at in pairs]


def beside_of(asked: Asked) -> Beside:
    """What other tables know of dossiers by the moment asked for."""
    warehouse, at = asked.moment.warehouse, asked.at
    return Beside(
        petitions=_keys(warehouse, "petitions", "NgayGui", at),
        slips=_keys(warehouse, "slips", "NgayDanhGia", at),
        has_letters=len(asked.moment.letters.keys) > 0,
    )


def _keys(warehouse: Warehouse, table: str, since: str, at: int) -> npt.NDArray[np.uint64]:
    """`key_hash` of the dossiers that a table names by a moment."""
    import pyarrow as pa

    stored = warehouse.read(table, [schema.KEY_HASH, since])
    seconds = stored.column(since).cast(pa.timestamp("s")).cast(pa.int64()).fill_null(0).to_numpy()
    keys: npt.NDArray[np.uint64] = stored.column(schema.KEY_HASH).to_numpy()
    found: npt.NDArray[np.uint64] = np.unique(keys[(seconds <= at) & (keys != 0)])
    return found
