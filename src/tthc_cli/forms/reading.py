"""Forms read from their files, with every fault at its line."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from tthc_cli.errors import InputError, UsageError, nearest
from tthc_cli.forms.layout import (
    COUNTS,
    EVIDENCE,
    LEAVING,
    PERIODS,
    ROWS,
    ROWS_OF,
    SCOPES,
    SOURCES,
    STEPS,
    WAITING,
    WINDOWS,
    Dated,
    Layout,
    LayoutCheck,
    LayoutColumn,
    LayoutPart,
)
from tthc_cli.messages import Lang, say
from tthc_cli.settings.positions import Path as KeyPath
from tthc_cli.settings.positions import key_lines, line_of

SHIPPED = Path(__file__).parent
_CODE = re.compile(r"[\w./-]{1,30}")
_LAST_DAY = 28
"""The last day that every month has."""
_TEXT, _DAY, _WHOLE, _TEXTS, _LIST = "text", "day", "whole", "texts", "list"
_KEYS: dict[str, dict[str, str | tuple[str, ...]]] = {
    "form": {
        "code": _TEXT, "circular": _TEXT, "cite": _TEXT, "evidence": EVIDENCE, "title_vi": _TEXT, "title_en": _TEXT,
        "valid_from": _DAY, "valid_to": _DAY, "window": WINDOWS, "rows": ROWS, "scope": SCOPES, "filled_by_vi": _TEXT,
        "filled_by_en": _TEXT, "subject": tuple(COUNTS), "periods": _TEXTS, "withdrawn": LEAVING, "stopped": LEAVING,
        "waiting": WAITING, "due_evidence": EVIDENCE,
    },
    "addressee": {"valid_from": _DAY, "vi": _TEXT, "en": _TEXT},
    "column": {"number": _WHOLE, "heads_vi": _TEXTS, "heads_en": _TEXTS, "source": SOURCES, "of": _LIST},
    "check": {"column": _WHOLE, "equals": _LIST, "previous": _WHOLE},
    "part": {"title_vi": _TEXT, "title_en": _TEXT, "rows": ROWS, "only": _TEXT},
    "due": {"level": ("tinh", "so", "huyen", "xa"), "day": _WHOLE},
}  # fmt: skip
_CHOSEN = {
    "valid_to": None, "subject": "dossiers", "periods": (), "withdrawn": "processed", "stopped": "processed",
    "waiting": "open", "due_evidence": "found",
}  # fmt: skip
"""What holds where a form says nothing."""
_OPTIONAL = {"form": set(_CHOSEN), "column": {"of"}, "check": {"equals", "previous"}}


@dataclass(frozen=True, slots=True)
class FormFault:
    """What is wrong in a form file, and where."""

    file: str
    line: int
    code: str
    fields: dict[str, object]

    def message(self, lang: Lang) -> str:
        return f"{self.file}:{self.line}: {say(f'forms.fault.{self.code}', lang, **self.fields)}"


class _Reader:
    """One file being read: its values, the lines they stand on, and what is wrong."""

    def __init__(self, file: Path, text: str) -> None:
        self.name = file.name
        self.lines = key_lines(text)
        self.faults: list[FormFault] = []

    def fault(self, where: KeyPath, code: str, **fields: object) -> None:
        self.faults.append(FormFault(self.name, line_of(self.lines, where), code, fields))

    def table(self, values: Any, section: str, where: KeyPath) -> None:
        """Check the keys and the types of one table."""
        known = _KEYS[section]
        if not isinstance(values, dict):
            self.fault(where, "type", key=section, wanted="[table]")
            return
        for key in values:
            if key not in known:
                self.fault((*where, key), "unknown_key", key=key, near=nearest(key, list(known)) or "–")
        for key, kind in known.items():
            if key not in values:
                if key not in _OPTIONAL.get(section, set()):
                    self.fault(where, "missing", key=key, section=section)
            elif isinstance(kind, tuple):
                if values[key] not in kind:
                    self.fault((*where, key), "word", key=key, value=values[key], known=", ".join(kind))
            elif not _fits(values[key], kind):
                self.fault((*where, key), "type", key=key, wanted=kind)

    def tables(self, tables: Any, section: str, below: KeyPath) -> None:
        """Check all tables of a section; `below`: of the table that they stand in."""
        if not isinstance(tables, list):
            self.fault((*below, section), "type", key=section, wanted=f"[[{section}]]")
            return
        for at, values in enumerate(tables):
            self.table(values, section, (*below, section, at))


def _fits(value: object, kind: str) -> bool:
    if kind == _TEXT:
        return isinstance(value, str) and bool(value.strip())
    if kind == _DAY:
        return isinstance(value, date) and not isinstance(value, datetime)
    if kind == _WHOLE:
        return isinstance(value, int) and not isinstance(value, bool)
    if kind == _TEXTS:
        return isinstance(value, list) and bool(value) and all(isinstance(one, str) for one in value)
    return isinstance(value, list) and bool(value) and all(isinstance(one, str | int) for one in value)


def read_form(file: Path) -> tuple[Layout | None, list[FormFault]]:
    """The form of a file; None with all that is wrong in it."""
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return None, [FormFault(file.name, 1, "unreadable", {})]
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        return None, [FormFault(file.name, getattr(wrong, "lineno", 1), "toml", {"reason": str(wrong)})]
    reader = _Reader(file, text)
    for section in found:
        if section not in _KEYS:
            reader.fault((section,), "unknown_key", key=section, near=nearest(section, list(_KEYS)) or "–")
    reader.table(found.get("form", {}), "form", ("form",))
    for section in ("addressee", "column", "check", "due"):
        reader.tables(found.get(section, []), section, ())
    parts = found.get("part", [])
    whole = isinstance(parts, list) and all(isinstance(one, dict) for one in parts)
    reader.tables([{k: v for k, v in p.items() if k != "column"} for p in parts] if whole else parts, "part", ())
    for at, part in enumerate(parts if whole else ()):
        reader.tables(part.get("column", []), "column", ("part", at))
    if not reader.faults and not _CODE.fullmatch(found["form"]["code"]):
        reader.fault(("form", "code"), "form_code")
    for at, one in enumerate(found.get("due", []) if not reader.faults else []):
        if not 1 <= one["day"] <= _LAST_DAY:
            reader.fault(("due", at, "day"), "day", most=_LAST_DAY)
    if not reader.faults:
        _columns_agree(reader, found)
    return (None, reader.faults) if reader.faults else (_layout(found, file), [])


def _columns_agree(reader: _Reader, found: dict[str, Any]) -> None:
    """Columns are numbered 1, 2, 3...; sums and checks speak of columns with figures that there are."""
    subject = found["form"].get("subject", "dossiers")
    rows = found["form"]["rows"]
    if rows not in ROWS_OF[subject]:
        reader.fault(("form", "rows"), "word", key="rows", value=rows, known=", ".join(ROWS_OF[subject]))
    figures = _table_agrees(reader, found.get("column", []), (), subject)
    for kind in found["form"].get("periods", ()):
        if kind not in PERIODS:
            reader.fault(("form", "periods"), "unknown_part", value=kind, known=", ".join(PERIODS))
    for at, part in enumerate(found.get("part", [])):
        _table_agrees(reader, part.get("column", []), ("part", at), subject)
        if part["only"] not in COUNTS[subject]:
            reader.fault(("part", at, "only"), "unknown_part", value=part["only"], known=", ".join(COUNTS[subject]))
    for at, one in enumerate(found.get("check", [])):
        if ("equals" in one) == ("previous" in one) or ("previous" in one and subject != "dossiers"):
            reader.fault(("check", at), "check")
        for number in (one["column"], *one.get("equals", []), *([one["previous"]] if "previous" in one else [])):
            if number not in figures:
                shown = ", ".join(map(str, sorted(figures)))
                reader.fault(("check", at), "unknown_part", value=number, known=shown)


def _table_agrees(reader: _Reader, columns: list[dict[str, Any]], below: KeyPath, subject: str) -> set[int]:
    """The columns of one table; returns the numbers of those with figures."""
    figures = {one["number"] for one in columns if one["source"] in ("count", "sum", "typed")}
    filled = figures | {one["number"] for one in columns if one["source"] == "step"}
    if not filled or sum(one["source"] == "label" for one in columns) != 1:
        reader.fault(below or ("form",), "no_columns")
    of: dict[str, tuple[Any, ...]] = {"count": COUNTS[subject], "step": tuple(STEPS)}
    for at, one in enumerate(columns):
        where: KeyPath = (*below, "column", at)
        if one["number"] != at + 1:
            reader.fault((*where, "number"), "number", number=one["number"], wanted=at + 1)
        if len(one["heads_vi"]) != len(one["heads_en"]):
            reader.fault((*where, "heads_en"), "heads")
        if (one["source"] in ("count", "sum", "step")) != ("of" in one):
            reader.fault(where, "of", source=one["source"])
            continue
        known = of.get(one["source"], tuple(sorted(figures - {one["number"]})))
        for part in one.get("of", []):
            if part not in known:
                reader.fault((*where, "of"), "unknown_part", value=part, known=", ".join(map(str, known)))
    _no_circles(reader, columns, below)
    return figures


def _no_circles(reader: _Reader, columns: list[dict[str, Any]], below: KeyPath) -> None:
    sums = {one["number"] for one in columns if one["source"] == "sum"}
    parts = {one["number"]: set(one["of"]) & sums for one in columns if one["source"] == "sum" and "of" in one}
    while ready := [number for number, needs in parts.items() if not needs & parts.keys()]:
        for number in ready:
            del parts[number]
    for number in sorted(parts):
        reader.fault((*below, "column", number - 1, "of"), "circle", number=number)


def _layout_columns(columns: list[dict[str, Any]]) -> tuple[LayoutColumn, ...]:
    def of(one: dict[str, Any], source: str) -> tuple[Any, ...]:
        return tuple(one["of"]) if one["source"] == source else ()

    return tuple(
        LayoutColumn(
            one["number"], tuple(one["heads_vi"]), tuple(one["heads_en"]), one["source"], of(one, "count"),
            of(one, "sum"), "".join(of(one, "step")[:1]),
        )
        for one in columns
    )  # fmt: skip


def _layout(found: dict[str, Any], file: Path) -> Layout:
    form = {**_CHOSEN, **found["form"]}
    return Layout(
        **{**form, "periods": tuple(form["periods"])},
        addressees=tuple(Dated(**one) for one in found.get("addressee", [])),
        columns=_layout_columns(found["column"]),
        checks=tuple(
            LayoutCheck(one["column"], tuple(one.get("equals", ())), one.get("previous", 0))
            for one in found.get("check", [])
        ),
        due=tuple((one["level"], one["day"]) for one in found.get("due", [])),
        parts=tuple(
            LayoutPart(one["title_vi"], one["title_en"], one["rows"], one["only"], _layout_columns(one["column"]))
            for one in found.get("part", [])
        ),
        file=file.name,
    )


def files_of(own: Path) -> list[Path]:
    """The files of all forms: those of the product, then a province's own."""
    return [*sorted(SHIPPED.glob("*.toml")), *(sorted(own.glob("*.toml")) if own.is_dir() else [])]


def all_forms(own: Path) -> list[Layout]:
    """Every form, by code and first day; those of a province stand in for all of the product with their code. Raises
    InputError for a file that is at fault."""
    found: list[Layout] = []
    for file in files_of(own):
        layout, faults = read_form(file)
        if layout is None:
            raise InputError("form_at_fault", path=str(file), line=faults[0].line)
        found.append(layout)
    shipped = len(list(SHIPPED.glob("*.toml")))
    codes = {one.code for one in found[shipped:]}
    kept = [one for one in found[:shipped] if one.code not in codes]
    return sorted([*kept, *found[shipped:]], key=lambda one: (one.code, one.valid_from))


def named_form(code: str, own: Path, day: date) -> Layout:
    """The form of a code, however its letters are written: that in force on a day, else its newest. Raises UsageError
    with the codes that there are."""
    forms = all_forms(own)
    found = [one for one in forms if one.code.casefold() == code.casefold()]
    if not found:
        raise UsageError("unknown_form", name=code, known=", ".join(dict.fromkeys(one.code for one in forms)))
    return next((one for one in reversed(found) if one.in_force(day)), found[-1])
