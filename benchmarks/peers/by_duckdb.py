"""By DuckDB: one SQL statement, `by_duckdb.sql`, and two macros for the working clock."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from tthc_cli.indicators.qd766.on_time import ORIGINS, OUTCOMES

from .answer import wanted
from .cases import CASES, FIRST, IN_TIME_UNTOLD, OVERDUE, TOLD, coded, form_outcomes, in_time_codes
from .inputs import AFTERNOON, AFTERNOON_SECONDS, MORNING, MORNING_SECONDS, Inputs

_STATEMENT = Path(__file__).with_suffix(".sql")
_MACROS = (
    f"""CREATE MACRO clock(t, elapsed, length) AS elapsed + least(length,
        least(greatest(t % 86400 - {MORNING}, 0), {MORNING_SECONDS})
        + least(greatest(t % 86400 - {AFTERNOON}, 0), {AFTERNOON_SECONDS}))""",
    f"""CREATE MACRO second_of_day(worked) AS CASE WHEN worked <= {MORNING_SECONDS} THEN {MORNING} + worked
        ELSE {AFTERNOON - MORNING_SECONDS} + worked END""",
)


def _case(indicator_id: str) -> str:
    cases, otherwise = coded(indicator_id)
    whens = (
        f"WHEN {' AND '.join(name if holds else f'NOT {name}' for name, holds in facts)} THEN {code}"
        for facts, code in cases
    )
    return f"CASE {' '.join(whens)} ELSE {otherwise} END::UTINYINT"


def _form() -> str:
    """The cell of form II.06."""
    outcomes = [
        " ".join(f"WHEN {verdict} THEN {place}" for verdict, place in enumerate(table)) for table in form_outcomes()
    ]
    ended, still_open = (f'CASE "v{FIRST}" {whens} END' for whens in outcomes)
    places = {name: place for place, name in enumerate(ORIGINS)}
    origin = (
        f"CASE WHEN NOT received THEN {places['carried']} WHEN online THEN {places['online']} "
        f"ELSE {places['direct']} END"
    )
    cell = f"1 + {len(OUTCOMES)} * {origin} + CASE WHEN ended THEN {ended} ELSE {still_open} END"
    return f'CASE WHEN "v{FIRST}" = 0 THEN 0 ELSE {cell} END'


def statement(source: str, inputs: Inputs) -> str:
    """The whole count as one SQL statement."""
    return _STATEMENT.read_text(encoding="utf-8").format(
        source=source,
        told=", ".join(f"coalesce({fact}, false) AS {fact}" for fact in TOLD),
        in_time=_case(FIRST),
        overdue=", ".join(map(str, in_time_codes(OVERDUE))),
        untold=", ".join(map(str, in_time_codes(IN_TIME_UNTOLD))),
        verdicts=", ".join(f'{_case(i)} AS "v{i}"' for i in CASES if i != FIRST),
        form=_form(),
        counts=", ".join(f'count(*) FILTER ("v{i}" = {number}) AS {name}' for i, number, name in wanted()),
        **inputs.numbers,
    )


def count_duckdb(inputs: Inputs, threads: int) -> pa.Table:
    """By DuckDB."""
    import duckdb

    with duckdb.connect() as connection:
        connection.execute(f"SET threads = {threads}")
        connection.execute("SET preserve_insertion_order = false")
        for macro in _MACROS:
            connection.execute(macro)
        for name, table in inputs.tables.items():
            connection.register(name, table)
        files = ", ".join(f"'{f}'" for f in inputs.files)
        return connection.sql(statement(f"read_parquet([{files}])", inputs)).to_arrow_table()
