"""The outline of the periodic report as data: sections, measures, sentences (`outline.toml`)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

Take = Literal["count", "share", "ratio", "table", "table_share", "points", "spread"]
Words = Literal["", "asked", "welcome"]
SHIPPED = Path(__file__).with_name("outline.toml")


@dataclass(frozen=True, slots=True)
class MeasureSpec:
    """One number of a section, and where it comes from."""

    id: str
    vi: str
    en: str
    take: Take
    of: tuple[str, ...]
    per: tuple[str, ...] = ()
    """Of a share: what it is a share of."""
    brief: bool = False
    """Whether it is in the report of one page."""
    brief_vi: str = ""
    brief_en: str = ""
    """What it is called there, where the section's title does not stand above it; "" = the same."""


@dataclass(frozen=True, slots=True)
class SentenceSpec:
    """A sentence that is said when all its numbers are known."""

    vi: str
    en: str


@dataclass(frozen=True, slots=True)
class SectionSpec:
    """One section."""

    id: str
    vi: str
    en: str
    cite: str
    evidence: Literal["found", "memory"]
    words: Words = ""
    """Whether people type words for it: "asked" = nothing else fills it."""
    tables: tuple[str, ...] = ()
    """Without these it has no numbers."""
    items: Literal["", "overdue_tasks", "coming_tasks"] = ""
    brief: bool = False
    """Whether its words are in the report of one page."""
    measures: tuple[MeasureSpec, ...] = ()
    sentences: tuple[SentenceSpec, ...] = ()


@dataclass(frozen=True, slots=True)
class Outline:
    """The whole of it."""

    cite: str
    frame: Literal["found", "memory"]
    """Whether the frame of sections I to IV was read in a text."""
    under: str
    """Units graded below this are named."""
    forms: tuple[str, ...]
    """Forms attached to the report of the whole tree."""
    unit_forms: tuple[str, ...]
    """To that of a unit with others below it."""
    own_forms: tuple[str, ...]
    """To that of any other unit."""
    sections: tuple[SectionSpec, ...] = field(default=())


@cache
def outline() -> Outline:
    """The outline that comes with the product."""
    return outline_of(tomllib.loads(SHIPPED.read_text(encoding="utf-8")))


def outline_of(raw: dict[str, Any]) -> Outline:
    """The outline that a TOML document says. Raises TypeError where it holds what nobody knows."""
    head = {key: value for key, value in raw.items() if key != "section"}
    return Outline(**_tuples(head), sections=tuple(_section(one) for one in raw["section"]))


def _section(raw: dict[str, Any]) -> SectionSpec:
    measures = tuple(MeasureSpec(**_tuples(one)) for one in raw.pop("measure", ()))
    sentences = tuple(SentenceSpec(**one) for one in raw.pop("sentence", ()))
    return SectionSpec(**_tuples(raw), measures=measures, sentences=sentences)


def _tuples(raw: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in raw.items()}
