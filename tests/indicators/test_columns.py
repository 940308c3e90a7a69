"""Edits of arrays that the pass over the data stands on."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from tthc_cli.facts.columns import NAT, Column, lengthen, numbered, replaced
from tthc_cli.facts.hash_set import HashSet


@pytest.mark.parametrize("dtype", [np.int8, np.int32, np.int64])
@pytest.mark.parametrize("every", [2, 100])
def test_few_and_many_values_are_replaced_alike(dtype: type, every: int) -> None:
    values = np.arange(200).astype(dtype)
    out = replaced(values, np.arange(200) % every == 0, -1)
    assert out.dtype == dtype
    assert out.tolist() == [-1 if i % every == 0 else int(v) for i, v in enumerate(values)]
    assert values[0] == 0


def test_nothing_to_replace_gives_the_same_array() -> None:
    values = np.arange(4)
    assert replaced(values, np.zeros(4, np.bool_), 9) is values


def test_new_places_are_numbered_once_and_keep_their_number() -> None:
    table = np.full(6, -1, np.int32)
    found, used = numbered(table, np.array([4, 1, 4]), 0)
    assert found[0] == found[2] != found[1]
    assert (sorted(set(found.tolist())), used) == ([0, 1], 2)
    again, used = numbered(table, np.array([1, 5, 4]), used)
    assert (again.tolist(), used) == ([found[1], 2, found[0]], 3)


def test_an_array_is_lengthened_in_place() -> None:
    values = np.arange(6, dtype=np.int32).reshape(3, 2).copy()
    lengthen(values, 3, 7)
    assert len(values) == 3
    lengthen(values, 5, 7)
    assert values[:5].tolist() == [[0, 1], [2, 3], [4, 5], [7, 7], [7, 7]]


def test_a_set_of_hashes_finds_its_own_and_no_other() -> None:
    rng = np.random.default_rng(1)
    inside, outside = rng.integers(0, 2**64, (2, 5_000), np.uint64)
    asked = np.concatenate([outside, inside[:10]])
    assert HashSet(np.unique(inside)).rows(asked).tolist() == list(range(5_000, 5_010))


def test_a_column_that_was_not_read_is_blank() -> None:
    column = Column(pa.nulls(3))
    assert column.numbers(-1).tolist() == [-1, -1, -1]
    assert column.seconds.tolist() == [NAT] * 3
    assert (column.known.tolist(), column.known_rows.tolist()) == ([False] * 3, [])


def test_a_part_of_a_column_knows_its_own_blanks() -> None:
    times = pa.array([1_000, None, 3_000, None], pa.timestamp("ms"))
    part = Column(times).part(1, 3)
    assert part.seconds.tolist() == [NAT, 3]
    assert part.known_rows.tolist() == [1]
