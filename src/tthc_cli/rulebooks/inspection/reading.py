"""The checklist and the signs of risk, read from their files; a province's own copy takes the place of the shipped."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, get_args, get_type_hints

from tthc_cli.errors import InputError, nearest
from tthc_cli.results.control.inspection import Check, Flag

SHIPPED = Path(__file__).parent
OWN = "inspection"
"""Where a province keeps copies of its own, in a workspace."""
CHECKLIST, RISK = "checklist.toml", "risk.toml"
_SECTIONS: dict[str, type] = {"check": Check, "flag": Flag}


@dataclass(frozen=True, slots=True)
class InspectionRules:
    """The checks, the numbers they go by, and the signs of risk."""

    checks: tuple[Check, ...]
    numbers: Mapping[str, int]
    flags: tuple[Flag, ...]

    def weights(self, about: str) -> dict[str, Flag]:
        """The signs of dossiers or units that are looked at."""
        return {one.id: one for one in self.flags if one.about == about and one.weight}


def inspection_rules(folder: Path) -> InspectionRules:
    """The rules of a workspace, whose own files lie in a folder. Raises InputError that names file, entry and fault."""
    checklist, risk = (_read(folder / name, SHIPPED / name) for name in (CHECKLIST, RISK))
    return InspectionRules(checklist["check"], checklist["numbers"], risk["flag"])


def _read(own: Path, shipped: Path) -> dict[str, Any]:
    known = _shipped(shipped)
    if not own.is_file():
        return known
    try:
        raw = tomllib.loads(own.read_bytes().decode("utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as wrong:
        raise _fault(own, "", f"{wrong}") from None
    return _checked(own, raw, known)


@cache
def _shipped(file: Path) -> dict[str, Any]:
    return _checked(file, tomllib.loads(file.read_text(encoding="utf-8")), None)


def _checked(file: Path, raw: Mapping[str, Any], known: Mapping[str, Any] | None) -> dict[str, Any]:
    """The entries of a file. known: the shipped ones, whose ids and numbers are all there are."""
    sections = known if known is not None else raw
    for section in raw:
        if section not in sections:
            raise _unknown(file, section, section, list(sections))
    out: dict[str, Any] = {}
    for section in sections:
        if section == "numbers":
            out[section] = _numbers(file, raw.get(section, {}), None if known is None else known[section])
            continue
        entries = raw.get(section, [])
        if not isinstance(entries, list):
            raise _fault(file, section, f"[[{section}]]")
        out[section] = tuple(_entry(file, section, one) for one in entries)
        _ids(file, section, [one.id for one in out[section]], None if known is None else known[section])
    return out


def _numbers(file: Path, values: Mapping[str, Any], known: Mapping[str, int] | None) -> dict[str, int]:
    for name, value in values.items():
        if known is not None and name not in known:
            raise _unknown(file, "numbers", name, list(known))
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise _fault(file, name, f"{value!r}: 0, 1, 2...")
    return {**(known or {}), **values}


def _entry(file: Path, section: str, values: Any) -> Any:
    record = _SECTIONS[section]
    name = str(values.get("id", "?")) if isinstance(values, dict) else "?"
    hints = get_type_hints(record)
    if not isinstance(values, dict):
        raise _fault(file, section, f"[[{section}]]")
    for key in values:
        if key not in hints:
            raise _unknown(file, name, key, list(hints))
    for one in fields(record):
        if one.name not in values:
            if one.name == "limit":
                continue
            raise _fault(file, name, f"{one.name} = …")
        words = get_args(hints[one.name])
        value = values[one.name]
        if words and value not in words:
            raise _fault(file, name, f"{one.name} = {value!r}: {', '.join(words)}")
        if hints[one.name] is int and (not isinstance(value, int) or isinstance(value, bool) or value < 0):
            raise _fault(file, name, f"{one.name} = {value!r}: 0, 1, 2...")
        if hints[one.name] is str and (not isinstance(value, str) or not value.strip()):
            raise _fault(file, name, f"{one.name} = {value!r}")
    return record(**values)


def _ids(file: Path, section: str, found: list[str], known: Any) -> None:
    twice = [one for one in found if found.count(one) > 1]
    if twice:
        raise _fault(file, twice[0], f"id = {twice[0]!r} (2)")
    if known is None:
        return
    ids = [one.id for one in known]
    for one in found:
        if one not in ids:
            raise _unknown(file, section, one, ids)


def _fault(file: Path, entry: str, detail: str) -> InputError:
    return InputError("inspection_rules", path=str(file), entry=entry or "–", detail=detail)


def _unknown(file: Path, entry: str, name: str, known: list[str]) -> InputError:
    near = nearest(name, known) or "–"
    return InputError("inspection_unknown", path=str(file), entry=entry, name=name, near=near, known=", ".join(known))
