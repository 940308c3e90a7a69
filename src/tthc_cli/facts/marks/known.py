"""All that is known of each subject by each criterion in a period, source by source."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from tthc_cli.facts.marks.findings import findings, of_findings
from tthc_cli.facts.marks.model import Checks, Kind, Known, Subject, gathered
from tthc_cli.facts.marks.slips import of_slips
from tthc_cli.facts.marks.typed import of_typed

if TYPE_CHECKING:
    import pyarrow as pa

    from tthc_cli.periods import Period


def known_marks(
    slips: pa.Table, found: pa.Table, typed: pa.Table, period: Period, checks: Checks,
    kinds: Collection[Kind] = ("unit", "division", "official", "dossier"),
) -> dict[tuple[Subject, str], Known]:  # fmt: skip
    """(subject, criterion) -> its marks, from the stored tables `slips`, `findings` and `typed_figures`.

    `Known.standing` is the mark that counts: appraised > finding > slip; where there is none, what dossiers, log,
    petitions and catalogue tell (Circular 01/2018 Art. 14(3)). Units are named as in the tables. `kinds`: of which
    subjects; those of dossiers are many, and `over_slips` gives them in columns.
    """
    told = (*of_typed(typed, period), *of_findings(findings(found), period, checks), *of_slips(slips, period, kinds))
    return gathered(one for one in told if one[0].kind in kinds)
