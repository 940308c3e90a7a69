"""What is known beside the dossiers: a cause typed in stands over what the data propose; outages; letters."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pyarrow as pa

from tests.indicators.dossiers import context, dossier_table, seconds
from tthc_cli import schema
from tthc_cli.facts.dossiers import DossierFacts
from tthc_cli.facts.late.causes import causes
from tthc_cli.facts.late.known import Known
from tthc_cli.facts.late.step_log import no_steps
from tthc_cli.facts.late.steps import steps_at

AT = "2024-04-10 16:00"
ROWS = [
    {"MaHoSo": f"H99.01-240401-{n:04d}", "NgayTiepNhan": f"2024-04-0{n + 1} 08:00", "NgayHenTra": "2024-04-08 16:00",
     "TrangThaiHoSo": 4}
    for n in range(3)
]  # fmt: skip


def _found(known: Known) -> list[str]:
    facts = DossierFacts(dossier_table(ROWS), context("2000-01-01", "2024-04-11", AT))
    steps = steps_at(no_steps(), seconds(AT), facts.context.calendar)
    return causes(facts, steps, np.zeros(0, np.bool_), known)


def test_a_cause_typed_in_stands_over_the_proposal() -> None:
    key = int(schema.key_hash(pa.array([ROWS[1]["MaHoSo"]]))[0])
    assert _found(Known(causes={key: "official"})) == ["unknown", "official", "unknown"]


def test_an_outage_before_receipt_is_no_cause() -> None:
    """From 1 April 10:00 to 2 April 8:00: only the dossier received on 1 April was being handled."""
    assert _found(Known(outages=((seconds("2024-04-01 10:00"), seconds("2024-04-02 08:00")),))) == [
        "outage", "unknown", "unknown",
    ]  # fmt: skip


def test_a_letter_that_is_not_sent_is_none() -> None:
    facts = DossierFacts(dossier_table(ROWS), context("2000-01-01", "2024-04-11", AT))
    assert Known().letters_of(facts) == ["none"] * 3
    states = SimpleNamespace(state=np.array([1, 4, 2]), count=np.array([0, 1, 0]))
    told = Known(letters=lambda _: states)  # type: ignore[arg-type,return-value]
    assert told.letters_of(facts) == ["due_today", "in_time", "overdue_no_letter"]
    assert told.with_letter(facts).tolist() == [False, True, False]
