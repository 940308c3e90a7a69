"""How many dossiers each unit has open at a moment, and where they stand: each in exactly one column."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from tthc_cli.facts.late.standing import STANDINGS, standing
from tthc_cli.results.listing import Column
from tthc_cli.statements.dossiers.found import UNIT, listing

if TYPE_CHECKING:
    from tthc_cli.facts.dossiers import DossierFacts
    from tthc_cli.results.listing import Listing
    from tthc_cli.statements.dossiers.asking import Asked

COLUMNS = (
    Column("unit"), Column("unit_name", share=1), Column("open", "count"),
    *(Column(f"open_{name}", "count") for name in STANDINGS),
)  # fmt: skip


def open_now(asked: Asked) -> Listing:
    """One row a unit that has open dossiers of its own."""

    def work(facts: DossierFacts) -> Counter[tuple[int, int]]:
        pairs = zip(asked.unit_of(facts).tolist(), standing(facts).tolist(), strict=True)
        return Counter(pairs)

    total: Counter[tuple[int, int]] = Counter()
    for found in asked.walk_open(work):
        total.update(found)
    units = sorted({unit for unit, _ in total})
    counts = np.array([[total[unit, place] for place in range(len(STANDINGS))] for unit in units]).reshape(-1, 4)
    part = {UNIT: np.array(units, np.int64), "open": counts.sum(axis=1)}
    part |= {f"open_{name}": counts[:, place] for place, name in enumerate(STANDINGS)}
    return listing("open", asked, COLUMNS, [part], (UNIT,), tuple(c.id for c in COLUMNS[2:]))
