"""What a statutory form counts of petitions in a window, as they stood at its end: by unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tthc_cli.facts.columns import NAT
from tthc_cli.facts.moment import seconds_of
from tthc_cli.indicators.qd766.petitions import load_petitions
from tthc_cli.results.notes import note
from tthc_cli.statements.forms.counts import Counted

if TYPE_CHECKING:
    import numpy.typing as npt

    from tthc_cli.forms.layout import Layout
    from tthc_cli.periods import Window
    from tthc_cli.statements.dossiers.asking import Asked

_KINDS = {"rules": (1,), "conduct": (2,), "unclassified": (0, 3)}
"""PhanLoai: rules on procedures; conduct of officials; other, or not classified."""


def counted_petitions(asked: Asked, period: Window, layout: Layout) -> Counted:
    """The petitions received in the window or carried over into it; an answer refused is handled. What an answer was
    published by the end of the window counts as published."""
    warehouse, cutoff = asked.moment.warehouse, asked.at
    names = tuple(sorted(layout.needs | {"unclassified"}))
    if not warehouse.has("petitions"):
        return Counted(names)
    start = seconds_of(period.start)
    found = load_petitions(warehouse.read("petitions"), asked.tree.place, cutoff)
    ended = np.where(found.handled != NAT, found.handled, found.refused)
    handled = (ended != NAT) & (ended >= start)
    open_ = ended == NAT
    carried = (found.begun < start) & (handled | open_)
    new = found.begun >= start
    kinds = {name: np.isin(found.kind, codes) for name, codes in _KINDS.items()}
    inside = new | carried
    masks = {
        "new": new,
        "carried": carried,
        "handled_new": new & handled,
        "handled_carried": carried & handled,
        "published": handled & (found.published != NAT) & (found.published <= cutoff),
        **{name: inside & of for name, of in kinds.items()},
        **{f"handled_{name}": handled & of for name, of in kinds.items()},
        **{f"open_{name}": inside & open_ & of for name, of in kinds.items()},
    }
    if asked.units is not None:
        inside &= np.isin(found.unit, list(asked.units))
    rows: dict[tuple[int, str], npt.NDArray[np.int64]] = {}
    cells = np.stack([masks[name] for name in names], axis=1).astype(np.int64)
    for unit in np.unique(found.unit[inside]).tolist():
        rows[unit, ""] = cells[inside & (found.unit == unit)].sum(axis=0)
    return Counted(names, rows, rows)


def petition_notes(asked: Asked, counted: Counted) -> tuple[str, ...]:
    """What a form of petitions does not show."""
    if not asked.moment.warehouse.has("petitions"):
        return (note("form_no_petitions"),)
    out = [note("form_petitions")]
    if other := counted.total("unclassified"):
        out.append(note("form_petitions_unclassified", count=other))
    return tuple(out)
