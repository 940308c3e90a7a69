"""The other engines of `benchmarks/score.py` count what `tthc` counts, so that their times may be compared."""

from __future__ import annotations

import warnings
from dataclasses import replace
from importlib import import_module

import pytest
from benchmarks import peers
from benchmarks.generated import Size, make_warehouse, run_of
from benchmarks.peers.answer import Answer
from benchmarks.peers.inputs import Inputs

from tthc_cli.counting.dossier_pass import chunk_columns, count_dossiers
from tthc_cli.facts.context import Context
from tthc_cli.indicators.registry import MEASURES
from tthc_cli.storage.warehouse import Warehouse

SIZE = Size(40_000, departments=3, communes=9, shared_procedures=30, own_procedures=70)
ENGINES = {
    "duckdb": lambda inputs: peers.count_duckdb(inputs, 1),
    "polars": peers.count_polars,
    "pandas": peers.count_pandas,
}
COUNTING_APPOINTMENTS = {"2.1 new_appointment_kept", "2.1 open_new_appointment"}
"""Verdicts of the rule that new appointments count as due, which the law's reading does not take."""


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> tuple[Warehouse, Context]:
    warehouse = make_warehouse(tmp_path_factory.mktemp("peers"), SIZE)
    return warehouse, run_of(warehouse.root, "2023").context


def _inputs(warehouse: Warehouse, context: Context) -> Inputs:
    return peers.prepare([warehouse.path(p) for p in warehouse.partitions("dossiers")], chunk_columns(context), context)


def _own(warehouse: Warehouse, context: Context) -> Answer:
    return peers.own_counts(count_dossiers(warehouse, context, MEASURES, 1))


def _by_other_rules(context: Context) -> Context:
    rules = replace(context.rules, appointment_counts=True, boundary_free_from=0)
    return replace(context, rules=rules)


def _compared(engine: str, warehouse: Warehouse, context: Context) -> dict[str, int]:
    if engine != "pandas":
        try:
            import_module(engine)
        except ModuleNotFoundError:
            warnings.warn(
                f"NOT TESTED: counts by {engine}; install the extra: pip install 'tthc-cli[bench]'", stacklevel=1
            )
            pytest.skip(f"{engine} is not installed (extra: bench)")
    inputs = _inputs(warehouse, context)
    return peers.difference(_own(warehouse, context), peers.canonical(ENGINES[engine](inputs), inputs))


def test_the_generated_province_knows_every_verdict(province: tuple[Warehouse, Context]) -> None:
    never = {name for name, n in peers.totals(_own(*province)).items() if not n and not name.endswith(" outside")}
    assert never == COUNTING_APPOINTMENTS


def test_it_knows_those_of_other_rules_too(province: tuple[Warehouse, Context]) -> None:
    warehouse, context = province
    totals = peers.totals(_own(warehouse, _by_other_rules(context)))
    assert {name for name in COUNTING_APPOINTMENTS if not totals[name]} == set()


@pytest.mark.parametrize("engine", ENGINES)
def test_every_engine_counts_what_is_counted_here(engine: str, province: tuple[Warehouse, Context]) -> None:
    assert _compared(engine, *province) == {}


@pytest.mark.parametrize("engine", ENGINES)
def test_every_engine_knows_the_rules_that_a_rulebook_may_change(
    engine: str, province: tuple[Warehouse, Context]
) -> None:
    warehouse, context = province
    assert _compared(engine, warehouse, _by_other_rules(context)) == {}


def test_rules_that_the_engines_do_not_know_are_refused(province: tuple[Warehouse, Context]) -> None:
    warehouse, context = province
    with pytest.raises(ValueError, match="the law's reading"):
        _inputs(warehouse, replace(context, rules=replace(context.rules, restarts=True)))
