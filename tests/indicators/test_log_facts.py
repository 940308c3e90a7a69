"""Facts of the process log that the cases of tests/cases/2.1_on_time/process_log.yaml do not show."""

from __future__ import annotations

import numpy as np

from tthc_cli.facts.codes import NEVER
from tthc_cli.facts.columns import NAT
from tthc_cli.facts.process_log import LogMonth, summarise_log

HOUR = 3600


def summary(rows: list[tuple[int, int, int, int]], cutoff: int = 1000 * HOUR):  # type: ignore[no-untyped-def]
    """Rows: (dossier, hour, status, hour the step was due; -1 = not given)."""
    keys, hours, status, due = (np.array(column) for column in zip(*rows, strict=True))
    step_due = np.where(due < 0, NAT, due * HOUR)
    return summarise_log(keys.astype(np.uint64), hours * HOUR, status, step_due, cutoff)


def waits(found: LogMonth) -> list[tuple[int, int, bool]]:
    """(begin, end, not closed by a step) in hours; -1 for an open end."""
    told = found.facts.waits
    ends = np.where(told.end == NEVER, -1, told.end // HOUR).tolist()
    return list(zip((told.begin // HOUR).tolist(), ends, told.unclosed.tolist(), strict=True))


def test_row_order_changes_nothing() -> None:
    rows = [(7, 1, 2, -1), (7, 5, 5, -1), (7, 9, 4, -1), (7, 12, 9, -1), (3, 2, 2, -1), (3, 4, 9, -1)]
    one, other = summary(rows), summary(rows[::-1])
    assert list(one.keys) == list(other.keys) == [3, 7]
    assert list(one.facts.finished_at) == list(other.facts.finished_at) == [4 * HOUR, 12 * HOUR]
    assert waits(one) == waits(other) == [(5, 9, False)]


def test_late_steps_are_counted_even_when_the_dossier_is_on_time() -> None:
    found = summary([(1, 1, 2, 2), (1, 5, 4, 3), (1, 8, 9, 8)])
    assert list(found.facts.late_steps) == [1]


def test_a_dossier_handled_again_finishes_at_the_last_handling() -> None:
    found = summary([(1, 1, 2, -1), (1, 5, 9, -1), (1, 7, 4, -1), (1, 9, 9, -1), (1, 11, 10, -1)])
    assert list(found.facts.finished_at) == [9 * HOUR]


def test_stopped_and_taken_up_again_is_not_finished() -> None:
    found = summary([(1, 1, 2, -1), (1, 5, 8, -1), (1, 7, 4, -1)])
    assert list(found.facts.finished_at) == [NAT]
    assert waits(found) == []


def test_a_wait_is_closed_by_a_step_and_not_by_the_finish() -> None:
    assert waits(summary([(1, 1, 2, -1), (1, 5, 5, -1), (1, 9, 9, -1)])) == [(5, 9, True)]
    assert waits(summary([(1, 1, 2, -1), (1, 5, 5, -1)])) == [(5, -1, True)]
    assert waits(summary([(1, 1, 2, -1), (1, 5, 5, -1), (1, 60, 4, -1)], cutoff=40 * HOUR)) == [(5, 60, False)]


def test_rows_after_the_cutoff_are_not_seen() -> None:
    found = summary([(1, 1, 2, -1), (1, 50, 9, -1), (2, 60, 2, -1)], cutoff=40 * HOUR)
    assert list(found.facts.present) == [True, False]
    assert list(found.facts.goes_on) == [True, True]
    assert list(found.facts.finished_at) == [NAT, NAT]


def test_an_empty_log() -> None:
    none = np.zeros(0, np.int64)
    assert not len(summarise_log(none.astype(np.uint64), none, none, none, 0).keys)
