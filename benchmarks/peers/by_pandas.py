"""By pandas, the plain way: everything in memory, a column at a time."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tthc_cli.indicators.qd766.on_time import ORIGINS, OUTCOMES

from .answer import wanted
from .cases import CASES, FIRST, IN_TIME_UNTOLD, OVERDUE, TOLD, coded, form_outcomes, in_time_codes
from .inputs import AFTERNOON, AFTERNOON_SECONDS, DAY_SECONDS, MORNING, MORNING_SECONDS, Inputs

DAY = 86_400
Known = dict[str, npt.NDArray[np.bool_]]


def count_pandas(inputs: Inputs) -> pa.Table:
    """By pandas."""
    import pandas as pd

    small = {name: table.to_pandas() for name, table in inputs.tables.items()}
    rows = pd.concat([pd.read_parquet(f, columns=list(inputs.columns)) for f in inputs.files], ignore_index=True)
    procedure = _procedures(rows, small["catalogue"])
    moments = _handling(rows, inputs.numbers)
    moments |= _due(moments, procedure, small)
    known = _stored(rows, procedure, small) | _known(moments, inputs.numbers)
    known["owes"] = known["charges"] | (known["unpriced"] & (known["paid"] | known["has_fee"]))
    verdicts = _judged(known)
    place = procedure["place"].fillna(inputs.numbers["unlisted"])
    columns: dict[str, Any] = {"_unit": rows["_unit"], "procedure": place}
    columns |= {name: verdicts[i] == number for i, number, name in wanted()}
    columns |= _times(moments, known, small)
    counts = pd.DataFrame(columns).groupby(["_unit", "procedure"], observed=True).sum().reset_index()
    return pa.Table.from_pandas(counts.astype({"procedure": "int64"}), preserve_index=False)


def _true(mask: Any) -> Any:
    return mask.fillna(False).astype(bool)


def _procedures(rows: Any, listed: Any) -> Any:
    by_code = listed.set_index("code").reindex(rows["MaTTHC"].astype(object)).reset_index(drop=True)
    by_name = listed.drop(columns="code").set_index("name").reindex(rows["TenTTHC"].astype(object))
    return by_code.drop(columns="name").combine_first(by_name.reset_index(drop=True))


def _stored(rows: Any, procedure: Any, small: dict[str, Any]) -> Known:
    """The truths that the columns tell as they are."""
    told = small["sources"].set_index("source").reindex(rows["_source"].astype(object)).reset_index(drop=True)
    databases = rows["MaCSDL"].astype(object).str.contains("dân cư", regex=False)
    facts = {
        "online": rows["KenhThucHien"] == 2, "channel_blank": rows["KenhThucHien"].isna(),
        "channel_unknown": rows["KenhThucHien"] == 0, "synced": rows["DaDongBo"] == 1,
        "has_result": rows["DuongDanTepTinKetQua"] == 1, "paid": rows["DuocThanhToanTrucTuyen"].isin([1, 2]),
        "charges": rows["Gia"] > 0, "unpriced": rows["Gia"].isna(), "has_fee": procedure["has_fee"] == 1,
        "needs_result": procedure["returns_document"] == 1, "no_result_due": procedure["returns_document"] == 0,
        "attached": (rows["HoSoCoThanhPhanSoHoa"] == 1) | (rows["DuocSoHoa"] > 0), "reused": rows["DuocTaiSuDung"] > 0,
        "from_store": rows["DuocLayTuKhoDMQG"] > 0, "stored": rows["KetQuaDongBoKho"] == 1,
        "population": (rows["TaiKhoanDuocXacThucVoiVNeID"] == 1) | _true(databases),
        "complained": rows["_key"].isin(small["complaints"]["key"]), **{fact: told[fact] for fact in TOLD},
    }  # fmt: skip
    return {name: np.asarray(_true(mask)) for name, mask in facts.items()}


def _handling(rows: Any, n: dict[str, int]) -> dict[str, Any]:
    """When the clock began, stood still and ended."""

    def second(name: str) -> Any:
        return rows[name].astype("datetime64[s]").astype("int64").where(rows[name].notna()).astype("Int64")

    s = rows["TrangThaiHoSo"].fillna(-1)
    got = second("NgayTiepNhan").where(s != 1)
    abroad = _true(rows["PhiDiaGioi"] == 1) & _true(got >= n["boundary_free_from"])
    asked, completed = second("NgayBoSung"), second("NgayTiepNhanBoSung")
    done, returned, refused = second("NgayKetThucXuLy"), second("NgayTra"), second("NgayTuChoi")
    due, before, after = second("NgayHenTra"), second("NgayHenTraTruoc"), second("NgayHenTraMoi")
    times_asked = rows["SoLanBoSung"].fillna(0).astype("int64")
    requests = times_asked.mask(asked.notna() & (times_asked == 0), 1).mask(_true(asked > n["cutoff"]), 0)
    open_wait = asked.notna() & completed.isna() & (s == 5)
    waiting_since = asked.where(open_wait & (requests == 1) & _true(asked <= n["cutoff"]))
    ended_early = s.isin([3, 7, 8]) & got.notna()
    ended = done.fillna(returned).fillna(refused.where(ended_early)).where(s != 4).fillna(waiting_since)
    over = s.isin([9, 10]) | (s.isin([3, 7]) & refused.isna())
    finish = ended.where(_true(ended <= n["cutoff"]))
    stood = finish.fillna(n["cutoff"])
    lasts = open_wait | _true(completed >= stood)
    wait_end = completed.mask(lasts, stood)
    waits = _true(wait_end > asked)
    moved = after.notna() & (due.isna() | _true(due == after)) & before.isna()
    return {
        "s": s, "got": got, "started": got.mask(abroad, second("NgayCoQuanThamQuyenNhan")), "finish": finish,
        "stood": stood, "submitted": second("NgayNopHoSo"), "undated": rows["NgayTiepNhan"].isna(), "asked": asked,
        "requests": requests, "waiting_since": waiting_since, "wait_end": wait_end, "waits": waits,
        "untimed": over & got.notna() & done.isna() & returned.isna() & waiting_since.isna(),
        "deducted": waits & ~lasts & ~moved, "judged": stood.mask(waits & lasts, asked),
        "paused_for": (wait_end - asked).where(waits, 0), "due_given": before.fillna(due).fillna(after),
        "new_due": after.where((requests > 0) & ~moved),
    }  # fmt: skip


def _end_of_day(moment: Any, calendar: Any) -> Any:
    """A date without a time of day is the end of that working day."""
    return moment.mask(_true(moment % DAY == 0), (moment // DAY).map(calendar["end_of_day"]))


def _clock(moment: Any, calendar: Any) -> Any:
    """Working seconds before a moment."""
    day, second = moment // DAY, moment % DAY
    passed = (second - MORNING).clip(0, MORNING_SECONDS) + (second - AFTERNOON).clip(0, AFTERNOON_SECONDS)
    length = day.map(calendar["length"]).astype("Int64")
    return passed.mask(_true(passed > length), length) + day.map(calendar["elapsed"]).astype("Int64")


def _due(moments: dict[str, Any], procedure: Any, small: dict[str, Any]) -> dict[str, Any]:
    """When it was due, moved by the working time waited."""
    calendar, working_days = small["calendar"].set_index("day"), small["working_days"].set_index("rank")
    rank = (moments["started"] // DAY).map(calendar["so_far"]) + procedure["duration"]
    due_at = _end_of_day(moments["due_given"], calendar).fillna(rank.map(working_days["end_of_day"]).astype("Int64"))
    waits = moments["waits"]
    waited = _clock(moments["wait_end"][waits], calendar) - _clock(moments["asked"][waits], calendar)
    moving = moments["deducted"] & _true(waited.reindex(waits.index) > 0) & due_at.notna()
    target = _clock(due_at[moving], calendar) + waited[moving[waits]]
    later = (target - 1) // DAY_SECONDS
    worked = target - later * DAY_SECONDS
    second = (worked + MORNING).where(worked <= MORNING_SECONDS, worked + (AFTERNOON - MORNING_SECONDS))
    due_moved = due_at.copy()
    due_moved[moving] = later.map(working_days["begins"]).astype("Int64") + second
    return {
        "due_at": due_at, "due_moved": due_moved, "waited": waited.reindex(waits.index).fillna(0),
        "appointment": _end_of_day(moments["new_due"], calendar),
    }  # fmt: skip


def _known(m: dict[str, Any], n: dict[str, int]) -> Known:
    """The truths about times."""
    received = _true((m["got"] >= n["start"]) & (m["got"] <= n["last"]))
    inside = _true((m["submitted"] >= n["start"]) & (m["submitted"] <= n["last"]))
    finished = m["finish"].notna()
    carried = _true(m["got"] < n["start"]) & ~_true(m["finish"] < n["start"]) & ~m["untimed"]
    within = _true(m["judged"] <= m["due_moved"])
    ended_waiting = _true(m["finish"] == m["waiting_since"])
    in_appointment = _true(m["stood"] <= m["appointment"]) & ~within & ~ended_waiting
    counts = bool(n["appointment_counts"])
    facts = {
        "received": received, "handled": received | carried, "finished": finished, "untimed": m["untimed"],
        "received_or_submitted": received | (m["undated"] & inside & ~m["s"].isin([1, 3])),
        "too_many": m["requests"] >= n["too_many"], "no_due": m["due_at"].isna(), "paused": (m["s"] == 6) & ~finished,
        "within": within, "early": _true(m["judged"] < m["due_moved"] // DAY * DAY), "ended_waiting": ended_waiting,
        "appointment_counts": in_appointment & counts, "appointment_told": in_appointment & (not counts),
        "timed": received & finished & _true(m["stood"] - m["started"] >= m["paused_for"]),
    }  # fmt: skip
    return {name: np.asarray(mask, np.bool_) for name, mask in facts.items()}


def _judged(known: Known) -> dict[str, npt.NDArray[np.int64]]:
    """The code of every verdict."""
    first = _case(known, FIRST)
    known |= {
        "overdue": np.isin(first, in_time_codes(OVERDUE)),
        "in_time_untold": np.isin(first, in_time_codes(IN_TIME_UNTOLD)),
    }
    ended, still_open = (np.array(table)[first] for table in form_outcomes())
    over = (known["finished"] | known["untimed"]) & ~known["ended_waiting"]
    places = {name: place for place, name in enumerate(ORIGINS)}
    told = np.where(known["online"], places["online"], places["direct"])
    origin = np.where(known["received"], told, places["carried"])
    cell = 1 + len(OUTCOMES) * origin + np.where(over, ended, still_open)
    others = {i: _case(known, i) for i in CASES if i != FIRST}
    return {FIRST: first, "II.06": np.where(first == 0, 0, cell), **others}


def _case(known: Known, indicator_id: str) -> npt.NDArray[np.int64]:
    cases, otherwise = coded(indicator_id)
    conditions = [np.logical_and.reduce([known[name] if yes else ~known[name] for name, yes in f]) for f, _ in cases]
    return np.asarray(np.select(conditions, [code for _, code in cases], otherwise))


def _times(m: dict[str, Any], known: Known, small: dict[str, Any]) -> dict[str, Any]:
    """What 2.2 sums."""
    calendar, timed = small["calendar"].set_index("day"), known["timed"]
    working = _clock(m["stood"].where(timed), calendar) - _clock(m["started"].where(timed), calendar) - m["waited"]
    past = m["stood"] - m["started"] - m["paused_for"]
    return {
        "t0": timed, "t1": working.where(timed, 0).astype("int64"), "t2": past.where(timed, 0).astype("int64"),
    }  # fmt: skip
