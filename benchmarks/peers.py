"""The same counts by other engines: one SQL statement of DuckDB, one lazy query of Polars, plain pandas.

What no engine has built in is handed to all of them ready-made, as small tables: the work calendar (by day: end of
work, working seconds of the day and before it, working days so far), the k-th working day, the procedures with their
place in the catalogue, and the dossiers complained about. Each engine works out the facts of a dossier (named truth
values) in its own language; `CASES` then says, for all of them, which facts give which verdict.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tthc_cli.facts.codes import DAY
from tthc_cli.facts.context import Context
from tthc_cli.indicators.qd766.on_time import ORIGINS, OUTCOMES
from tthc_cli.indicators.registry import MEASURES, indicator, layout

CASES: dict[str, list[tuple[str, str]]] = {
    "1.4": [("!received", "outside"), ("synced", "synchronised"), ("", "not_synchronised")],
    "2.1": [
        ("!handled", "outside"), ("too_many", "too_many_supplements"), ("untimed", "finished_without_date"),
        ("paused", "paused_for_finance"), ("no_due", "no_due_date"), ("waiting_end", "ended_waiting"),
        ("finished early", "early"), ("finished within", "on_time"), ("finished", "late"),
        ("within", "open_within_due"), ("", "open_overdue"),
    ],
    "3.2:dossiers": [("!received_or_submitted", "outside"), ("online", "online"), ("", "not_online")],
    "3.3": [
        ("!received", "outside"), ("!online", "not_online"), ("!needs_result", "online"), ("has_result", "online"),
        ("", "no_electronic_result"),
    ],
    "3.4:dossiers": [("!received_or_submitted", "outside"), ("fee_data", "fee_data"), ("", "no_fee_data")],
    "3.5:dossiers": [("!received", "outside"), ("paid", "paid"), ("", "not_paid")],
    "3.6": [("!received", "outside"), ("!owes", "no_fee"), ("paid", "paid_online"), ("", "not_paid_online")],
    "4.1": [
        ("!received", "outside"), ("no_result_due", "returns_no_document"), ("!needs_result", "procedure_unlisted"),
        ("has_result", "electronic_result"), ("", "no_electronic_result"),
    ],
    "4.2": [
        ("!received", "outside"), ("!attached", "not_attached"), ("!needs_result", "digitised"),
        ("has_result", "digitised"), ("", "no_electronic_result"),
    ],
    "4.4": [("!received", "outside"), ("reused", "reused"), ("", "not_reused")],
    "4.5": [
        ("!received", "outside"), ("from_store", "taken_from_store"), ("stored", "result_stored"), ("", "not_shared"),
    ],
    "4.6": [("!received", "outside"), ("population", "population_data"), ("", "no_population_data")],
    "5.3": [("!handled", "outside"), ("overdue", "overdue"), ("complained", "complained"), ("", "satisfied")],
}  # fmt: skip
"""Indicator -> (facts that must hold, "!" = must not, verdict), the first that fits."""

_OUTCOME = {
    "early": "early", "on_time": "on_time", "ended_waiting": "on_time", "late": "late",
    "open_within_due": "open_within_due", "paused_for_finance": "open_within_due", "open_overdue": "open_overdue",
}  # fmt: skip

SQL_FACTS = """
d AS (
 SELECT _unit, TrangThaiHoSo AS s, NgayTiepNhan IS NULL AS undated,
  epoch_ms(NgayNopHoSo) // 1000 AS submitted, epoch_ms(NgayBoSung) // 1000 AS asked,
  epoch_ms(NgayTiepNhanBoSung) // 1000 AS completed, epoch_ms(NgayKetThucXuLy) // 1000 AS done,
  epoch_ms(NgayTra) // 1000 AS returned, epoch_ms(NgayTuChoi) // 1000 AS refused,
  epoch_ms(NgayHenTra) // 1000 AS due, epoch_ms(NgayHenTraTruoc) // 1000 AS due_before,
  epoch_ms(NgayHenTraMoi) // 1000 AS due_after,
  CASE WHEN TrangThaiHoSo <> 1 THEN epoch_ms(NgayTiepNhan) // 1000 END AS got,
  coalesce(KenhThucHien, 1) = 2 AS online, coalesce(DaDongBo = 1, false) AS synced,
  coalesce(DuongDanTepTinKetQua = 1, false) AS has_result,
  coalesce(DuocThanhToanTrucTuyen IN (1, 2), false) AS paid,
  Gia IS NOT NULL OR LoaiPhiLePhi IS NOT NULL AS fee_data, Gia,
  coalesce(HoSoCoThanhPhanSoHoa = 1, false) OR coalesce(DuocSoHoa > 0, false) AS attached,
  coalesce(DuocTaiSuDung > 0, false) AS reused, coalesce(DuocLayTuKhoDMQG > 0, false) AS from_store,
  coalesce(KetQuaDongBoKho = 1, false) AS stored,
  coalesce(TaiKhoanDuocXacThucVoiVNeID = 1, false) OR coalesce(contains(MaCSDL, 'dân cư'), false) AS population,
  coalesce(SoLanBoSung, 0) AS times_asked, coalesce(c.place, n.place, {unlisted}) AS procedure,
  coalesce(c.returns_document, n.returns_document) AS returns_document,
  coalesce(c.has_fee, n.has_fee) AS has_fee, coalesce(c.duration, n.duration) AS duration,
  k.key IS NOT NULL AS complained
 FROM {source} AS f LEFT JOIN catalogue AS c ON f.MaTTHC = c.code LEFT JOIN catalogue AS n ON f.TenTTHC = n.name
  LEFT JOIN complaints AS k ON f._key = k.key),
e AS (
 SELECT *, CASE WHEN asked > {cutoff} THEN 0 WHEN asked IS NOT NULL AND times_asked = 0 THEN 1 ELSE times_asked END
   AS requests,
  CASE WHEN s = 5 AND completed IS NULL AND (
    CASE WHEN asked > {cutoff} THEN 0 WHEN asked IS NOT NULL AND times_asked = 0 THEN 1 ELSE times_asked END) = 1
   THEN asked END AS waiting_since,
  CASE WHEN due_before IS NOT NULL THEN due_before WHEN due IS NOT NULL THEN due ELSE due_after END AS due_given,
  due_after IS NOT NULL AND (due IS NULL OR due = due_after) AND due_before IS NULL AS moved FROM d),
f AS (
 SELECT *, coalesce(done, returned, CASE WHEN s IN (3, 7, 8) AND got IS NOT NULL THEN refused END, waiting_since)
   AS ended,
  s IN (3, 7, 8, 9, 10) AND got IS NOT NULL AND done IS NULL AND returned IS NULL
   AND (refused IS NULL OR s IN (9, 10)) AND waiting_since IS NULL AS untimed FROM e),
g AS (
 SELECT *, CASE WHEN ended <= {cutoff} THEN ended END AS finish,
  CASE WHEN ended <= {cutoff} THEN ended ELSE {cutoff} END AS stood, requests >= {too_many} AS too_many FROM f),
w AS (
 SELECT *, CASE WHEN asked IS NULL THEN NULL
   WHEN completed IS NULL AND s = 5 THEN greatest(least({cutoff}, stood), asked)
   WHEN completed IS NULL THEN asked
   ELSE greatest(least(completed, stood), asked) END AS wait_end FROM g),
h AS (
 SELECT g.*, coalesce(wait_end - asked, 0) AS waited,
  stood - CASE WHEN moved THEN 0 ELSE coalesce(wait_end - asked, 0) END AS judged,
  CASE WHEN due_given IS NULL THEN late_due.end_of_day WHEN due_given % 86400 = 0 THEN due_day.end_of_day
   ELSE due_given END AS due_at,
  got >= {start} AND got <= {last} AS is_received
 FROM w AS g LEFT JOIN calendar AS due_day ON due_given // 86400 = due_day.day
  LEFT JOIN calendar AS got_day ON CASE WHEN due_given IS NULL THEN got // 86400 END = got_day.day
  LEFT JOIN working_days AS late_due ON got_day.so_far + duration = late_due.rank),
i AS (
 SELECT *, finish IS NOT NULL AS finished, coalesce(is_received, false) AS received, due_at IS NULL AS no_due,
  coalesce(got < {start}, false) AND NOT coalesce(finish < {start}, false) AND NOT untimed AS carried,
  coalesce(is_received, false) OR (undated AND coalesce(submitted >= {start} AND submitted <= {last}, false)
   AND s NOT IN (1, 3)) AS received_or_submitted,
  s = 6 AND finish IS NULL AS paused, coalesce(judged <= due_at, false) AS within,
  coalesce(judged < due_at // 86400 * 86400, false) AS early,
  coalesce(returns_document = 1, false) AS needs_result, coalesce(returns_document = 0, false) AS no_result_due,
  coalesce(Gia > 0, false) OR (Gia IS NULL AND (paid OR coalesce(has_fee = 1, false))) AS owes FROM h),
facts AS (
 SELECT *, received OR carried AS handled, finished AND finish = waiting_since AND within AS waiting_end,
  too_many OR (NOT no_due AND NOT within AND NOT paused AND NOT untimed) AS overdue,
  received AND finished AND stood - got >= waited AS timed FROM i)
"""
_PASSED = "least(greatest({t} % 86400 - 25200, 0), 16200) + least(greatest({t} % 86400 - 48600, 0), 12600)"
"""Working seconds of a whole day before a moment: office hours 7:00 to 11:30 and 13:30 to 17:00."""


@dataclass(frozen=True)
class Inputs:
    """Where the dossiers are, and the small tables."""

    files: tuple[str, ...]
    columns: tuple[str, ...]
    tables: dict[str, pa.Table]
    numbers: dict[str, int]
    """start, last, cutoff, too_many, unlisted."""
    unit_of: dict[int, int]
    """Place of a procedure -> code of DonViThoiHan."""


def prepare(files: list[Path], columns: list[str], context: Context) -> Inputs:
    """The same for every engine."""
    calendar, catalogue = context.calendar, context.catalogue
    days = np.arange(33_000)
    ends = calendar.end_of_working_day(days)
    elapsed = calendar.working_seconds_between(np.zeros_like(days), days * DAY)
    length = calendar.working_seconds_between(days * DAY, (days + 1) * DAY)
    so_far = calendar.working_days_between(np.zeros_like(days), days)
    ranks = np.arange(1, 22_000)
    nth = calendar.add_working_days(np.zeros_like(ranks), ranks)
    n = len(catalogue)
    blank = np.isnan(catalogue.duration[:n])
    tables = {
        "calendar": pa.table({"day": days, "end_of_day": ends, "elapsed": elapsed, "length": length, "so_far": so_far}),
        "working_days": pa.table({"rank": ranks, "end_of_day": calendar.end_of_working_day(nth)}),
        "catalogue": pa.table({
            "code": list(catalogue.codes), "name": list(catalogue.names), "place": np.arange(n),
            "returns_document": catalogue.returns_document[:n], "has_fee": catalogue.has_fee[:n],
            "duration": pa.array(np.nan_to_num(catalogue.duration[:n]).astype(np.int64), mask=blank),
        }),
        "complaints": pa.table({"key": context.complained}),
    }  # fmt: skip
    numbers = {
        "start": context.start, "last": min(context.end - 1, context.cutoff), "cutoff": context.cutoff,
        "too_many": context.rules.supplements_overdue, "unlisted": n,
    }  # fmt: skip
    units = {i: int(catalogue.duration_unit[i]) for i in range(n + 1)}
    return Inputs(tuple(str(f) for f in files), tuple(columns), tables, numbers, units)


def _literals(condition: str) -> list[tuple[str, bool]]:
    return [(word.removeprefix("!"), not word.startswith("!")) for word in condition.split()]


def _sql_case(indicator_id: str) -> str:
    judge = indicator(indicator_id)
    whens, default = [], 0
    for condition, reason in CASES[indicator_id]:
        if not condition:
            default = judge.index(reason)
            continue
        words = " AND ".join(name if yes else f"NOT {name}" for name, yes in _literals(condition))
        whens.append(f"WHEN {words} THEN {judge.index(reason)}")
    return f"CASE {' '.join(whens)} ELSE {default} END::UTINYINT"


def _form_tables() -> tuple[list[int], list[int]]:
    """Outcome of form II.06 by verdict of 2.1, for a dossier that has ended and for one that has not."""
    ended, still_open = [0], [0]
    for reason in indicator("2.1").reasons[1:]:
        late = reason.key == "too_many_supplements"
        told = _OUTCOME.get(reason.key)
        ended.append(OUTCOMES.index(told or ("late" if late else "on_time")))
        still_open.append(OUTCOMES.index(told or ("open_overdue" if late else "open_within_due")))
    return ended, still_open


def sql(source: str, inputs: Inputs, with_times: bool) -> str:
    """The whole count as one SQL statement."""
    numbers = inputs.numbers
    facts = SQL_FACTS.format(source=source, **numbers)
    codes = ", ".join(f'{_sql_case(i)} AS "v{i}"' for i in CASES)
    ended, still_open = _form_tables()
    outcome = "CASE " + " ".join(
        f'WHEN "v2.1" = {v} THEN ' + (f"{a}" if a == b else f"CASE WHEN finished OR untimed THEN {a} ELSE {b} END")
        for v, (a, b) in enumerate(zip(ended, still_open, strict=True))
        if v
    ) + " END"  # fmt: skip
    form = (
        f'CASE WHEN "v2.1" = 0 THEN 0 ELSE 1 + {len(OUTCOMES)} * CASE WHEN NOT received THEN 2 WHEN online THEN 0 '
        f"ELSE 1 END + {outcome} END"
    )
    assert len(ORIGINS) == 3
    counts = []
    for judge in MEASURES.judges:
        for number in range(1, len(judge.reasons)):
            column = layout()[judge.id].start + number
            counts.append(f'count(*) FILTER ("v{judge.id}" = {number}) AS "c{column}"')
    joins = times = ""
    if with_times:
        clock = "least({j}.length, {p}) + {j}.elapsed"
        moments = {"a": "got", "b": "stood", "c": "asked", "d": "wait_end"}
        a, b, c, d = (f"({clock.format(j=j, p=_PASSED.format(t=t))})" for j, t in moments.items())
        working = f"{b} - {a} - CASE WHEN waited > 0 THEN {d} - {c} ELSE 0 END"
        joins = """LEFT JOIN calendar AS a ON CASE WHEN timed THEN got // 86400 END = a.day
          LEFT JOIN calendar AS b ON CASE WHEN timed THEN stood // 86400 END = b.day
          LEFT JOIN calendar AS c ON CASE WHEN timed AND waited > 0 THEN asked // 86400 END = c.day
          LEFT JOIN calendar AS d ON CASE WHEN timed AND waited > 0 THEN wait_end // 86400 END = d.day"""
        times = f"CASE WHEN timed THEN {working} ELSE 0 END AS working, "
        times += "CASE WHEN timed THEN stood - got - waited ELSE 0 END AS past,"
        counts += ['sum(timed::INT) AS "t0"', 'sum(working) AS "t1"', 'sum(past) AS "t2"']
    return f"""
    WITH {facts}, judged AS (SELECT _unit, procedure, received, online, finished, untimed, timed, {times} {codes}
        FROM facts {joins}),
    formed AS (SELECT *, ({form})::UTINYINT AS "vII.06" FROM judged)
    SELECT _unit, procedure, {", ".join(counts)} FROM formed GROUP BY _unit, procedure"""


def count_duckdb(inputs: Inputs, threads: int, with_times: bool = True) -> pa.Table:
    """By DuckDB."""
    import duckdb

    with duckdb.connect() as connection:
        connection.execute(f"SET threads = {threads}")
        connection.execute("SET preserve_insertion_order = false")
        for name, table in inputs.tables.items():
            connection.register(name, table)
        files = ", ".join(f"'{f}'" for f in inputs.files)
        return connection.sql(sql(f"read_parquet([{files}])", inputs, with_times)).to_arrow_table()


def count_polars(inputs: Inputs, with_times: bool = True) -> pa.Table:
    """By Polars' streaming engine. The number of threads is POLARS_MAX_THREADS in the environment."""
    import polars as pl

    small = {name: pl.from_arrow(table).lazy() for name, table in inputs.tables.items()}  # type: ignore[union-attr]
    scan = pl.scan_parquet(list(inputs.files)).select(inputs.columns)
    return _polars_query(pl, scan, small, inputs, with_times).collect(engine="streaming").to_arrow()


def _polars_query(pl: Any, scan: Any, small: dict[str, Any], inputs: Inputs, with_times: bool) -> Any:
    n, c = inputs.numbers, pl.col

    def second(name: str) -> Any:
        return c(name).dt.epoch("ms") // 1000

    def true(expression: Any) -> Any:
        return expression.fill_null(False)

    text = pl.String
    listed = small["catalogue"].with_columns(code=c("code").cast(text))
    facts = scan.select(
        "_unit", c("MaTTHC").cast(text), c("TenTTHC").cast(text), "_key", "Gia", s=c("TrangThaiHoSo"),
        undated=c("NgayTiepNhan").is_null(), submitted=second("NgayNopHoSo"), asked=second("NgayBoSung"),
        completed=second("NgayTiepNhanBoSung"), done=second("NgayKetThucXuLy"), returned=second("NgayTra"),
        refused=second("NgayTuChoi"), due=second("NgayHenTra"), due_before=second("NgayHenTraTruoc"),
        due_after=second("NgayHenTraMoi"),
        got=pl.when(c("TrangThaiHoSo") != 1).then(second("NgayTiepNhan")),
        online=c("KenhThucHien").fill_null(1) == 2, synced=true(c("DaDongBo") == 1),
        has_result=true(c("DuongDanTepTinKetQua") == 1), paid=true(c("DuocThanhToanTrucTuyen").is_in([1, 2])),
        fee_data=c("Gia").is_not_null() | c("LoaiPhiLePhi").is_not_null(),
        attached=true(c("HoSoCoThanhPhanSoHoa") == 1) | true(c("DuocSoHoa") > 0),
        reused=true(c("DuocTaiSuDung") > 0), from_store=true(c("DuocLayTuKhoDMQG") > 0),
        stored=true(c("KetQuaDongBoKho") == 1),
        population=true(c("TaiKhoanDuocXacThucVoiVNeID") == 1)
        | true(c("MaCSDL").cast(text).str.contains("dân cư", literal=True)),
        times_asked=c("SoLanBoSung").fill_null(0),
    )  # fmt: skip
    kept = ("place", "returns_document", "has_fee", "duration")
    facts = facts.join(listed.select("code", *kept), left_on="MaTTHC", right_on="code", how="left").join(
        listed.select("name", *(c(k).alias(f"{k}_n") for k in kept)), left_on="TenTTHC", right_on="name", how="left"
    )
    facts = facts.with_columns(
        procedure=pl.coalesce("place", "place_n", pl.lit(n["unlisted"])),
        returns_document=pl.coalesce("returns_document", "returns_document_n"),
        has_fee=pl.coalesce("has_fee", "has_fee_n"), duration=pl.coalesce("duration", "duration_n"),
    )  # fmt: skip
    facts = facts.join(
        small["complaints"].with_columns(complained=pl.lit(True)), left_on="_key", right_on="key", how="left"
    ).with_columns(
        true(c("complained")),
        requests=pl.when(true(c("asked") > n["cutoff"])).then(0)
        .when(c("asked").is_not_null() & (c("times_asked") == 0)).then(1).otherwise(c("times_asked")),
        due_given=pl.coalesce("due_before", "due", "due_after"),
        moved=c("due_after").is_not_null() & (c("due").is_null() | true(c("due") == c("due_after")))
        & c("due_before").is_null(),
    )  # fmt: skip
    facts = facts.with_columns(
        waiting_since=pl.when((c("s") == 5) & c("completed").is_null() & (c("requests") == 1)).then(c("asked")),
    )
    ended_early = c("s").is_in([3, 7, 8]) & c("got").is_not_null()
    facts = facts.with_columns(
        ended=pl.coalesce("done", "returned", pl.when(ended_early).then(c("refused")), "waiting_since"),
        untimed=c("s").is_in([3, 7, 8, 9, 10]) & c("got").is_not_null() & c("done").is_null()
        & c("returned").is_null() & (c("refused").is_null() | c("s").is_in([9, 10])) & c("waiting_since").is_null(),
    )  # fmt: skip
    facts = facts.with_columns(
        finish=pl.when(c("ended") <= n["cutoff"]).then(c("ended")), too_many=c("requests") >= n["too_many"]
    ).with_columns(at=c("finish").fill_null(n["cutoff"]))
    until = pl.when(c("completed").is_null() & (c("s") == 5)).then(n["cutoff"]).otherwise(c("completed"))
    waited = (pl.min_horizontal(until, "at") - c("asked")).clip(lower_bound=0)
    no_wait = c("asked").is_null() | until.is_null()
    facts = facts.with_columns(waited=pl.when(no_wait).then(0).otherwise(waited))
    facts = facts.with_columns(
        judged=c("at") - pl.when(c("moved")).then(0).otherwise(c("waited")),
        due_day=c("due_given") // 86400,
        got_day=pl.when(c("due_given").is_null()).then(c("got") // 86400),
    )
    days = small["calendar"]
    facts = facts.join(days.select("day", due_end="end_of_day"), left_on="due_day", right_on="day", how="left")
    facts = facts.join(days.select("day", "so_far"), left_on="got_day", right_on="day", how="left")
    facts = facts.with_columns(rank=c("so_far") + c("duration")).join(
        small["working_days"].select("rank", computed="end_of_day"), on="rank", how="left"
    )
    facts = facts.with_columns(
        due_at=pl.when(c("due_given").is_null()).then(c("computed"))
        .when(c("due_given") % 86400 == 0).then(c("due_end")).otherwise(c("due_given")),
        received=true((c("got") >= n["start"]) & (c("got") <= n["last"])),
    )  # fmt: skip
    inside = true((c("submitted") >= n["start"]) & (c("submitted") <= n["last"]))
    facts = facts.with_columns(
        finished=c("finish").is_not_null(), no_due=c("due_at").is_null(),
        carried=true(c("got") < n["start"]) & ~true(c("finish") < n["start"]) & ~c("untimed"),
        received_or_submitted=c("received") | (c("undated") & inside & ~c("s").is_in([1, 3])),
        paused=(c("s") == 6) & c("finish").is_null(), within=true(c("judged") <= c("due_at")),
        early=true(c("judged") < c("due_at") // 86400 * 86400), needs_result=true(c("returns_document") == 1),
        no_result_due=true(c("returns_document") == 0),
        owes=true(c("Gia") > 0) | (c("Gia").is_null() & (c("paid") | true(c("has_fee") == 1))),
    )  # fmt: skip
    facts = facts.with_columns(
        handled=c("received") | c("carried"),
        waiting_end=c("finished") & true(c("finish") == c("waiting_since")) & c("within"),
        overdue=c("too_many") | (~c("no_due") & ~c("within") & ~c("paused") & ~c("untimed")),
        timed=c("received") & c("finished") & true(c("at") - c("got") >= c("waited")),
    )
    verdicts = {f"v{i}": _polars_case(pl, i) for i in CASES}
    facts = facts.with_columns(**verdicts)
    ended, still_open = _form_tables()
    by_verdict = [pl.lit(0)] * 2
    for place, table in enumerate((ended, still_open)):
        by_verdict[place] = c("v2.1").replace_strict(list(range(len(table))), table, return_dtype=pl.UInt8)
    outcome = pl.when(c("finished") | c("untimed")).then(by_verdict[0]).otherwise(by_verdict[1])
    origin = pl.when(~c("received")).then(2).when(c("online")).then(0).otherwise(1)
    form = pl.when(c("v2.1") == 0).then(0).otherwise(1 + len(OUTCOMES) * origin + outcome).cast(pl.UInt8)
    facts = facts.with_columns(form.alias("vII.06"))
    counts = []
    for judge in MEASURES.judges:
        for number in range(1, len(judge.reasons)):
            column = layout()[judge.id].start + number
            counts.append((c(f"v{judge.id}") == number).sum().alias(f"c{column}"))
    if with_times:
        facts = facts.with_columns(
            from_day=pl.when("timed").then(c("got") // 86400),
            to_day=pl.when("timed").then(c("at") // 86400),
            paused=c("timed") & (c("waited") > 0),
            wait_end=c("asked") + c("waited"),
        )
        facts = facts.with_columns(
            pause_day=pl.when("paused").then(c("asked") // 86400), go_day=pl.when("paused").then(c("wait_end") // 86400)
        )
        for day, name in (("from_day", "a"), ("to_day", "b"), ("pause_day", "c"), ("go_day", "d")):
            table = days.select("day", c("length").alias(f"{name}_length"), c("elapsed").alias(f"{name}_elapsed"))
            facts = facts.join(table, left_on=day, right_on="day", how="left")

        def clock(name: str, moment: str) -> Any:
            second = c(moment) % 86400
            passed = (second - 25200).clip(0, 16200) + (second - 48600).clip(0, 12600)
            return pl.min_horizontal(c(f"{name}_length"), passed) + c(f"{name}_elapsed")

        pause = pl.when("paused").then(clock("d", "wait_end") - clock("c", "asked")).otherwise(0)
        working = pl.when("timed").then(clock("b", "at") - clock("a", "got") - pause).otherwise(0)
        past = pl.when("timed").then(c("at") - c("got") - c("waited")).otherwise(0)
        counts += [c("timed").sum().alias("t0"), working.sum().alias("t1"), past.sum().alias("t2")]
    return facts.group_by("_unit", "procedure").agg(counts)


def _polars_case(pl: Any, indicator_id: str) -> Any:
    judge = indicator(indicator_id)
    chain: Any = pl
    default = 0
    for condition, reason in CASES[indicator_id]:
        if not condition:
            default = judge.index(reason)
            continue
        holds = None
        for name, yes in _literals(condition):
            one = pl.col(name) if yes else ~pl.col(name)
            holds = one if holds is None else holds & one
        chain = chain.when(holds).then(pl.lit(judge.index(reason), pl.UInt8))
    return chain.otherwise(pl.lit(default, pl.UInt8))


def canonical(table: pa.Table, inputs: Inputs, with_times: bool = True) -> dict[tuple[str, int], npt.NDArray[np.int64]]:
    """(unit, procedure) -> counts as `registry.layout` lays them out, of an engine's answer."""
    counts = np.zeros((table.num_rows, MEASURES.width), np.int64)
    for name in table.column_names:
        if name.startswith("c"):
            counts[:, int(name[1:])] = table[name].to_numpy()
    procedure = table["procedure"].to_numpy()
    if with_times:
        finished, working, past = (table[f"t{i}"].cast(pa.int64()).to_numpy() for i in range(3))
        calendar_days = np.isin([inputs.unit_of[int(p)] for p in procedure], (2, 4))
        counts[:, layout()["2.2"]] = np.stack([finished, working, np.where(calendar_days, past, working)], axis=1)
    units = table["_unit"].cast(pa.string()).to_pylist()
    return {(u or "", int(p)): row for u, p, row in zip(units, procedure, counts, strict=True) if row.any()}


def count_pandas(inputs: Inputs) -> pa.Table:
    """By pandas, the plain way: everything in memory, a column at a time."""
    import pandas as pd

    numbers = inputs.numbers
    small = {name: table.to_pandas() for name, table in inputs.tables.items()}
    df = pd.concat([pd.read_parquet(f, columns=list(inputs.columns)) for f in inputs.files], ignore_index=True)

    def second(name: str) -> Any:
        return df[name].astype("datetime64[s]").astype("int64").where(df[name].notna()).astype("Int64")

    s, c = df["TrangThaiHoSo"], numbers["cutoff"]
    listed = small["catalogue"]
    of_code = listed.set_index("code").reindex(df["MaTTHC"].astype(object)).reset_index(drop=True)
    of_name = listed.drop(columns="code").set_index("name").reindex(df["TenTTHC"].astype(object)).reset_index(drop=True)
    procedure = of_code.drop(columns="name").combine_first(of_name)
    got = second("NgayTiepNhan").where(s != 1)
    asked, completed = second("NgayBoSung"), second("NgayTiepNhanBoSung")
    done, returned, refused = second("NgayKetThucXuLy"), second("NgayTra"), second("NgayTuChoi")
    due, before, after = second("NgayHenTra"), second("NgayHenTraTruoc"), second("NgayHenTraMoi")
    times_asked = df["SoLanBoSung"].fillna(0).astype("int64")
    requests = times_asked.mask(asked.notna() & (times_asked == 0), 1).mask((asked > c).fillna(False), 0)
    since = asked.where((s == 5) & completed.isna() & (requests == 1))
    early_end = s.isin([3, 7, 8]) & got.notna()
    ended = done.fillna(returned).fillna(refused.where(early_end)).fillna(since)
    untimed = s.isin([3, 7, 8, 9, 10]) & got.notna() & done.isna() & returned.isna() & since.isna()
    untimed &= refused.isna() | s.isin([9, 10])
    finish = ended.where(ended <= c)
    at = finish.fillna(c)
    until = completed.mask(completed.isna() & (s == 5), c)
    until = until.where(until < at, at).where(until.notna())
    moved = after.notna() & (due.isna() | (due == after).fillna(False)) & before.isna()
    waited = (until - asked).clip(lower=0).fillna(0)
    judged = at - waited.mask(moved, 0)
    due_given = before.fillna(due).fillna(after)
    calendar = small["calendar"].set_index("day")
    day_end = (due_given // 86400).map(calendar["end_of_day"])
    rank = (got // 86400).map(calendar["so_far"]) + procedure["duration"]
    computed = rank.map(small["working_days"].set_index("rank")["end_of_day"])
    due_at = due_given.mask((due_given % 86400 == 0).fillna(False), day_end).fillna(computed)
    received = ((got >= numbers["start"]) & (got <= numbers["last"])).fillna(False)
    submitted = second("NgayNopHoSo")
    inside = ((submitted >= numbers["start"]) & (submitted <= numbers["last"])).fillna(False)
    finished = finish.notna()
    carried = (got < numbers["start"]).fillna(False) & ~(finish < numbers["start"]).fillna(False) & ~untimed
    within = (judged <= due_at).fillna(False)
    paid = df["DuocThanhToanTrucTuyen"].isin([1, 2])
    paused = (s == 6) & ~finished
    too_many = requests >= numbers["too_many"]
    facts = {
        "received": received,
        "received_or_submitted": received | (df["NgayTiepNhan"].isna() & inside & ~s.isin([1, 3])),
        "handled": received | carried, "too_many": too_many, "untimed": untimed, "paused": paused,
        "no_due": due_at.isna(), "finished": finished, "within": within,
        "waiting_end": finished & (finish == since).fillna(False) & within,
        "early": (judged < due_at // 86400 * 86400).fillna(False), "online": df["KenhThucHien"].fillna(1) == 2,
        "synced": df["DaDongBo"] == 1, "has_result": df["DuongDanTepTinKetQua"] == 1, "paid": paid,
        "fee_data": df["Gia"].notna() | df["LoaiPhiLePhi"].notna(),
        "needs_result": procedure["returns_document"] == 1, "no_result_due": procedure["returns_document"] == 0,
        "owes": (df["Gia"] > 0) | (df["Gia"].isna() & (paid | (procedure["has_fee"] == 1))),
        "attached": (df["HoSoCoThanhPhanSoHoa"] == 1) | (df["DuocSoHoa"] > 0), "reused": df["DuocTaiSuDung"] > 0,
        "from_store": df["DuocLayTuKhoDMQG"] > 0, "stored": df["KetQuaDongBoKho"] == 1,
        "population": (df["TaiKhoanDuocXacThucVoiVNeID"] == 1)
        | df["MaCSDL"].astype(object).str.contains("dân cư", regex=False).fillna(False).astype(bool),
        "complained": df["_key"].isin(small["complaints"]["key"]),
        "overdue": too_many | (due_at.notna() & ~within & ~paused & ~untimed),
    }  # fmt: skip
    known = {name: np.asarray(mask.fillna(False), np.bool_) for name, mask in facts.items()}
    columns: dict[str, Any] = {"_unit": df["_unit"], "procedure": procedure["place"].fillna(numbers["unlisted"])}
    verdicts = {i: _pandas_case(known, i) for i in CASES}
    ended_table, open_table = (np.array(t) for t in _form_tables())
    on_time = verdicts["2.1"]
    outcome = np.where(known["finished"] | known["untimed"], ended_table[on_time], open_table[on_time])
    origin = np.where(known["received"], np.where(known["online"], 0, 1), 2)
    verdicts["II.06"] = np.where(on_time == 0, 0, 1 + len(OUTCOMES) * origin + outcome)
    for judge in MEASURES.judges:
        for number in range(1, len(judge.reasons)):
            columns[f"c{layout()[judge.id].start + number}"] = verdicts[judge.id] == number
    timed = known["received"] & known["finished"] & np.asarray((at - got >= waited).fillna(False), np.bool_)

    def clock(moment: Any) -> npt.NDArray[np.int64]:
        moment = moment.where(timed).fillna(0).astype("int64").to_numpy()
        day, second = moment // 86400, moment % 86400
        passed = np.clip(second - 25200, 0, 16200) + np.clip(second - 48600, 0, 12600)
        return np.asarray(np.minimum(calendar["length"].to_numpy()[day], passed) + calendar["elapsed"].to_numpy()[day])

    past = (at - got - waited).where(timed).fillna(0).astype("int64")
    pause = np.where(waited > 0, clock(asked + waited) - clock(asked), 0)
    columns |= {"t0": timed, "t1": np.where(timed, clock(at) - clock(got) - pause, 0), "t2": past}
    counts = pd.DataFrame(columns).groupby(["_unit", "procedure"], observed=True).sum().reset_index()
    return pa.Table.from_pandas(counts.astype({"procedure": "int64"}), preserve_index=False)


def _pandas_case(known: dict[str, npt.NDArray[np.bool_]], indicator_id: str) -> npt.NDArray[np.int64]:
    judge = indicator(indicator_id)
    conditions, codes, default = [], [], 0
    for condition, reason in CASES[indicator_id]:
        if not condition:
            default = judge.index(reason)
            continue
        masks = [known[name] if yes else ~known[name] for name, yes in _literals(condition)]
        conditions.append(np.logical_and.reduce(masks))
        codes.append(judge.index(reason))
    return np.asarray(np.select(conditions, codes, default))
