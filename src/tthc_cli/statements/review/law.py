"""What the law and the plans say of reviewing procedures, from `law.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from tthc_cli.messages import Lang


@cache
def _written() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "law.toml").read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class LinkedGroup:
    """Procedures of which one filing starts all."""

    id: str
    name_vi: str
    name_en: str
    members: tuple[str, ...]
    """Phrases in the names of the procedures."""

    def name(self, lang: Lang) -> str:
        return self.name_vi if lang == "vi" else self.name_en


def hours_a_year() -> Fraction:
    """Working hours over which a yearly income is spread."""
    cost = _written()["cost"]
    return Fraction(cost["months"] * cost["days"] * cost["hours"])


def cost_cite() -> str:
    return str(_written()["cost"]["cite"])


def review_due(year: int) -> date:
    """By when, before that day, the results of a year's review are sent."""
    review = _written()["review"]
    return date(year, review["due_month"], review["due_day"])


def review_cite() -> str:
    return str(_written()["review"]["cite"])


def online_rule(day: date) -> tuple[str, str]:
    """By what procedures are to go online on a day ("volume" or "default"), and the ground."""
    for rule in _written()["online"]:
        if rule.get("since", day) <= day <= rule.get("until", day):
            return str(rule["by"]), str(rule["cite"])
    raise AssertionError("the rules follow one another without a gap")


def linked_groups() -> tuple[LinkedGroup, ...]:
    """The groups that are linked already."""
    return tuple(
        LinkedGroup(one["id"], one["name_vi"], one["name_en"], tuple(one["members"])) for one in _written()["linked"]
    )


@dataclass(frozen=True, slots=True)
class Limits:
    """From when a figure of a procedure is a reason to review it; shares in percent."""

    most: int
    """So many at the top by yearly cost, or by volume."""
    least: int
    """Dossiers below which a share says nothing."""
    late: int
    supplemented: int
    refused: int
    petitions: int


def limits() -> Limits:
    written = _written()["candidates"]
    return Limits(**{name: int(written[name]) for name in Limits.__dataclass_fields__})


def candidates_cite() -> str:
    return str(_written()["candidates"]["cite"])
