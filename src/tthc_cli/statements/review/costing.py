"""The compliance cost of procedures: what people typed of their tasks, and what dossiers and parameters fill in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from tthc_cli import schema
from tthc_cli.errors import InputError, RowPlace
from tthc_cli.results.control.cost import CostPaper, Figure, Priced, Task, dong
from tthc_cli.results.notes import note
from tthc_cli.statements.review.law import cost_cite, hours_a_year, review_cite, review_due
from tthc_cli.statements.review.volumes import Volumes, short_of_a_year, volumes
from tthc_cli.text import vietnamese_order

if TYPE_CHECKING:
    from tthc_cli.facts.catalogue import Catalogue
    from tthc_cli.statements.dossiers.asking import Asked
    from tthc_cli.storage.warehouse import Warehouse

BEFORE, AFTER = 1, 2
_PAYING = 3
"""NhomCongViec: paying fees and charges."""
Row = dict[str, Any]


@dataclass(frozen=True)
class _Sources:
    """What fills in blank cells."""

    catalogue: Catalogue
    volumes: Volumes
    income: tuple[int, Fraction, str] | None
    """Year, an hour's income, and where it was published."""
    paths: dict[str, str]


def priced(asked: Asked, found: Volumes, procedure: str | None = None) -> list[Priced]:
    """The procedures that have tasks, or one of them; by field, then code. Raises InputError when an hour's income is
    not known."""
    warehouse = asked.moment.warehouse
    rows = [r for r in warehouse.read("cost_steps").to_pylist() if procedure in (None, r["MaTTHC"])]
    sources = _Sources(
        catalogue=asked.context.catalogue,
        volumes=found,
        income=_income(warehouse, asked.moment.at.year),
        paths={source.id: source.path for source in warehouse.sources},
    )
    out = [_priced(code, [r for r in rows if r["MaTTHC"] == code], sources) for code in {r["MaTTHC"] for r in rows}]
    return sorted(out, key=lambda one: (not one.field, vietnamese_order(one.field), one.code))


def cost_paper(asked: Asked, procedure: str | None, reporter: str) -> CostPaper:
    """The cost of a procedure, or of all that have tasks. Raises InputError when there are none, or as `priced`."""
    found = volumes(asked)
    procedures = priced(asked, found, procedure)
    if not procedures:
        raise InputError("no_cost_steps" if procedure is None else "no_cost_steps_of", procedure=procedure)
    since, until = (
        np.datetime64(at, "s").astype("datetime64[D]").astype(date).isoformat() for at in (found.start, found.end - 1)
    )
    year = asked.moment.at.year
    notes = [note("cost_volume", first=since, last=until), *short_of_a_year(asked, found.start)]
    income = _income(asked.moment.warehouse, year)
    if income is not None:
        notes.append(note("cost_income", year=income[0], hourly=dong(income[1]), cite=income[2]))
    notes += [note("cost_no_proposal", code=one.code) for one in procedures if not one.after]
    notes.append(note("cost_due", day=review_due(year).isoformat(), cite=review_cite()))
    return CostPaper(asked.moment.at.isoformat(), since, reporter, tuple(procedures), (cost_cite(),), tuple(notes))


def _income(warehouse: Warehouse, year: int) -> tuple[int, Fraction, str] | None:
    """An hour's income by the newest statistics that are not of a later year."""
    rows = [r for r in warehouse.read("cost_parameters").to_pylist() if r["Nam"] <= year]
    if not rows:
        return None
    newest = max(rows, key=lambda r: r["Nam"])
    return newest["Nam"], Fraction(newest["ThuNhapDauNguoi"]) / hours_a_year(), str(newest["CanCu"])


def _priced(code: str, rows: list[Row], sources: _Sources) -> Priced:
    at = sources.catalogue.by_code.get(code)
    return Priced(
        code=code,
        name="" if at is None else sources.catalogue.names[at],
        field="" if at is None else sources.catalogue.fields[at],
        before=_tasks(rows, BEFORE, at, sources),
        after=_tasks(rows, AFTER, at, sources),
    )


def _tasks(rows: list[Row], variant: int, at: int | None, sources: _Sources) -> tuple[Task, ...]:
    mine = [row for row in rows if row["PhuongAn"] == variant]
    return tuple(_task(row, at, sources) for row in sorted(mine, key=lambda row: _order(row["SoThuTu"])))


def _order(number: str) -> tuple[tuple[int, int, str], ...]:
    """1.2 before 1.10, numbers before words."""
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in number.split("."))


def _task(row: Row, at: int | None, sources: _Sources) -> Task:
    hours, channel = Fraction(row["SoGio"] or 0), row["KenhThucHien"]
    return Task(
        number=row["SoThuTu"],
        group=row["NhomCongViec"],
        name=row["CongViec"],
        channel=channel,
        hours=hours,
        income=_income_of(row, hours, sources),
        services=Fraction(row["ThueDichVu"] or 0),
        fee=_fee(row, at, sources),
        times=_typed(row["SoLanMotNam"]) or Figure(Fraction(1), "blank"),
        subjects=_typed(row["SoDoiTuong"])
        or Figure(Fraction(0 if at is None else sources.volumes.subjects(at, channel)), "data"),
        ground=row["CanCu"] or "",
    )


def _typed(value: str | None) -> Figure | None:
    return None if value is None else Figure(Fraction(value), "typed")


def _income_of(row: Row, hours: Fraction, sources: _Sources) -> Figure:
    typed = _typed(row["ThuNhapGio"])
    if typed is not None:
        return typed
    if sources.income is not None:
        return Figure(sources.income[1], "parameter")
    if not hours:
        return Figure(Fraction(0), "blank")
    path = sources.paths.get(row[schema.SOURCE], "")
    raise InputError("no_income", where=RowPlace(path, row[schema.SHEET] or "", row[schema.ROW], ": "))


def _fee(row: Row, at: int | None, sources: _Sources) -> Figure:
    typed = _typed(row["PhiLePhi"])
    if typed is not None:
        return typed
    median = sources.volumes.median_fee(at) if at is not None and row["NhomCongViec"] == _PAYING else None
    return Figure(Fraction(0), "blank") if median is None else Figure(median, "data")
