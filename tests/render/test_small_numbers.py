"""Which numbers of slips and petitions are kept back; every case worked by hand."""

import pyarrow as pa
import pytest

from tests.render.fixtures import rulebook
from tthc_cli.render.site.small_numbers import hidden_numbers

FLAT = [("P", None), ("A", "P"), ("B", "P"), ("C", "P")]


@pytest.fixture(scope="module")
def book():
    from dataclasses import replace

    found = rulebook()
    components = tuple(replace(c, subject="petition" if c.id == "5.1" else "dossier") for c in found.components)
    return replace(found, components=components)


def figures(component="5.1", **units):
    """unit=(numerator, denominator)"""
    rows = [(unit, component, str(above), str(below)) for unit, (above, below) in units.items()]
    return pa.table(
        dict(zip(("unit", "id", "numerator", "denominator"), map(list, zip(*rows, strict=True)), strict=True))
    )


def reasons(*rows):
    names = ("unit", "component", "reason", "count", "in_denominator")
    kinds = (pa.string(), pa.string(), pa.string(), pa.int64(), pa.bool_())
    columns = zip(*rows, strict=True) if rows else [[]] * len(names)
    return pa.table({n: pa.array(list(c), k) for n, k, c in zip(names, kinds, columns, strict=True)})


def units(pairs, component="5.1"):
    return {unit for unit, one in pairs if one == component}


def test_nothing_is_hidden_where_nothing_is_small(book):
    found = hidden_numbers(book, FLAT, figures(P=(23, 40), A=(5, 10), B=(10, 20), C=(0, 10)), reasons())
    assert not found.figures and not found.reasons


@pytest.mark.parametrize("small", [(3, 4), (4, 20), (18, 20), (1, 1)])
def test_a_small_number_its_rest_and_its_whole_are_hidden(book, small):
    """4 in all; 4 in time; 2 late; 1 in all. The other two are small as well, so that nothing else is needed."""
    found = hidden_numbers(book, FLAT, figures(P=(50, 90), A=small, B=(2, 30), C=(10, 30)), reasons())
    assert units(found.figures) == {"A", "B"}


def test_nought_and_five_are_not_small(book):
    found = hidden_numbers(book, FLAT, figures(P=(10, 30), A=(0, 5), B=(5, 10), C=(5, 15)), reasons())
    assert not found.figures


def test_a_unit_hidden_alone_is_joined_by_the_smallest_beside_it(book):
    """P less B and C would give A's 3."""
    found = hidden_numbers(book, FLAT, figures(P=(17, 30), A=(3, 3), B=(10, 20), C=(0, 7)), reasons())
    assert units(found.figures) == {"A", "C"}


def test_where_none_is_beside_it_the_unit_above_is_hidden_and_so_on_up(book):
    """X is all that D has, so D is hidden; D beside E alone would be P less E, so E is hidden."""
    tree = [("P", None), ("D", "P"), ("E", "P"), ("X", "D")]
    found = hidden_numbers(book, tree, figures(P=(20, 53), D=(1, 3), E=(19, 50), X=(1, 3)), reasons())
    assert units(found.figures) == {"X", "D", "E"}


def test_a_small_reason_hides_the_counts_by_reason_and_not_the_figures(book):
    told = reasons(
        ("A", "5.3", "complained", 2, True), ("A", "5.3", "overdue", 40, True), ("B", "5.3", "overdue", 3, True),
        ("B", "5.3", "complained", 9, True), ("C", "5.3", "complained", 1, True),
    )  # fmt: skip
    found = hidden_numbers(book, FLAT, figures("5.3", P=(9, 99), A=(9, 51), B=(9, 21), C=(9, 10)), told)
    assert units(found.reasons, "5.3") == {"A", "C"} and not found.figures


def test_a_small_number_of_dossiers_is_no_secret(book):
    found = hidden_numbers(book, FLAT, figures("2.1", A=(1, 2), B=(1, 2)), reasons(("A", "2.1", "late", 1, True)))
    assert not found.reasons
