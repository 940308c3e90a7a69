"""Runs hand-worked cases: small tables go in through `tthc ingest`, counts come out of `tthc score --json`.

A file of cases has `headings` (table -> heading line), `always` (table -> rows that every case has) and `cases`; what
several files have in common lies in `shared/`. A case has rows by table, a `period`, and `expect`: unit -> component ->
one of "1/2" (numerator/denominator), "chưa đánh giá", "không có điểm", or "1.50 điểm"; or `reasons`: unit -> indicator
-> reason -> how many. `reading` and `xfail` are optional. See tests/cases/README.md.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.command import component, scored, taken_in
from tests.rulebooks.plan import write_plan
from tthc_cli import frames

CASES = Path(__file__).parents[1] / "cases"
SAMPLE_UNITS = Path(__file__).parents[2] / "sample_data" / "exports" / "units.csv"


def document(path: Path) -> dict[str, Any]:
    """A file of cases, with what it shares with others."""
    found: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    if shared := found.get("shared"):
        found = document(CASES / "shared" / f"{shared}.yaml") | found
    return found


def files_of(indicator: str) -> list[Path]:
    """The case files named after an indicator, or in the folder that is."""
    found = CASES.glob(f"{indicator.replace(':', '-')}_*")
    return sorted(f for place in found for f in (place.rglob("*.yaml") if place.is_dir() else [place]))


def cases_in(path: Path) -> list[Any]:
    """Parameters of pytest, one a case."""
    whole = document(path)
    out = []
    for case in whole["cases"]:
        marks = [pytest.mark.xfail(strict=True, reason=case["xfail"])] if "xfail" in case else []
        out.append(pytest.param(whole | {"case": case}, id=f"{path.stem}: {case['case']}", marks=marks))
    assert len({case["case"] for case in whole["cases"]}) == len(whole["cases"])
    return out


def load(name: str) -> list[Any]:
    return cases_in(CASES / f"{name}.yaml")


def reasons_in(path: Path, indicator: str) -> set[str]:
    """The reasons that the cases of a file expect of an indicator; none where nothing is counted is "outside"."""
    found: set[str] = set()
    for case in document(path)["cases"]:
        if "dossier" in case:
            found |= {case["expect"][indicator]} if indicator in case["expect"] else set()
        for by_indicator in case.get("reasons", {}).values():
            if indicator in by_indicator:
                found |= by_indicator[indicator].keys() or {"outside"}
    return found


def said(found: dict[str, Any], wanted: str) -> str:
    """What the score says of a component, in the words of the case."""
    if found["status"] == "not_assessed":
        return "chưa đánh giá"
    if found["status"] == "no_score" and "/" not in wanted:
        return "không có điểm"
    if wanted.endswith("điểm"):
        return f"{found['points']:.2f} điểm"
    return f"{found['numerator']:g}/{found['denominator']:g}"


def marks_plan(folder: Path, marks: dict[str, Any]) -> str:
    """A plan with other parameters of the nine criteria, in the workspace; returns its id."""
    cite = 'cite = "Kế hoạch 12/KH-UBND"'
    body = "".join(
        f'[[parameter]]\nid = "{name}"\nvalue = {json.dumps(value)}\ntitle_vi = "A"\ntitle_en = "A"\n{cite}\n'
        for name, value in marks.items()
    )
    (folder / "rulebooks").mkdir(exist_ok=True)
    write_plan(folder / "rulebooks", body, extends="tt01-2018")
    return "plan"


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
    nine = "evaluation" in document
    how = ("--evaluation", document["evaluation"]) if nine else ("--reading", case.get("reading", "law"))
    book = "tt01-2018"
    if "marks" in case:
        book = marks_plan(folder, case["marks"])
        how = ("--rulebook", book)
    card = scored(folder, str(case["period"]), *how)
    wrong = {}
    for unit, components in case.get("expect", {}).items():
        if components == "không có":
            assert unit not in {u["id"] for u in card["units"]}
            continue
        for wanted_id, wanted in components.items():
            found = said(component(card, unit, wanted_id), wanted)
            if found != wanted:
                wrong[f"{unit} {wanted_id}"] = f"{found} ≠ {wanted}"
    assert wrong == {}, wrong
    if "reasons" in case:
        which = (str(case["period"]), book) if nine else ()
        counted = frames.scorecard(folder, *which).reasons
        for unit, by_indicator in case["reasons"].items():
            for indicator, wanted in by_indicator.items():
                found = {r.reason: r.count for r in counted if (r.unit, r.component) == (unit, indicator)}
                assert found == wanted, f"{unit} {indicator}"
