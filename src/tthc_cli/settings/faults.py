"""What is wrong with a `tthc.toml`: every fault with its line, and the nearest known name beside an unknown one."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args, get_origin

from tthc_cli.errors import InputError, in_words, nearest
from tthc_cli.messages import Lang, catalogue, say
from tthc_cli.settings.positions import key_lines, line_of

Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class SettingsFault:
    """One fault. `code` names the template `settings.fault.<code>`; `key` is where it stands ("scoring.window")."""

    line: int
    key: str
    code: str
    fields: Mapping[str, object] = field(default_factory=dict)

    def sentence(self, path: str, lang: Lang) -> str:
        """File, key, line, what is wrong, what to write."""
        fields = {name: in_words(value, lang) for name, value in self.fields.items()}
        if "expected" in fields:
            fields["expected"] = say(f"settings.type.{fields['expected']}", lang)
        detail = say(f"settings.fault.{self.code}", lang, **fields)
        at = "settings.at" if self.key else "settings.at_line"
        return say(at, lang, path=path, line=self.line, key=self.key, detail=detail)


class SettingsError(InputError):
    """Settings are refused; `faults` are all that is wrong with them."""

    def __init__(self, path: str, faults: tuple[SettingsFault, ...]) -> None:
        super().__init__("settings", path=path, count=len(faults))
        self.faults = faults

    def message(self, lang: Lang) -> str:
        """One sentence for one fault; several stand below each other."""
        what, following = self.in_two(lang)
        return what if len(self.faults) == 1 else f"{what}\n{following}"

    def in_two(self, lang: Lang) -> tuple[str, str]:
        head, following = super().in_two(lang)
        told = [fault.sentence(self.file, lang) for fault in self.faults]
        return "\n".join(told if len(told) == 1 else [head, *told]), following


_SYNTAX: tuple[tuple[str, str], ...] = (
    (r"Expected '=' after a key", "no_equals"),
    (r"Cannot declare .* twice|Cannot redefine namespace", "table_twice"),
    (r"Cannot overwrite a value|Cannot mutate|Duplicate inline table key", "key_twice"),
    (r"Unclosed array", "open_list"),
    (r"Expected '\]+' at the end", "open_table"),
    (r"Unterminated string|Illegal character '\\n'|Illegal character '\\r'", "open_text"),
    (r"Unescaped |Invalid hex value|Escaped character is not", "backslash"),
    (r"Expected newline or end of document after a statement", "after_value"),
    (r"Invalid date or datetime", "no_such_day"),
    (r"Invalid value", "no_value"),
    (r"Invalid statement|Invalid initial character for a key part", "no_statement"),
)
"""What the reader of TOML says, and the fault it is; anything else is told in its own words."""


def syntax_fault(text: str, error: tomllib.TOMLDecodeError) -> SettingsFault:
    """The fault of a text that is no TOML."""
    told = str(error)
    found = re.search(r"\(at line (\d+)", told)
    line = int(found[1]) if found else max(1, len(text.rstrip("\n").splitlines()))
    code = next((code for pattern, code in _SYNTAX if re.search(pattern, told)), "syntax")
    return SettingsFault(line, "", code, {"detail": told.partition(" (at ")[0]} if code == "syntax" else {})


def value_faults(text: str, found: list[Any], model: Any) -> list[SettingsFault]:
    """The faults of keys and values that a model found (`ValidationError.errors()`), in the order of their lines."""
    lines = key_lines(text)
    faults: dict[Place, SettingsFault] = {}
    for one in found:
        place = tuple(part for part in one["loc"] if part != "[key]")
        key = ".".join(part for part in place if isinstance(part, str))
        code, fields = _fault(one, place, model)
        faults.setdefault(place, SettingsFault(line_of(lines, place), key, code, fields))
    return sorted(faults.values(), key=lambda fault: (fault.line, fault.key))


def _fault(one: Any, place: Place, model: Any) -> tuple[str, dict[str, object]]:
    kind, context = one["type"], one.get("ctx", {})
    value = _written(one["input"])
    if kind == "extra_forbidden":
        return _unknown(place, one["input"], model)
    if f"settings.fault.{kind}" in catalogue("vi", "settings"):
        return kind, {"value": value, **context}
    if kind == "literal_error":
        choices = _choices(place, model)
        return "bad_choice", {"value": value, "choices": ", ".join(choices), "near": nearest(value, choices) or "–"}
    if kind in ("greater_than_equal", "less_than_equal"):
        return f"out_{'below' if kind.startswith('greater') else 'above'}", {"value": value, **_limit(context)}
    for pattern, expected in _EXPECTED:
        if re.match(pattern, kind):
            return "wrong_type", {"value": value, "expected": expected}
    return "other", {"value": value, "detail": one["msg"]}


_EXPECTED = (
    (r"string", "text"), (r"bool", "yes_no"), (r"date", "day"), (r"decimal|float", "number"),
    (r"int", "whole"), (r"tuple|list", "list"), (r"model|dict", "table"),
)  # fmt: skip
"""Kinds of errors of the model, and what was expected."""


def _limit(context: Mapping[str, object]) -> dict[str, object]:
    return {"limit": context.get("ge", context.get("le", ""))}


def _written(value: object) -> str:
    """A value as it is told: short, and as TOML has it."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return text if len(text) <= 60 else text[:59] + "…"


def _unknown(place: Place, value: object, model: Any) -> tuple[str, dict[str, object]]:
    """A table or a key that there is none of: the table where a key of that name belongs, else the nearest."""
    *above, last = place
    name = str(last)
    siblings = list(_model_at(tuple(above), model).model_fields)
    if isinstance(value, dict) and not above:
        return "unknown_table", {"near": nearest(name, siblings) or "–", "known": ", ".join(siblings)}
    owners = {key: table for table in model.model_fields for key in getattr(_inner(model, table), "model_fields", ())}
    if name in owners:
        return "wrong_table", {"table": owners[name]}
    if not above:
        near = nearest(name, list(owners))
        return "key_outside", {"near": f"[{owners[near]}] {near}" if near else "–", "known": ", ".join(siblings)}
    return "unknown_key", {"near": nearest(name, siblings) or "–", "known": ", ".join(siblings)}


def _inner(model: Any, key: str) -> Any:
    """The model of a table; None for what is no table."""
    kind = model.model_fields[key].annotation
    return kind if hasattr(kind, "model_fields") else None


def _model_at(place: Place, model: Any) -> Any:
    for part in place:
        model = (_inner(model, part) if isinstance(part, str) and part in model.model_fields else None) or model
    return model


def _choices(place: Place, model: Any) -> list[str]:
    *above, name = (part for part in place if isinstance(part, str))
    kind: Any = _model_at(tuple(above), model).model_fields[name].annotation
    kind = get_args(kind)[0] if get_origin(kind) is tuple else kind
    return [str(choice) for choice in get_args(kind)] if get_origin(kind) is Literal else []


def alias_faults(text: str, aliases: object) -> Iterator[SettingsFault]:
    """Aliases of a table or a column that there is none of, and a heading that is said to be two columns."""
    if not aliases or not isinstance(aliases, dict):
        return
    from tthc_cli.schema import table, table_names
    from tthc_cli.text import fold

    lines, names = key_lines(text), list(table_names())
    for name, columns in aliases.items():
        key = f"aliases.{name}"
        if name not in names:
            fields: dict[str, object] = {"near": nearest(name, names) or "–", "known": ", ".join(names)}
            yield SettingsFault(line_of(lines, ("aliases", name)), key, "alias_table", fields)
            continue
        known = [column.name for column in table(name).columns]
        seen: dict[str, str] = {}
        for column, headings in columns.items() if isinstance(columns, dict) else ():
            line = line_of(lines, ("aliases", name, column))
            if column not in known:
                fields = {"near": nearest(column, known) or "–", "table": name}
                yield SettingsFault(line, f"{key}.{column}", "alias_column", fields)
            for heading in headings if isinstance(headings, list) else ():
                other = seen.setdefault(fold(str(heading)), column)
                if other != column:
                    yield SettingsFault(line, f"{key}.{column}", "alias_twice", {"value": heading, "other": other})
