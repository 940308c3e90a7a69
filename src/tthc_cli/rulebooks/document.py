"""One rulebook file, read: entries with their values and the lines they stand on; keys and types checked."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from tthc_cli.errors import nearest
from tthc_cli.machine import hand_written
from tthc_cli.rulebooks.faults import RuleProblem
from tthc_cli.rulebooks.known import CHOSEN, DEFAULTS, EVALUATIONS, GRADED_ON, READINGS
from tthc_cli.settings.positions import key_lines, line_of

Place = tuple[str, int]
"""File and line."""

KEYS: dict[str, dict[str, str | tuple[str, ...]]] = {
    "rulebook": {
        "id": "id", "revision": "integer", "reading": READINGS, "extends": "text", "title_vi": "text",
        "title_en": "text", "cite": "text", "effective_from": "date", "effective_to": "date",
        "no_score": ("zero", "excluded"), "total": "number", "evaluation": EVALUATIONS, "places": "integer",
        "graded_on": GRADED_ON, "subjects": "texts", "ungraded": "texts", "chosen": CHOSEN,
    },
    "group": {"id": "id", "title_vi": "text", "title_en": "text", "max": "number", "cite": "text"},
    "component": {
        "id": "id", "group": "text", "title_vi": "text", "title_en": "text", "max": "number",
        "rule": ("linear", "target", "analysis", "mean"), "target": "number", "when_zero": ("zero", "full", "no_score"),
        "subject": ("dossier", "procedure", "decision", "petition", "unit", "agency", "typed"),
        "numerator_vi": "text", "numerator_en": "text", "denominator_vi": "text", "denominator_en": "text",
        "needs": "texts", "sources": "texts", "cite": "text",
    },
    "grade": {
        "key": "id", "label_vi": "text", "label_en": "text", "lower": "number", "upper": "number", "cite": "text",
    },
    "parameter": {
        "id": "id", "value": "value", "title_vi": "text", "title_en": "text", "cite": "text",
        "effective_from": "date", "effective_to": "date",
    },
    "check": {
        "id": "id", "component": "text", "mark": "number", "title_vi": "text", "title_en": "text", "cite": "text",
    },
}  # fmt: skip
"""Section -> key -> the type of its value, or the words it may be."""

_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]*")

SECTIONS = ("group", "component", "grade", "parameter", "check")
OPTIONAL: dict[str, frozenset[str]] = {
    "rulebook": frozenset({"extends", "effective_to", "total", "subjects", "ungraded", "chosen", *DEFAULTS}),
    "group": frozenset(),
    "component": frozenset({"target", "needs", "sources"}),
    "grade": frozenset({"upper"}),
    "parameter": frozenset({"effective_from", "effective_to"}),
    "check": frozenset(),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One table of a rulebook: its values, and where each of them was written."""

    section: str
    id: str
    values: dict[str, object]
    at: dict[str, Place]
    place: Place

    def fault(self, code: str, key: str = "", **fields: object) -> RuleProblem:
        """A fault of this entry, at the line of `key`."""
        file, line = self.at.get(key, self.place)
        if key:
            fields["field"] = key
        return RuleProblem(file, line, code, {"section": self.section, "id": self.id, **fields})

    def over(self, base: Entry) -> Entry:
        """This entry's values on top of those of `base`; a rule without a target takes the target away."""
        values, at = {**base.values, **self.values}, {**base.at, **self.at}
        if "rule" in self.values and "target" not in self.values and self.values["rule"] != "target":
            values.pop("target", None)
        return replace(self, values=values, at=at)

    def text(self, key: str) -> str:
        return str(self.values.get(key, ""))

    def number(self, key: str) -> Decimal:
        value = self.values[key]
        assert isinstance(value, Decimal)
        return value

    def setting(self, key: str) -> Decimal | str:
        """A number, a word, or a day written as ISO has it."""
        value = self.values[key]
        return value if isinstance(value, Decimal) else value.isoformat() if isinstance(value, date) else str(value)

    def number_or_none(self, key: str) -> Decimal | None:
        return self.number(key) if key in self.values else None

    def day(self, key: str) -> date | None:
        value = self.values.get(key)
        assert value is None or isinstance(value, date)
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.values.get(key, ())
        assert isinstance(value, tuple)
        return value


@dataclass(frozen=True, slots=True)
class Document:
    """A rulebook as written, or resolved on top of the one it extends."""

    path: Path
    root: Entry
    sections: dict[str, tuple[Entry, ...]]
    problems: tuple[RuleProblem, ...] = ()
    lineage: tuple[str, ...] = field(default=())
    """Ids of the rulebooks it extends, nearest first."""


def _typed(value: object, kind: str) -> object | None:
    """The value in its Python form; None when it is not of the kind."""
    typed: object | None = None
    if isinstance(value, bool):
        pass
    elif kind in ("text", "value") and isinstance(value, str):
        typed = value.strip() or None
    elif kind == "id" and isinstance(value, str):
        typed = value if _ID.fullmatch(value) else None
    elif kind == "integer" and isinstance(value, int) and value >= 1:
        typed = value
    elif kind in ("number", "value") and isinstance(value, int | Decimal):
        typed = Decimal(value)
    elif kind in ("date", "value") and isinstance(value, date) and not isinstance(value, datetime):
        typed = value
    elif kind == "texts" and isinstance(value, list) and all(isinstance(item, str) for item in value):
        typed = tuple(value)
    return typed


def _entry(
    file: str, lines: dict[tuple[str | int, ...], int], where: tuple[str | int, ...], section: str,
    raw: dict[str, object],
) -> tuple[Entry, list[RuleProblem]]:  # fmt: skip
    name = str(raw.get("key" if section == "grade" else "id", ""))
    at = {key: (file, line_of(lines, (*where, key))) for key in raw}
    entry = Entry(section, name, {}, at, (file, line_of(lines, where)))
    problems = []
    for key, value in raw.items():
        kind = KEYS[section].get(key)
        if kind is None:
            problems.append(entry.fault("unknown_key", key, near=nearest(key, list(KEYS[section]))))
        elif isinstance(kind, tuple):
            if value in kind:
                entry.values[key] = value
            else:
                near = nearest(str(value), list(kind))
                problems.append(entry.fault("bad_choice", key, value=value, choices=", ".join(kind), near=near))
        elif (typed := _typed(value, kind)) is None:
            problems.append(entry.fault("wrong_type", key, value=value, expected=kind))
        else:
            entry.values[key] = typed
    if "cite" not in raw:
        problems.append(entry.fault("no_cite"))
    return entry, problems


def read(path: Path) -> Document:
    """Read one file as it is written, not yet resolved. Its faults of syntax, keys and types are in `problems`."""
    file = str(path)
    nothing = Entry("rulebook", "", {}, {}, (file, 1))
    try:
        text = hand_written(path)
        raw = tomllib.loads(text, parse_float=Decimal)
    except OSError as error:
        return Document(path, nothing, {}, (RuleProblem(file, 1, "unreadable", {"detail": error}),))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        found = re.search(r"line (\d+)", str(error))
        line = int(found[1]) if found else 1
        return Document(path, nothing, {}, (RuleProblem(file, line, "syntax", {"detail": str(error)}),))
    lines = key_lines(text)
    problems: list[RuleProblem] = []
    sections: dict[str, tuple[Entry, ...]] = {}
    for section in SECTIONS:
        tables = raw.pop(section, [])
        if not isinstance(tables, list) or not all(isinstance(t, dict) for t in tables):
            line = line_of(lines, (section,))
            problems.append(RuleProblem(file, line, "not_tables", {"field": section}))
            continue
        read_entries = [_entry(file, lines, (section, n), section, table) for n, table in enumerate(tables)]
        problems += [problem for _, found_problems in read_entries for problem in found_problems]
        sections[section] = tuple(entry for entry, _ in read_entries)
    root, root_problems = _entry(file, lines, (), "rulebook", raw)
    return Document(path, root, sections, (*root_problems, *problems))
