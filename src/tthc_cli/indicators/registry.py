"""Every verdict function over dossiers, in the order of the law."""

from __future__ import annotations

from functools import cache

from tthc_cli.counting.measures import Measures
from tthc_cli.facts.yes_no import DossierIndicator
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


MEASURES = Measures(DOSSIER_INDICATORS, on_time.FORM, on_time.handling_times, on_time.own_times)
"""What the pass over the dossiers counts."""


def layout() -> dict[str, slice]:
    """Where the counts by reason of each indicator, and the sums of 2.2, lie in a row of counts."""
    return MEASURES.layout


@cache
def indicator(indicator_id: str) -> DossierIndicator:
    return next(i for i in DOSSIER_INDICATORS if i.id == indicator_id)
