"""By Polars' streaming engine: one lazy query. The number of threads is POLARS_MAX_THREADS in the environment."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from tthc_cli.indicators.qd766.on_time import ORIGINS, OUTCOMES

from .answer import wanted
from .cases import CASES, FIRST, IN_TIME_UNTOLD, OVERDUE, TOLD, coded, form_outcomes, in_time_codes
from .inputs import AFTERNOON, AFTERNOON_SECONDS, DAY_SECONDS, MORNING, MORNING_SECONDS, Inputs

DAY = 86_400


def count_polars(inputs: Inputs) -> pa.Table:
    """By Polars."""
    import polars as pl

    small = {name: pl.from_arrow(table).lazy() for name, table in inputs.tables.items()}  # type: ignore[union-attr]
    facts = _stored(pl, pl.scan_parquet(list(inputs.files)).select(inputs.columns))
    facts = _looked_up(pl, facts, small, inputs.numbers)
    facts = _handling(pl, facts, inputs.numbers)
    facts = _due(pl, facts, small, inputs.numbers)
    facts = _known(pl, facts, inputs.numbers)
    return _counted(pl, _judged(pl, facts), small).collect(engine="streaming").to_arrow()


def _true(expression: Any) -> Any:
    return expression.fill_null(False)


def _stored(pl: Any, scan: Any) -> Any:
    """The columns of the dossiers, as seconds and truths."""
    c, text = pl.col, pl.String

    def second(name: str) -> Any:
        return c(name).dt.epoch("ms") // 1000

    return scan.select(
        "_unit", "_key", c("_source").cast(text), c("MaTTHC").cast(text), c("TenTTHC").cast(text),
        s=c("TrangThaiHoSo").fill_null(-1), undated=c("NgayTiepNhan").is_null(), submitted=second("NgayNopHoSo"),
        asked=second("NgayBoSung"), completed=second("NgayTiepNhanBoSung"), done=second("NgayKetThucXuLy"),
        returned=second("NgayTra"), refused=second("NgayTuChoi"), due=second("NgayHenTra"),
        due_before=second("NgayHenTraTruoc"), due_after=second("NgayHenTraMoi"),
        competent=second("NgayCoQuanThamQuyenNhan"), abroad=_true(c("PhiDiaGioi") == 1), dated=second("NgayTiepNhan"),
        online=_true(c("KenhThucHien") == 2), channel_blank=c("KenhThucHien").is_null(),
        channel_unknown=_true(c("KenhThucHien") == 0), synced=_true(c("DaDongBo") == 1),
        has_result=_true(c("DuongDanTepTinKetQua") == 1), paid=_true(c("DuocThanhToanTrucTuyen").is_in([1, 2])),
        charges=_true(c("Gia") > 0), unpriced=c("Gia").is_null(),
        attached=_true(c("HoSoCoThanhPhanSoHoa") == 1) | _true(c("DuocSoHoa") > 0),
        reused=_true(c("DuocTaiSuDung") > 0), from_store=_true(c("DuocLayTuKhoDMQG") > 0),
        stored=_true(c("KetQuaDongBoKho") == 1),
        population=_true(c("TaiKhoanDuocXacThucVoiVNeID") == 1)
        | _true(c("MaCSDL").cast(text).str.contains("dân cư", literal=True)),
        times_asked=c("SoLanBoSung").fill_null(0),
    ).with_columns(got=pl.when(c("s") != 1).then(c("dated")))  # fmt: skip


def _looked_up(pl: Any, facts: Any, small: dict[str, Any], n: dict[str, int]) -> Any:
    """With the procedure, the complaints and the columns of the file."""
    c = pl.col
    kept = ("place", "returns_document", "has_fee", "duration")
    facts = facts.join(small["catalogue"].select("code", *kept), left_on="MaTTHC", right_on="code", how="left")
    by_name = small["catalogue"].select("name", *(c(k).alias(f"{k}_n") for k in kept))
    facts = facts.join(by_name, left_on="TenTTHC", right_on="name", how="left")
    facts = facts.with_columns(pl.coalesce(k, f"{k}_n").alias(k) for k in kept)
    facts = facts.with_columns(procedure=c("place").fill_null(n["unlisted"]))
    complaints = small["complaints"].with_columns(complained=pl.lit(True))
    facts = facts.join(complaints, left_on="_key", right_on="key", how="left")
    facts = facts.join(small["sources"], left_on="_source", right_on="source", how="left")
    return facts.with_columns(_true(c(name)) for name in ("complained", *TOLD))


def _handling(pl: Any, facts: Any, n: dict[str, int]) -> Any:
    """When the clock began, stood still and ended."""
    c = pl.col
    facts = facts.with_columns(
        started=pl.when(c("abroad") & _true(c("got") >= n["boundary_free_from"])).then("competent").otherwise("got"),
        requests=pl.when(_true(c("asked") > n["cutoff"])).then(0)
        .when(c("asked").is_not_null() & (c("times_asked") == 0)).then(1).otherwise(c("times_asked")),
        open_wait=c("asked").is_not_null() & c("completed").is_null() & (c("s") == 5),
        moved=c("due_after").is_not_null() & (c("due").is_null() | _true(c("due") == c("due_after")))
        & c("due_before").is_null(),
        due_given=pl.coalesce("due_before", "due", "due_after"),
    )  # fmt: skip
    single = c("open_wait") & (c("requests") == 1) & _true(c("asked") <= n["cutoff"])
    facts = facts.with_columns(waiting_since=pl.when(single).then("asked"))
    refused = pl.when(c("s").is_in([3, 7, 8]) & c("got").is_not_null()).then("refused")
    told = pl.when(c("s") != 4).then(pl.coalesce("done", "returned", refused))
    over = c("s").is_in([9, 10]) | (c("s").is_in([3, 7]) & c("refused").is_null())
    facts = facts.with_columns(
        ended=pl.coalesce(told, "waiting_since"),
        untimed=over & c("got").is_not_null() & c("done").is_null() & c("returned").is_null()
        & c("waiting_since").is_null(),
    )  # fmt: skip
    facts = facts.with_columns(finish=pl.when(c("ended") <= n["cutoff"]).then("ended"))
    facts = facts.with_columns(stood=c("finish").fill_null(n["cutoff"]), finished=c("finish").is_not_null())
    lasts = c("open_wait") | _true(c("completed") >= c("stood"))
    facts = facts.with_columns(wait_end=pl.when(lasts).then("stood").otherwise("completed"))
    facts = facts.with_columns(waits=_true(c("wait_end") > c("asked")))
    facts = facts.with_columns(lasting=c("waits") & lasts)
    return facts.with_columns(
        deducted=c("waits") & ~c("lasting") & ~c("moved"),
        judged=pl.when("lasting").then("asked").otherwise("stood"),
        new_due=pl.when((c("requests") > 0) & ~c("moved")).then("due_after"),
        paused_for=pl.when("waits").then(c("wait_end") - c("asked")).otherwise(0),
    )


def _clock(pl: Any, facts: Any, small: dict[str, Any], name: str, moment: Any) -> Any:
    """With the working seconds before a moment, null where it is null."""
    c, day, second = pl.col, f"{name}_day", moment % DAY
    table = small["calendar"].select(
        c("day").alias(day), c("length").alias(f"{name}_length"), c("elapsed").alias(f"{name}_elapsed")
    )
    passed = (second - MORNING).clip(0, MORNING_SECONDS) + (second - AFTERNOON).clip(0, AFTERNOON_SECONDS)
    facts = facts.with_columns((moment // DAY).alias(day)).join(table, on=day, how="left")
    within = pl.when(passed < c(f"{name}_length")).then(passed).otherwise(f"{name}_length")
    return facts.with_columns((within + c(f"{name}_elapsed")).alias(name))


def _end_of_day(pl: Any, facts: Any, small: dict[str, Any], name: str) -> Any:
    """With a date without a time of day as the end of that working day."""
    c, day = pl.col, f"{name}_date"
    table = small["calendar"].select(c("day").alias(day), c("end_of_day").alias(f"{name}_end"))
    facts = facts.with_columns(pl.when(c(name) % DAY == 0).then(c(name) // DAY).alias(day))
    return facts.join(table, on=day, how="left").with_columns(pl.coalesce(f"{name}_end", name).alias(name))


def _due(pl: Any, facts: Any, small: dict[str, Any], n: dict[str, int]) -> Any:
    """When it was due, moved by the working time waited."""
    c = pl.col
    facts = _end_of_day(pl, facts, small, "due_given")
    facts = _end_of_day(pl, facts, small, "new_due")
    facts = facts.with_columns(from_day=pl.when(c("due_given").is_null()).then(c("started") // DAY))
    facts = facts.join(small["calendar"].select(from_day="day", so_far="so_far"), on="from_day", how="left")
    facts = facts.with_columns(rank=c("so_far") + c("duration"))
    facts = facts.join(small["working_days"].select("rank", computed="end_of_day"), on="rank", how="left")
    facts = facts.with_columns(due_at=pl.coalesce("due_given", "computed"))
    facts = _clock(pl, facts, small, "asked_clock", pl.when("waits").then("asked"))
    facts = _clock(pl, facts, small, "wait_end_clock", pl.when("waits").then("wait_end"))
    facts = facts.with_columns(waited=(c("wait_end_clock") - c("asked_clock")).fill_null(0))
    facts = _clock(pl, facts, small, "due_clock", pl.when(c("deducted") & (c("waited") > 0)).then("due_at"))
    facts = facts.with_columns(due_clock=c("due_clock") + c("waited"))
    facts = facts.with_columns(later=(c("due_clock") - 1) // DAY_SECONDS)
    facts = facts.join(small["working_days"].select(later="rank", begins="begins"), on="later", how="left")
    worked = c("due_clock") - c("later") * DAY_SECONDS
    afternoon = worked + (AFTERNOON - MORNING_SECONDS)
    second = pl.when(worked <= MORNING_SECONDS).then(worked + MORNING).otherwise(afternoon)
    return facts.with_columns(due_moved=pl.coalesce(c("begins") + second, "due_at"))


def _known(pl: Any, facts: Any, n: dict[str, int]) -> Any:
    """The truths that verdicts stand on."""
    c = pl.col
    inside = _true((c("submitted") >= n["start"]) & (c("submitted") <= n["last"]))
    facts = facts.with_columns(
        received=_true((c("got") >= n["start"]) & (c("got") <= n["last"])),
        carried=_true(c("got") < n["start"]) & ~_true(c("finish") < n["start"]) & ~c("untimed"),
        too_many=c("requests") >= n["too_many"], no_due=c("due_at").is_null(), paused=(c("s") == 6) & ~c("finished"),
        within=_true(c("judged") <= c("due_moved")), early=_true(c("judged") < c("due_moved") // DAY * DAY),
        ended_waiting=_true(c("finish") == c("waiting_since")), needs_result=_true(c("returns_document") == 1),
        no_result_due=_true(c("returns_document") == 0),
        owes=c("charges") | (c("unpriced") & (c("paid") | _true(c("has_fee") == 1))),
    )  # fmt: skip
    in_appointment = _true(c("stood") <= c("new_due")) & ~c("within") & ~c("ended_waiting")
    counts = bool(n["appointment_counts"])
    return facts.with_columns(
        handled=c("received") | c("carried"),
        received_or_submitted=c("received") | (c("undated") & inside & ~c("s").is_in([1, 3])),
        appointment_counts=in_appointment & counts, appointment_told=in_appointment & (not counts),
        timed=c("received") & c("finished") & _true(c("stood") - c("started") >= c("paused_for")),
    )  # fmt: skip


def _judged(pl: Any, facts: Any) -> Any:
    """With the code of every verdict."""
    c, first = pl.col, f"v{FIRST}"
    facts = facts.with_columns(_case(pl, FIRST))
    facts = facts.with_columns(
        overdue=c(first).is_in(in_time_codes(OVERDUE)), in_time_untold=c(first).is_in(in_time_codes(IN_TIME_UNTOLD))
    )
    facts = facts.with_columns(_case(pl, i) for i in CASES if i != FIRST)
    ended, still_open = (
        c(first).replace_strict(list(range(len(table))), table, return_dtype=pl.UInt8) for table in form_outcomes()
    )
    over = (c("finished") | c("untimed")) & ~c("ended_waiting")
    places = {name: place for place, name in enumerate(ORIGINS)}
    origin = (
        pl.when(~c("received")).then(places["carried"]).when("online").then(places["online"])
        .otherwise(places["direct"])
    )  # fmt: skip
    cell = 1 + len(OUTCOMES) * origin + pl.when(over).then(ended).otherwise(still_open)
    return facts.with_columns(pl.when(c(first) == 0).then(0).otherwise(cell).cast(pl.UInt8).alias("vII.06"))


def _case(pl: Any, indicator_id: str) -> Any:
    cases, otherwise = coded(indicator_id)
    chain: Any = pl
    for facts, code in cases:
        holds = pl.all_horizontal(pl.col(name) if yes else ~pl.col(name) for name, yes in facts)
        chain = chain.when(holds).then(pl.lit(code, pl.UInt8))
    return chain.otherwise(pl.lit(otherwise, pl.UInt8)).alias(f"v{indicator_id}")


def _counted(pl: Any, facts: Any, small: dict[str, Any]) -> Any:
    """Verdicts and handling times by unit and procedure."""
    c = pl.col
    facts = _clock(pl, facts, small, "from_clock", pl.when("timed").then("started"))
    facts = _clock(pl, facts, small, "to_clock", pl.when("timed").then("stood"))
    working = c("to_clock") - c("from_clock") - c("waited")
    past = c("stood") - c("started") - c("paused_for")
    counts = [(c(f"v{i}") == number).sum().alias(name) for i, number, name in wanted()]
    return facts.group_by("_unit", "procedure").agg(
        *counts,
        c("timed").sum().alias("t0"),
        pl.when("timed").then(working).otherwise(0).sum().alias("t1"),
        pl.when("timed").then(past).otherwise(0).sum().alias("t2"),
    )
