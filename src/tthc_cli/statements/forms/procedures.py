"""What a statutory form counts of the procedures catalogue: those in force on the last day of the window, by the unit
that alone handles them; what several units, or all of a level, handle is one line a level."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from tthc_cli.results.notes import note
from tthc_cli.statements.forms.counts import Counted
from tthc_cli.statements.forms.statutory import LEVELS

if TYPE_CHECKING:
    from datetime import date

    import numpy.typing as npt

    from tthc_cli.forms.layout import Layout
    from tthc_cli.statements.dossiers.asking import Asked

_OF_LEVEL = {"tinh": "province", "so": "province", "huyen": "district", "xa": "commune"}


def counted_procedures(asked: Asked, last: date, layout: Layout) -> Counted:
    """A procedure that is handled at several levels counts once at each, of those of the units asked for; departments
    are of the province's level. One that names its units is of no others."""
    catalogue, tree = asked.context.catalogue, asked.tree
    names = tuple(sorted(layout.needs))
    day = (last - type(last)(1970, 1, 1)).days
    rows: dict[tuple[int, str], npt.NDArray[np.int64]] = defaultdict(lambda: np.zeros(len(names), np.int64))
    for at in range(len(catalogue)):
        if not catalogue.valid_from[at] <= day <= catalogue.valid_to[at]:
            continue
        handlers = [unit for unit in tree.find(list(catalogue.handlers[at])) if unit >= 0]
        levels = catalogue.levels[at] or {tree.levels[unit] for unit in handlers}
        if asked.units is not None:
            levels = levels & {tree.levels[unit] for unit in asked.units}
            if handlers and asked.units.isdisjoint(handlers):
                continue
        for kind in {_OF_LEVEL[level] for level in levels if level in _OF_LEVEL}:
            own = [level for level in LEVELS if _OF_LEVEL.get(level) == kind and level in levels]
            alone = (
                handlers[0] if len(handlers) == 1 and tree.levels[handlers[0]] in own else -1 - LEVELS.index(own[-1])
            )
            if kind in names:
                rows[alone, ""][names.index(kind)] += 1
    return Counted(names, dict(rows), dict(rows))


def procedure_notes(counted: Counted) -> tuple[str, ...]:
    """How procedures are counted."""
    return (note("form_procedures") if counted.by_field else note("form_no_procedures"),)
