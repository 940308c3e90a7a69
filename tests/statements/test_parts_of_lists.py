"""A list of one unit is that unit's part of the list of all; the first rows come with the totals of all rows."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from tthc_cli import jobs
from tthc_cli.jobs.lists import Part
from tthc_cli.statements.registry import LISTS, OfDossiers

OTHERS = {"officials", "review-candidates", "review-progress", "online-candidates", "linked-candidates"}
"""The sample's workspace keeps no officials (their list is made as that of divisions) and has no review plan; rows of
the other lists are procedures, not units'."""
KINDS = [kind for kind in LISTS if isinstance(kind, OfDossiers) and kind.name not in OTHERS]
AT = datetime(2023, 6, 15, 10)
SHARES = {"late-steps": ("share_of_all",), "late-agencies": ("share_of_all",)}
"""Columns that say what part of the whole a row is: the whole is what is asked for."""


@pytest.mark.parametrize("kind", KINDS, ids=[kind.name for kind in KINDS])
def test_a_unit_is_the_same_asked_for_alone_and_with_all(sample: Path, kind: OfDossiers) -> None:
    office = jobs.open_workspace(str(sample))
    every, places = jobs.list_at(office, kind, AT)
    alone, _ = jobs.list_at(office, kind, AT, Part(unit="H99.21"))
    below = {"H99.21"} | {p.id for p in places if p.parent == "H99.21"}
    keep = [n for n, c in enumerate(every.columns) if c.id not in SHARES.get(kind.name, ())]
    part = [tuple(row[n] for n in keep) for row in every.rows if row[0] in below]
    assert [tuple(row[n] for n in keep) for row in alone.rows] == part
    assert alone.unit == "H99.21"
    assert kind.name in ("suspect-times", "suspect-dossiers") or part


@pytest.mark.parametrize("name", ["overdue", "habits"])
def test_the_first_rows_come_with_the_totals_of_all(sample: Path, name: str) -> None:
    office = jobs.open_workspace(str(sample))
    kind = next(kind for kind in KINDS if kind.name == name)
    every, _ = jobs.list_at(office, kind, AT)
    first, _ = jobs.list_at(office, kind, AT, Part(most=7))
    assert first.rows == every.rows[:7]
    assert first.totals == every.totals
    assert first.more == len(every.rows) - 7
