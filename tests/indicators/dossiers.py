"""Dossiers, catalogues and logs for tests, from the few columns that a case names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import numpy as np
import pyarrow as pa

from tthc_cli import schema
from tthc_cli.facts.catalogue import load_catalogue
from tthc_cli.facts.context import ClockRules, Context
from tthc_cli.facts.dossiers import DossierFacts
from tthc_cli.facts.nine.marking import Marking
from tthc_cli.facts.process_log import LogFacts, LogMonth, LogWaits, not_in_log, summarise_log
from tthc_cli.workdays import WorkCalendar
from tthc_cli.workspace import CalendarSettings

CODE = "1.000001"
LAW = ClockRules(boundary_free_from=int(np.datetime64("2026-08-05", "s").astype(np.int64)))


def moment(value: object) -> datetime | None:
    """A time as YAML gives it: a timestamp, a date, or text without seconds."""
    if value is None:
        return None
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    return datetime.fromisoformat(str(value))


def seconds(value: object) -> int:
    found = moment(value)
    assert found is not None
    return int(np.datetime64(found, "s").astype(np.int64))


def dossier_table(rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Stored dossiers; columns that a row does not name are blank (flags and counts 0)."""
    wanted = schema.arrow_schema("dossiers")
    columns: dict[str, list[Any]] = {name: [] for name in wanted.names}
    for number, row in enumerate(rows):
        full = {"MaHoSo": f"H99.01-230403-{number:04d}", "MaTTHC": CODE, schema.SOURCE: "s1", schema.SHEET: ""}
        full |= {schema.UNIT_KEY: "H99.01", schema.ROW: number + 2}
        full |= row
        for field in wanted:
            value = full.get(field.name)
            if pa.types.is_timestamp(field.type):
                value = moment(value)
            elif (
                field.type == pa.int8()
                and value is None
                and field.name.startswith(("Duoc", "HoSo", "Tai", "Ket", "Da"))
            ):
                value = 0 if field.name != "DuocThanhToanTrucTuyen" else None
            columns[field.name].append(value)
    codes = pa.array(columns["MaHoSo"], pa.string())
    columns[schema.KEY_HASH] = list(schema.key_hash(codes))
    return pa.table({f.name: pa.array(columns[f.name], f.type) for f in wanted}, schema=wanted)


def catalogue_table(rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    wanted = schema.arrow_schema("procedures")
    return pa.Table.from_pylist([{f.name: row.get(f.name) for f in wanted} for row in rows], schema=wanted)


class FixedLog:
    """A log held in memory, for dossiers of one table."""

    def __init__(self, month: LogMonth) -> None:
        self.month = month

    def facts(self, dossiers: DossierFacts) -> LogFacts:
        rows, at = self.month.find(dossiers.chunk.column(schema.KEY_HASH).to_numpy())
        columns = not_in_log(dossiers.n)
        for name, values in columns.items():
            values[rows] = getattr(self.month.facts, name)[at]
        return LogFacts(**columns, waits=LogWaits.joined([self.month.waits_of(at, rows)]))


def context(
    start: object = "2023-04-01",
    end: object = "2023-07-01",
    as_of: object = None,
    procedures: Sequence[Mapping[str, Any]] = ({"MaTTHC": CODE, "TenTTHC": "Thủ tục mẫu"},),
    absent: Sequence[str] = (),
    complained: Sequence[str] = (),
    log: Sequence[tuple[Any, ...]] = (),
    rules: ClockRules = LAW,
    marking: Marking | None = None,
) -> Context:
    """A period to judge in: 2023Q2 unless said otherwise. `log`: (MaHoSo, time, status), and when the step began and
    was due."""
    cutoff = seconds(end) - 1 if as_of is None else min(seconds(end) - 1, seconds(as_of))
    found = None
    if log:
        times = np.array([seconds(step[1]) for step in log], np.int64)
        hashes = schema.key_hash(pa.array([step[0] for step in log]))
        status = np.array([step[2] for step in log], np.int64)
        begin, due = (np.array([_told(step, at) for step in log], np.int64) for at in (3, 4))
        found = FixedLog(summarise_log(hashes, times, status, due, cutoff, None if marking is None else begin))
    return Context(
        start=seconds(start),
        end=seconds(end),
        cutoff=cutoff,
        calendar=WorkCalendar.of(CalendarSettings()),
        catalogue=load_catalogue(catalogue_table(procedures)),
        told={"s1": frozenset(c.name for c in schema.table("dossiers").stored) - set(absent)},
        complained=np.sort(schema.key_hash(pa.array(list(complained), pa.string()))),
        rules=rules,
        log=found,  # type: ignore[arg-type]
        marking=marking,
    )


def _told(step: tuple[Any, ...], place: int) -> int:
    """A time of a step, in seconds; NAT where it is not told."""
    return int(np.iinfo(np.int64).min) if len(step) <= place or step[place] is None else seconds(step[place])


def marking(
    slips: dict[str, int], findings: dict[str, int], conduct: bool, rules: Mapping[str, Any], code: str
) -> Marking:
    """What slips and findings (criterion -> mark) and a petition about conduct say of one dossier."""
    own = schema.key_hash(pa.array([code]))
    none = np.zeros(0, np.uint64)
    given = slips | findings
    return Marking(dict.fromkeys(given.items(), own), dict.fromkeys(findings, own), own if conduct else none, rules)


def judge(indicator_id: str, facts: DossierFacts) -> list[str]:
    """The reason that an indicator gives each dossier."""
    from tthc_cli.indicators.registry import indicator

    found = indicator(indicator_id)
    return [found.reasons[code].key for code in found.judge(facts)]
