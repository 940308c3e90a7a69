"""What became of communes and districts on 1 July 2025, from the package `vietnam-provinces` where it is installed.

The package is an extra (`pip install tthc-cli[successors]`), loaded when it is asked for. It tells which of today's
communes took in which of the old; it knows no codes of one-stop systems, so that communes are told by name, and by the
district above where the province had two of one name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from importlib import import_module

from tthc_cli.errors import InputError, nearest
from tthc_cli.statements.unit_table.draft import Draft, Row
from tthc_cli.text import fold, vietnamese_order
from tthc_cli.units.names import spelling
from tthc_cli.units.tree import Unit, place_name

LAST_DAY = date(2025, 6, 30)
FIRST_DAY = date(2025, 7, 1)


@dataclass(frozen=True, slots=True)
class Became:
    """A commune of before 1 July 2025, and the communes of today that took it, or parts of it, in."""

    name: str
    district: str
    into: tuple[str, ...]


def became(province: str) -> tuple[Became, ...]:
    """The old communes of a province, by its old or its new name.

    Raises InputError when the package is missing or tells nothing of old communes, or there is no such province.
    """
    try:
        new = import_module("vietnam_provinces")
        old = import_module("vietnam_provinces.legacy")
    except ImportError:
        raise InputError("no_successors") from None
    olds = {int(p.code): p.name for p in old.Province.iter_all()}
    news = {int(p.code): p.name for p in new.Province.iter_all()}
    wanted = _place(province)
    if wanted not in {_place(name) for name in (*olds.values(), *news.values())}:
        names = sorted({*olds.values(), *news.values()})
        raise InputError("unknown_province", name=province, near=nearest(province, names) or "–")
    districts = {int(d.code): (d.name, int(d.province_code)) for d in old.District.iter_all()}
    into: dict[int, set[str]] = {}
    homes: dict[int, str] = {}
    for ward in new.Ward.iter_all():
        for source in ward.get_legacy_sources():
            into.setdefault(int(source.code), set()).add(ward.name)
            homes[int(source.code)] = news[int(ward.province_code)]
    found = []
    for ward in old.Ward.iter_all():
        code = int(ward.code)
        district, above = districts[int(ward.district_code)]
        if code in into and wanted in (_place(olds[above]), _place(homes[code])):
            found.append(Became(ward.name, district, tuple(sorted(into[code], key=vietnamese_order))))
    return tuple(found)


def _place(name: str) -> str:
    """The name of a province without its kind."""
    plain = place_name(name)
    return next((plain.removeprefix(kind) for kind in ("tinh ", "thanh pho ") if plain.startswith(kind)), fold(plain))


def succeeded(draft: Draft, old: Sequence[Became]) -> Draft:
    """The draft with the last day and the successors of units that ended; today's communes without a row get one, to be
    given its code by a person."""
    root = next((row.unit for row in draft.rows if row.unit.level == "tinh"), None)
    districts = {row.unit.code: row.unit.name for row in draft.rows if row.unit.level == "huyen"}
    ended = {row.unit.code: into for row in draft.rows if (into := _into(row.unit, districts, old))}
    rows = {row.unit.code: row for row in draft.rows}
    today = {spelling(row.unit.name): code for code, row in rows.items() if _of_today(row.unit, ended)}
    for name in sorted({name for into in ended.values() for name in into}, key=vietnamese_order):
        if spelling(name) not in today:
            code = name if name not in rows else f"{name} (2025)"
            unit = Unit(
                code, f"UBND {name[:1].lower()}{name[1:]}", "xa", root.code if root else None, (name,), FIRST_DAY
            )
            rows[code] = Row(unit).doubted("no_code", "no_dossiers")
            today[spelling(name)] = code
        elif (row := rows[today[spelling(name)]]).unit.valid_from is None and row.sure != "kept":
            rows[row.unit.code] = replace(row, unit=replace(row.unit, valid_from=FIRST_DAY))
    for code, names in ended.items():
        row = rows[code]
        heirs = tuple(today[spelling(name)] for name in names)
        rows[code] = replace(row, unit=replace(row.unit, valid_to=LAST_DAY), successors=heirs).doubted("successor")
    return replace(draft, rows=tuple(rows.values()))


def _of_today(unit: Unit, ended: Mapping[str, object]) -> bool:
    return unit.level == "xa" and unit.code not in ended and unit.valid_to is None


def _into(unit: Unit, districts: Mapping[str, str], old: Iterable[Became]) -> tuple[str, ...]:
    """The communes of today that an old commune, or a district, went into; () for what is no such unit, or may be two.

    A commune right below the province, of a name that one of today's bears, is taken to be that of today."""
    if unit.valid_to is not None or unit.successor or unit.divided_into:
        return ()
    if unit.level == "huyen":
        below = [one for one in old if spelling(one.district) == spelling(unit.name)]
        return tuple(sorted({name for one in below for name in one.into}, key=vietnamese_order))
    if unit.level != "xa":
        return ()
    hits = [one for one in old if spelling(one.name) == spelling(unit.name)]
    district = districts.get(unit.parent or "")
    if district is not None:
        hits = [one for one in hits if spelling(one.district) == spelling(district)] or hits
    elif any(spelling(name) == spelling(unit.name) for one in old for name in one.into):
        return ()
    return hits[0].into if len(hits) == 1 else ()
