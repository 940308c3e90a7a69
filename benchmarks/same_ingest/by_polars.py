"""By Polars: one lazy query for the typed rows, from which every month is sorted and written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

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

if TYPE_CHECKING:
    import polars as pl


def ingest_polars(path: Path, work: Path) -> int:
    """Rows that stand."""
    import polars as pl

    asked = asked_of(path)
    with hashed_beside(path):
        typed = _typed(path, asked).collect(engine="streaming")
        fallen = _fallen(typed, asked)
        if len(fallen):
            typed = typed.filter(~pl.col("_row").is_in(fallen.implode()))
        months = typed.partition_by("month", as_dict=True, include_key=False)
        rows = len(typed)
        del typed
        for key in list(months):
            out = work / f"{key[0]}.parquet"
            months.pop(key).sort(ORDER, nulls_last=True).write_parquet(out, compression="zstd")
            sha256(out)
    return rows


def _typed(path: Path, asked: Asked) -> pl.LazyFrame:
    import polars as pl

    texts = pl.scan_csv(path, infer_schema=False, row_index_name="_row", row_index_offset=1 + ROW_BEFORE)
    read = texts.select("_row", *(c.name for c in asked.columns)).with_columns(
        _time(d).alias(f"{d}_at") for d in asked.dates
    )
    first, last = (pl.lit(day).str.to_datetime("%Y-%m-%d", time_unit="ms") for day in (FIRST_DAY, LAST_DAY))
    good = pl.col(KEY).str.strip_chars() != ""
    for name in asked.dates:
        at = pl.col(f"{name}_at")
        good &= pl.col(name).is_null() | at.is_between(first, last.dt.offset_by("1d"), closed="left").fill_null(False)
    for name in ENDED:
        if name in asked.dates:
            good &= ~(pl.col(f"{name}_at").dt.date() < pl.col(f"{RECEIVED}_at").dt.date()).fill_null(False)
    return read.filter(good).select(
        "_row",
        *(_value(c).alias(c.name) for c in asked.columns),
        pl.col(KEY).hash().alias("_key"),
        pl.coalesce(_text("DonViXuLy"), pl.col(KEY).str.replace("-.*", "")).alias("_unit"),
        pl.col(f"{RECEIVED}_at").dt.strftime("%Y-%m").fill_null("none").alias("month"),
    )


def _time(name: str) -> pl.Expr:
    import polars as pl

    return pl.coalesce(pl.col(name).str.strptime(pl.Datetime("ms"), form, strict=False) for form in DATES)


def _text(name: str) -> pl.Expr:
    import polars as pl

    stripped = pl.col(name).str.strip_chars()
    return pl.when(stripped != "").then(stripped)


def _value(column: Column) -> pl.Expr:
    import polars as pl

    given = pl.col(column.name)
    kinds: dict[str, Any] = {"flag": pl.Int8, "count": pl.Int32, "amount": pl.Int64}
    if column.type == "timestamp":
        return pl.col(f"{column.name}_at")
    if column.type == "presence":
        return given.is_not_null().cast(pl.Int8)
    if column.type == "enum":
        number = given.cast(pl.Int8, strict=False)
        known = pl.when(number.is_in(list(column.codes))).then(number).otherwise(pl.lit(unknown(column), pl.Int8))
        return pl.when(given.is_not_null()).then(known)
    if column.type in kinds:
        number = given.cast(kinds[column.type], strict=False)
        return number if column.type == "amount" else number.fill_null(0).clip(lower_bound=0)
    return _text(column.name)


def _fallen(typed: pl.DataFrame, asked: Asked) -> pl.Series:
    """Only rows whose key occurs again are compared."""
    import polars as pl

    again = typed.lazy().group_by("_key").len().filter(pl.col("len") > 1)
    few = (
        typed.lazy()
        .select("_row", "_key", KEY, *({STATUS} & {*asked.header}), *asked.events)
        .join(again, on="_key", how="semi")
    )
    status = [pl.col(STATUS).fill_null(-1)] if STATUS in asked.header else []
    ranks = [*status, pl.max_horizontal(asked.events), pl.col("_row")]
    ordered = few.sort(ranks, nulls_last=False)
    return ordered.select(
        pl.col("_row").filter(pl.col(KEY).is_duplicated() & (pl.int_range(pl.len()).over(KEY) < pl.len().over(KEY) - 1))
    ).collect()["_row"]
