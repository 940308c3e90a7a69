"""Every open dossier stands in exactly one place, and is open in form II.06 too, whatever its columns and log say."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.indicators.dossiers import context, dossier_table, judge
from tthc_cli.facts.context import ClockRules
from tthc_cli.facts.dossiers import DossierFacts
from tthc_cli.facts.late.standing import OVERDUE, STANDINGS, is_open, is_overdue, standing

AT = datetime(2024, 4, 10, 16)
TIMES = ("NgayNopHoSo", "NgayHenTra", "NgayKetThucXuLy", "NgayTra", "NgayTuChoi", "NgayBoSung", "NgayTiepNhanBoSung",
         "NgayHenTraTruoc", "NgayHenTraMoi")  # fmt: skip
MINUTES = st.integers(-30_000, 15_000).map(lambda m: AT + timedelta(minutes=m))


@st.composite
def offices(draw: st.DrawFn) -> tuple[list[dict[str, Any]], list[tuple[str, datetime, int]]]:
    """Dossiers whose dates need not agree with one another, and a log of some of them."""
    rows, log = [], []
    for number in range(draw(st.integers(1, 12))):
        code = f"H99.01-240401-{number:04d}"
        row: dict[str, Any] = {
            "MaHoSo": code, "TrangThaiHoSo": draw(st.integers(1, 10)), "NgayTiepNhan": draw(st.none() | MINUTES),
            "SoLanBoSung": draw(st.integers(0, 2)),
        }  # fmt: skip
        row |= {name: draw(st.none() | MINUTES) for name in TIMES}
        rows.append(row)
        steps = draw(st.lists(st.tuples(MINUTES, st.integers(1, 10)), max_size=4))
        log += [(code, at, status) for at, status in steps]
    return rows, log


@settings(max_examples=80, deadline=None, derandomize=True)
@given(offices())
def test_open_dossiers_stand_in_one_place_and_are_those_of_the_form(office: Any) -> None:
    rows, log = office
    seen = context("2000-01-01", "2024-04-10 16:00:01", AT, log=log, rules=ClockRules(supplements_overdue=0))
    facts = DossierFacts(dossier_table(rows), seen)
    place = standing(facts)
    assert ((place >= 0) == is_open(facts)).all()
    assert (place < len(STANDINGS)).all()
    assert ((place == OVERDUE) == is_overdue(facts)).all()
    form = [reason.rpartition("_open_")[1] != "" for reason in judge("II.06", facts)]
    assert np.array_equal(form, is_open(facts))
