"""The draw: strata, shares, and that every dossier of a stratum is as likely as any other."""

from __future__ import annotations

import hashlib
import random

import numpy as np
import pytest

from tthc_cli.facts.inspection.sampling import allocation, chosen_strata, drawn, fewest, frame_hash

CODES = [f"H99.09-230{4 + n % 3}{1 + n % 28:02d}-{n:04d}" for n in range(41)]
SEEDS, SIZE = 2000, 9
CHI_SQUARE_40 = (16.906, 76.095)
"""Between these lie 99.9 per cent of chi-square with 40 degrees of freedom (scipy 1.17.1, chi2.ppf)."""


def test_fields_are_taken_until_they_hold_four_fifths() -> None:
    sizes = {"Đất đai": 40, "Hộ tịch": 30, "Chứng thực": 9, "Xây dựng": 8, "Bảo trợ": 13}
    assert chosen_strata(sizes) == ("Đất đai", "Hộ tịch", "Bảo trợ")  # 83 of 100
    assert chosen_strata({**sizes, "Bảo trợ": 7}) == ("Đất đai", "Hộ tịch", "Chứng thực")  # 79 of 94 = 84.04 %
    assert chosen_strata({**sizes, "Hộ tịch": 20}) == ("Đất đai", "Hộ tịch", "Bảo trợ")  # 73 of 90 = 81.1 %


def test_three_fields_at_least_where_there_are() -> None:
    assert chosen_strata({"A": 900, "B": 60, "C": 40}) == ("A", "B", "C")
    assert chosen_strata({"A": 900, "B": 60}) == ("A", "B")


def test_equal_fields_go_by_their_names_and_the_nameless_come_last() -> None:
    assert chosen_strata({"": 5, "Đê điều": 5, "Dân số": 5, "Ấn": 5}) == ("Ấn", "Dân số", "Đê điều", "")


@pytest.mark.parametrize(
    ("sizes", "size", "drawn_each"),
    [
        ([50, 30, 20], 10, (5, 3, 2)),
        ([52, 31, 17], 10, (5, 3, 2)),  # dues 5.2 3.1 1.7
        ([400, 300, 5], 30, (16, 12, 2)),  # dues 17.02 12.77 0.21: 17 + 13 + 0; 13 is 0.23 over, then 17 is 0.02 under
        ([900, 60, 1], 12, (9, 2, 1)),  # dues 11.24 0.75 0.01: 11 + 1 + 0, raised to 2 and to the 1 there is
        ([3, 2, 2], 100, (3, 2, 2)),
    ],
)
def test_shares(sizes: list[int], size: int, drawn_each: tuple[int, ...]) -> None:
    assert allocation(sizes, size) == drawn_each


def test_the_smallest_sample_is_two_a_stratum() -> None:
    assert fewest([40, 3, 1]) == 5


def test_the_rank_is_documented() -> None:
    ranked = sorted(CODES, key=lambda code: hashlib.sha256(b"2020\n" + code.encode()).hexdigest())
    assert drawn("2020", CODES, SIZE) == tuple(sorted(ranked[:SIZE]))


def test_the_order_of_files_changes_nothing() -> None:
    mixed = random.Random(5).sample(CODES, len(CODES))
    assert drawn("7", mixed, SIZE) == drawn("7", CODES, SIZE)
    assert frame_hash(dict.fromkeys(mixed, "x")) == frame_hash(dict.fromkeys(CODES, "x"))


def test_a_dossier_that_comes_or_moves_changes_the_hash_of_the_frame() -> None:
    whole = dict.fromkeys(CODES, "x")
    other = [{**whole, "H99.09-230401-9999": "x"}, {**whole, CODES[0]: "y"}]
    assert len({frame_hash(frame) for frame in (whole, *other)}) == 3


def test_every_dossier_is_as_likely_as_any_other() -> None:
    """Of SEEDS draws of SIZE of 41 each dossier is expected in SEEDS * 9 / 41, with variance SEEDS * p * (1 - p); the
    sum of 41 such squares times 40 / 41 is chi-square with 40 degrees of freedom."""
    taken = np.zeros(len(CODES))
    place = {code: at for at, code in enumerate(CODES)}
    for seed in range(SEEDS):
        found = drawn(str(seed), CODES, SIZE)
        assert len(set(found)) == SIZE
        taken[[place[code] for code in found]] += 1
    p = SIZE / len(CODES)
    statistic = ((taken - SEEDS * p) ** 2 / (SEEDS * p * (1 - p))).sum() * (len(CODES) - 1) / len(CODES)
    assert CHI_SQUARE_40[0] < statistic < CHI_SQUARE_40[1]
