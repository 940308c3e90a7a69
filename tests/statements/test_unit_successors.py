"""What became of old communes, from a package that is shaped like `vietnam-provinces`, with an invented province; and
from the package itself where it is installed."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from tests.command import taken_in, tthc
from tests.statements.test_unit_draft import dossiers
from tthc_cli.errors import InputError
from tthc_cli.statements.unit_table.successors import Became, became

PROVINCES = {1: "Tỉnh Thử", 2: "Tỉnh Khác"}
DISTRICTS = {11: ("Huyện Hai", 1), 12: ("Huyện Mười", 1), 21: ("Huyện Xa", 2)}
OLD = {101: ("Xã Ba", 11), 102: ("Xã Tư", 11), 103: ("Xã Năm", 12), 104: ("Xã Ba", 12), 201: ("Xã Xa", 21)}
NEW = {901: ("Xã Hai", (101, 102)), 902: ("Xã Năm", (103, 102)), 903: ("Xã Ba", (104,)), 904: ("Xã Xa", (201,))}
"""Xã Tư was divided; the other Xã Ba and Xã Năm live on under their names."""


class Listed:
    """A class of the package, which lists all there are."""

    def __init__(self, things: list[Any]) -> None:
        self.iter_all = lambda: iter(things)


def things(named: dict[int, tuple[str, int]], above: str) -> list[Any]:
    return [SimpleNamespace(code=code, name=name, **{above: up}) for code, (name, up) in named.items()]


@pytest.fixture
def package(monkeypatch: pytest.MonkeyPatch) -> None:
    provinces = Listed([SimpleNamespace(code=code, name=name) for code, name in PROVINCES.items()])
    olds = things(OLD, "district_code")
    new = [
        SimpleNamespace(
            code=code, name=name, province_code=2 if code == 904 else 1,
            get_legacy_sources=lambda sources=sources: [one for one in olds if one.code in sources],
        )
        for code, (name, sources) in NEW.items()
    ]  # fmt: skip
    today, before = ModuleType("vietnam_provinces"), ModuleType("vietnam_provinces.legacy")
    vars(today).update(Province=provinces, Ward=Listed(new))
    vars(before).update(Province=provinces, District=Listed(things(DISTRICTS, "province_code")), Ward=Listed(olds))
    monkeypatch.setitem(sys.modules, "vietnam_provinces", today)
    monkeypatch.setitem(sys.modules, "vietnam_provinces.legacy", before)


def test_old_communes_of_a_province(package: None) -> None:
    assert became("thử") == (
        Became("Xã Ba", "Huyện Hai", ("Xã Hai",)),
        Became("Xã Tư", "Huyện Hai", ("Xã Hai", "Xã Năm")),
        Became("Xã Năm", "Huyện Mười", ("Xã Năm",)),
        Became("Xã Ba", "Huyện Mười", ("Xã Ba",)),
    )


def test_a_province_that_there_is_not(package: None) -> None:
    with pytest.raises(InputError, match="Vân Hải"):
        became("Vân Hải")


def test_without_the_package_it_is_told_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "vietnam_provinces", None)
    taken_in(tmp_path, hoso=dossiers(("H98.20", "UBND huyện Hai", 9)))
    ended = tthc("units", "propose", "--workspace", tmp_path, "--successors", "Thử")
    assert (ended.code, (tmp_path / "units.xlsx").exists()) == (3, False)
    assert "tthc-cli[successors]" in ended.err


def test_units_that_ended_get_their_last_day_and_successors(package: None, tmp_path: Path) -> None:
    """Today's Xã Hai has dossiers of its own; today's Xã Năm and Xã Ba have none yet and get rows."""
    taken_in(
        tmp_path,
        hoso=dossiers(
            ("H98.20", "UBND huyện Hai", 9), ("H98.20.01", "UBND xã Ba", 9), ("H98.20.02", "UBND xã Tư", 9),
            ("H98.51", "UBND xã Hai", 9),
        ),
    )  # fmt: skip
    ended = tthc("units", "propose", "--workspace", tmp_path, "--successors", "Thử", "--json")
    units = {u["id"]: u for u in ended.json["units"]}
    told = {code: (u["valid_from"], u["valid_to"], u["successors"]) for code, u in units.items()}
    assert told == {
        "H98": (None, None, []),
        "H98.20": (None, "2025-06-30", ["H98.51", "Xã Năm"]),
        "H98.20.01": (None, "2025-06-30", ["H98.51"]),
        "H98.20.02": (None, "2025-06-30", ["H98.51", "Xã Năm"]),
        "H98.51": ("2025-07-01", None, []),
        "Xã Năm": ("2025-07-01", None, []),
    }
    assert units["Xã Năm"]["checks"] == ["no_code", "no_dossiers"]
    assert tthc("ingest", tmp_path / "units.xlsx", "--workspace", tmp_path).code == 0
    assert tthc("score", "--quarter", "2025Q3", "--workspace", tmp_path, "--quiet").code == 0


def test_of_the_package_itself() -> None:
    """Phường Trúc Bạch went into Phường Ba Đình; Hà Nội has 126 communes today."""
    pytest.importorskip("vietnam_provinces.legacy")
    found = became("Hà Nội")
    assert Became("Phường Trúc Bạch", "Quận Ba Đình", ("Phường Ba Đình",)) in found
    assert len({name for one in found for name in one.into}) == 126
