"""Every verdict function over dossiers, in the order of the law."""

from __future__ import annotations

from functools import cache

from tthc_cli.facts.dossiers import DossierIndicator
from tthc_cli.indicators.qd766 import digitisation, on_time, online, satisfaction, transparency

DOSSIER_INDICATORS: tuple[DossierIndicator, ...] = (
    transparency.SYNCHRONISED,
    on_time.ON_TIME,
    on_time.FORM,
    online.RECEIVED_ONLINE,
    online.SUBMITTED_ONLINE,
    online.FEE_DATA,
    online.PAYMENT,
    online.PAID_ONLINE,
    digitisation.ELECTRONIC_RESULT,
    digitisation.DIGITISED,
    digitisation.REUSED,
    digitisation.SHARED,
    digitisation.POPULATION_DATA,
    satisfaction.SATISFIED,
)
"""Those whose id is a component ("2.1") are scored; "3.2:dossiers" and the like are measures that procedure
components stand on; "II.06" is the statutory form."""


@cache
def layout() -> dict[str, slice]:
    """Where the counts by reason of each indicator, and the sums of 2.2, lie in a row of counts."""
    out: dict[str, slice] = {}
    at = 0
    for indicator in DOSSIER_INDICATORS:
        out[indicator.id] = slice(at, at + len(indicator.reasons))
        at += len(indicator.reasons)
    out["2.2"] = slice(at, at + len(on_time.TIME_SUMS))
    return out


def width() -> int:
    """Counts in a row."""
    return int(max(s.stop for s in layout().values()))


@cache
def indicator(indicator_id: str) -> DossierIndicator:
    return next(i for i in DOSSIER_INDICATORS if i.id == indicator_id)
