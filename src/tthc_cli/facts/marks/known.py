"""All that is known of each subject by each criterion in a period, source by source."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from tthc_cli.facts.marks.findings import findings, of_findings
from tthc_cli.facts.marks.model import Checks, Known, Subject, Window, gathered
from tthc_cli.facts.marks.slips import of_others, of_window
from tthc_cli.facts.marks.typed import of_typed

if TYPE_CHECKING:
    import pyarrow as pa

    from tthc_cli.periods import Period


def known_marks(
    slips: pa.Table, found: pa.Table, typed: pa.Table, period: Period, checks: Checks, known: datetime | None = None
) -> dict[tuple[Subject, str], Known]:
    """(subject, criterion) -> the marks of units, divisions and officials as a whole, from the stored tables `slips`,
    `findings` and `typed_figures`; marks of dossiers are given in columns (facts/nine/marking.py).

    `Known.standing` is the mark that counts: appraised > finding > slip; where there is none, what dossiers, log,
    petitions and catalogue tell (Circular 01/2018 Art. 14(3)). Subjects are named as in the tables. `known`: the last
    moment that is known, where that is before the end of the period.
    """
    inspected = (one for one in of_findings(findings(found), period, checks) if one[0].kind != "dossier")
    return gathered((*of_typed(typed, period), *inspected, *of_others(of_window(slips, Window.of(period, known)))))
