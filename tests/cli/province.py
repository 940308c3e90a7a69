"""A workspace of three departments known from hand-typed figures alone, and the command line run in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from tthc_cli.cli import run

Typed = Mapping[tuple[str, str, str], tuple[int, int]]
"""(unit, period, component) -> numerator, denominator."""

UNITS = """MaDonVi,TenDonVi,Cap,DonViCha,TenKhac,HieuLucTu,HieuLucDen,DonViKeThua
H99,UBND tỉnh Sông Vân,tinh,,,,,
H99.02,Sở Công Thương,so,H99,,,,
H99.08,Sở Tư pháp,so,H99,,,,
"""

FIGURES: Typed = {
    ("H99.02", "2023Q1", "2.1"): (80, 100), ("H99.02", "2023Q1", "3.3"): (40, 100),
    ("H99.02", "2023Q2", "2.1"): (70, 100), ("H99.02", "2023Q2", "3.3"): (45, 100),
    ("H99.08", "2023Q1", "2.1"): (95, 100), ("H99.08", "2023Q1", "3.3"): (50, 100),
    ("H99.08", "2023Q2", "2.1"): (95, 100), ("H99.08", "2023Q2", "3.3"): (60, 100),
}  # fmt: skip
"""Hand-worked, of 26 points: H99.02 Q1 16 + 4.80 = 20.80 (80.00), Q2 14 + 5.40 = 19.40 (74.62); H99.08 Q1 and Q2
19 + 6 = 25.00 (96.15)."""


def make_workspace(folder: Path, figures: Typed = FIGURES) -> Path:
    """Write and ingest the tables, which hold too few figures for a grade by the usual share."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "tthc.toml").write_text("[scoring]\ngrade_from = 20\n", encoding="utf-8")
    rows = [f"{u},{p},{c},{n},{d},Văn phòng" for (u, p, c), (n, d) in figures.items()]
    (folder / "units.csv").write_text(UNITS, encoding="utf-8")
    typed = "MaDonVi,Ky,ChiTieu,TuSo,MauSo,Nguon\n" + "\n".join(rows) + "\n"
    (folder / "typed.csv").write_text(typed, encoding="utf-8")
    files = [str(folder / "units.csv"), str(folder / "typed.csv")]
    assert run(["ingest", *files, "--workspace", str(folder), "--quiet"]) == 0
    return folder


def commands(folder: Path) -> Callable[..., int]:
    """The command line in that workspace."""
    return lambda *arguments: run([*arguments, "--workspace", str(folder)])
