"""By DuckDB: typed rows in a table of its own, from which every month is written in order."""

from __future__ import annotations

from pathlib import Path

from tthc_cli.schema import Column

from .asked import (
    DATES,
    ENDED,
    FIRST_DAY,
    KEY,
    LAST_DAY,
    ORDER,
    RECEIVED,
    ROW_BEFORE,
    STATUS,
    Asked,
    asked_of,
    hashed_beside,
    sha256,
    unknown,
)


def ingest_duckdb(path: Path, work: Path) -> int:
    """Rows that stand."""
    import duckdb

    asked = asked_of(path)
    with hashed_beside(path), duckdb.connect() as connection:
        connection.execute(_typed(path, asked))
        connection.execute(_fallen(asked))
        months = [month for (month,) in connection.execute("SELECT DISTINCT month FROM typed ORDER BY 1").fetchall()]
        rows = 0
        for month in months:
            out = work / f"{month}.parquet"
            stored = (
                f"SELECT * EXCLUDE (month) FROM typed WHERE month = '{month}' "
                f"AND _row NOT IN (SELECT _row FROM fallen) ORDER BY {', '.join(f'{c} NULLS LAST' for c in ORDER)}"
            )
            done = connection.execute(f"COPY ({stored}) TO '{out}' (FORMAT parquet, COMPRESSION zstd)").fetchone()
            rows += done[0] if done else 0
            sha256(out)
    return rows


def _typed(path: Path, asked: Asked) -> str:
    texts = ", ".join(f"'{name}': 'VARCHAR'" for name in asked.header)
    dates = ", ".join(f"try_strptime({d}, {list(DATES)}) AS {d}_at" for d in asked.dates)
    bad = [
        f"({d} IS NOT NULL AND ({d}_at IS NULL OR {d}_at < '{FIRST_DAY}' OR {d}_at >= DATE '{LAST_DAY}' + 1))"
        for d in asked.dates
    ]
    bad += [f"coalesce({d}_at::DATE < {RECEIVED}_at::DATE, false)" for d in ENDED if d in asked.dates]
    return f"""CREATE TEMP TABLE typed AS
        SELECT {", ".join(_value(c) for c in asked.columns)}, hash({KEY}) AS _key, _row,
            coalesce(nullif(trim(DonViXuLy), ''), regexp_replace({KEY}, '-.*', '')) AS _unit,
            coalesce(strftime({RECEIVED}_at, '%Y-%m'), 'none') AS month
        FROM (SELECT *, row_number() OVER () + {ROW_BEFORE} AS _row, {dates}
            FROM read_csv('{path}', columns={{{texts}}}, header=true, auto_detect=false, delim=',', quote='"'))
        WHERE trim({KEY}) <> '' AND NOT ({" OR ".join(bad)})"""


def _value(column: Column) -> str:
    name = column.name
    if column.type == "timestamp":
        return f"{name}_at::TIMESTAMP_MS AS {name}"
    if column.type == "presence":
        return f"({name} IS NOT NULL)::TINYINT AS {name}"
    if column.type == "enum":
        other = unknown(column)
        number, known = f"TRY_CAST({name} AS TINYINT)", ", ".join(map(str, column.codes))
        return (
            f"CASE WHEN {name} IS NULL THEN NULL WHEN {number} IN ({known}) THEN {number} "
            f"ELSE {'NULL' if other is None else other} END::TINYINT AS {name}"
        )
    if column.type in ("flag", "count"):
        kind = "TINYINT" if column.type == "flag" else "INTEGER"
        return f"greatest(coalesce(TRY_CAST({name} AS {kind}), 0), 0) AS {name}"
    if column.type == "amount":
        return f"TRY_CAST({name} AS BIGINT) AS {name}"
    return f"nullif(trim({name}), '') AS {name}"


def _fallen(asked: Asked) -> str:
    """Only rows whose key occurs again are compared."""
    status = f"coalesce({STATUS}, -1) DESC," if STATUS in asked.header else ""
    return f"""CREATE TEMP TABLE fallen AS SELECT _row FROM (
        SELECT _row, row_number() OVER (PARTITION BY {KEY}
            ORDER BY {status} greatest({", ".join(asked.events)}) DESC NULLS LAST, _row DESC) AS place
        FROM typed SEMI JOIN (SELECT _key FROM typed GROUP BY _key HAVING count(*) > 1) USING (_key))
        WHERE place > 1"""
