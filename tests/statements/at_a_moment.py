"""A small office whose dossiers and log come from case files, and its lists on Wednesday 10 April 2024, 16:00."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml

from tests.command import taken_in, tthc
from tests.statements.test_overdue import UNITS

CASES = Path(__file__).parents[1] / "cases"
AT = "2024-04-10T16:00"
MORE_UNITS = UNITS + "H98.02,Sở Hai,so,H98\n"
LOG = "MaHoSo,ThoiDiemXuLy,TrangThai,PhongBanXuLy,NgayBatDau,NgayKetThucTheoQuyDinh"


def cases(name: str) -> Any:
    return yaml.safe_load((CASES / name).read_text("utf-8"))


def written(value: Any) -> str:
    """A cell as exports write it."""
    if isinstance(value, datetime):
        return value.strftime("%d/%m/%Y %H:%M")
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    try:
        return datetime.fromisoformat(str(value)).strftime("%d/%m/%Y %H:%M")
    except ValueError:
        return "" if value is None else str(value)


def code(number: int, unit: str = "H98.01", day: str = "240401") -> str:
    return f"{unit}-{day}-{number:04d}"


def csv(head: str, rows: Iterable[dict[str, Any]]) -> str:
    names = head.split(",")
    return "\n".join([head, *(",".join(written(row.get(name)) for name in names) for row in rows)]) + "\n"


def log_rows(dossier: str, steps: Sequence[Sequence[Any]]) -> list[dict[str, Any]]:
    names = LOG.split(",")[1:]
    return [{"MaHoSo": dossier, **dict(zip(names, step, strict=True))} for step in steps]


def office(folder: Path, dossiers: list[dict[str, Any]], log: list[dict[str, Any]]) -> Path:
    """A workspace that holds them."""
    head = ",".join(dict.fromkeys(name for row in dossiers for name in row))
    files = {"units": MORE_UNITS, "hoso": csv(head, dossiers)}
    return taken_in(folder, **files, **({"tien_trinh": csv(LOG, log)} if log else {}))


def listed(folder: Path, name: str, *options: str) -> list[dict[str, Any]]:
    """The rows of a list, by column."""
    ended = tthc("list", name, "--as-of", AT, "--workspace", folder, "--json", *options)
    assert ended.code == 0, ended.err
    names = [column["id"] for column in ended.json["columns"]]
    return [dict(zip(names, row, strict=True)) for row in ended.json["rows"]]
