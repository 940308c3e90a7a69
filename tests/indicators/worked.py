"""Runs hand-worked cases: small tables go in through `tthc ingest`, counts come out of `tthc score --json`.

A file of cases has `headings` (table -> heading line), `always` (table -> rows that every case has) and `cases`. A case
has rows by table, a `period`, and `expect`: unit -> component -> one of "1/2" (numerator/denominator), "chưa đánh giá",
"không có điểm", or "1.50 điểm". `reading`, `xfail` and `units_file` are optional.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.command import component, scored, taken_in

CASES = Path(__file__).parents[1] / "cases"
SAMPLE_UNITS = Path(__file__).parents[2] / "sample_data" / "exports" / "units.csv"


def load(name: str) -> list[Any]:
    """Parameters of pytest, one a case."""
    document = yaml.safe_load((CASES / f"{name}.yaml").read_text(encoding="utf-8"))
    out = []
    for case in document["cases"]:
        marks = [pytest.mark.xfail(strict=True, reason=case["xfail"])] if "xfail" in case else []
        out.append(pytest.param(document | {"case": case}, id=case["case"], marks=marks))
    assert len({case["case"] for case in document["cases"]}) == len(document["cases"])
    return out


def said(found: dict[str, Any], wanted: str) -> str:
    """What the score says of a component, in the words of the case."""
    if found["status"] == "not_assessed":
        return "chưa đánh giá"
    if found["status"] == "no_score" and "/" not in wanted:
        return "không có điểm"
    if wanted.endswith("điểm"):
        return f"{found['points']:.2f} điểm"
    return f"{found['numerator']:g}/{found['denominator']:g}"


def check(document: dict[str, Any], folder: Path) -> None:
    """Run one case and compare everything it expects."""
    case = document["case"]
    always = document.get("always", {})
    files = {}
    for table, heading in document["headings"].items():
        rows = [*always.get(table, []), *case.get(table, [])]
        if rows or table in case:
            files[table] = "\n".join([heading, *rows]) + "\n"
    if document.get("sample_units"):
        files["units"] = SAMPLE_UNITS.read_text(encoding="utf-8-sig")
    taken_in(folder, **files)
    card = scored(folder, str(case["period"]), "--reading", case.get("reading", "law"))
    wrong = {}
    for unit, components in case["expect"].items():
        if components == "không có":
            assert unit not in {u["id"] for u in card["units"]}
            continue
        for wanted_id, wanted in components.items():
            found = said(component(card, unit, wanted_id), wanted)
            if found != wanted:
                wrong[f"{unit} {wanted_id}"] = f"{found} ≠ {wanted}"
    assert wrong == {}, wrong
