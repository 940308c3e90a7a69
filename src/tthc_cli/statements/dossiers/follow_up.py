"""The unit's follow-up book: dossiers received in a period, as they stand at the moment; without a period, in the month
of the moment. Its columns of persons are blank, for the unit to fill in by hand; in a file, they hold what the
workspace keeps of persons, where it keeps anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tthc_cli.facts.columns import NAT
from tthc_cli.results.listing import Column
from tthc_cli.statements.dossiers.asking import CLOCK_COLUMNS
from tthc_cli.statements.dossiers.found import PLACE, UNIT, dossier_cells, listing

if TYPE_CHECKING:
    import numpy.typing as npt

    from tthc_cli.facts.dossiers import DossierFacts
    from tthc_cli.results.listing import Listing
    from tthc_cli.statements.dossiers.asking import Asked

COLUMNS = (
    Column("unit"), Column("unit_name", on_screen=False), Column("dossier"), Column("procedure", share=3),
    Column("applicant", on_screen=False, people=("ChuHoSo",)),
    Column("contact", on_screen=False, people=("SoDienThoai", "DiaChi")), Column("received", "moment"),
    Column("due", "moment"), Column("finished", "moment"), Column("state", "word", "lists.follow_state", share=1),
    Column("signed", on_screen=False), *PLACE,
)  # fmt: skip
_BY_HAND = ("applicant", "contact", "signed")


def follow_up(asked: Asked) -> Listing:
    """By unit, in the order of receipt."""
    start, end = asked.period(1)

    def pick(facts: DossierFacts) -> npt.NDArray[np.intp]:
        return np.flatnonzero(facts.received & (facts.received_at >= start) & (facts.received_at < end))

    def work(facts: DossierFacts) -> dict[str, Any]:
        blank = [""] * facts.n
        return {
            **dossier_cells(facts, asked),
            **dict.fromkeys(_BY_HAND, blank),
            "finished": facts.closed_at,
            "state": _state(facts).tolist(),
        }

    return listing("follow-up", asked, COLUMNS, asked.walk(pick, CLOCK_COLUMNS, work), (UNIT, "received"))


def _state(facts: DossierFacts) -> npt.NDArray[np.str_]:
    """How each dossier stands, a key of `lists.follow_state`."""
    ended = (facts.closed_at != NAT) | facts.finished_untimed
    late = ~facts.due_unknown & ~facts.within_due
    out: npt.NDArray[np.str_] = np.select(
        [ended & late, ended, late], ["finished_late", "finished", "open_past"], "open_within"
    )
    return out
