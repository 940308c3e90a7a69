"""The outline that a province writes for itself, checked before it is used: the first fault is told with its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

from tthc_cli.errors import InputError, nearest
from tthc_cli.indicators.registry import INDICATORS
from tthc_cli.schema import table_names
from tthc_cli.settings.positions import Path as KeyPath
from tthc_cli.settings.positions import key_lines, line_of
from tthc_cli.statements.periodic.outline import Outline, Take, outline_of
from tthc_cli.statements.periodic.spreads import SPREADS
from tthc_cli.statements.periodic.tables import FIGURES

_TEXT, _TEXTS, _FLAG = str, list, bool
_EVIDENCE = ("found", "memory")
_KEYS: dict[str, dict[str, object]] = {
    "": {"cite": _TEXT, "frame": _EVIDENCE, "under": _TEXT, "forms": _TEXTS, "unit_forms": _TEXTS, "own_forms": _TEXTS},
    "section": {
        "id": _TEXT, "vi": _TEXT, "en": _TEXT, "cite": _TEXT, "evidence": _EVIDENCE, "words": ("", "asked", "welcome"),
        "tables": _TEXTS, "items": ("", "overdue_tasks", "coming_tasks"), "brief": _FLAG,
    },
    "measure": {
        "id": _TEXT, "vi": _TEXT, "en": _TEXT, "take": get_args(Take),
        "of": _TEXTS, "per": _TEXTS, "brief": _FLAG, "brief_vi": _TEXT, "brief_en": _TEXT,
    },
    "sentence": {"vi": _TEXT, "en": _TEXT},
}  # fmt: skip
_OPTIONAL = {"words", "tables", "items", "brief", "per", "brief_vi", "brief_en"}
_ID = re.compile(r"[IVX]+(\.\d{1,2}(\.[a-z])?)?")
_FIELD = re.compile(r"\{(\w+)\}|[{}]")
"""A number in a sentence; or a brace that is none."""


def read_outline(file: Path) -> Outline:
    """The outline of a file. Raises InputError with the first fault and its line."""
    try:
        text = file.read_bytes().decode("utf-8-sig")
        raw = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as wrong:
        raise InputError("outline_unreadable", path=str(file), reason=wrong) from None
    checked = _Checked(str(file), key_lines(text))
    checked.whole(raw)
    return outline_of(raw)


class _Checked:
    def __init__(self, path: str, lines: dict[KeyPath, int]) -> None:
        self.path = path
        self.lines = lines
        self.seen = {"measure": 0, "sentence": 0}
        self.ids: set[str] = set()

    def fault(self, where: KeyPath, code: str, **fields: object) -> InputError:
        return InputError(code, path=self.path, line=line_of(self.lines, where), **fields)

    def whole(self, raw: Mapping[str, Any]) -> None:
        self._table({k: v for k, v in raw.items() if k != "section"}, "", ())
        sections = self._tables(raw.get("section"), "section", ())
        for at, section in enumerate(sections):
            self._section(section, ("section", at))

    def _section(self, raw: Mapping[str, Any], where: KeyPath) -> None:
        self._table({k: v for k, v in raw.items() if k not in ("measure", "sentence")}, "section", where)
        self._named(raw["id"], where)
        if not _ID.fullmatch(raw["id"]):
            raise self.fault((*where, "id"), "outline_section_id", value=raw["id"])
        for name in raw.get("tables", ()):
            self._known(name, table_names(), (*where, "tables"))
        own = set()
        for one in self._tables(raw.get("measure", []), "measure", where):
            place: KeyPath = ("section", "measure", self.seen["measure"])
            self.seen["measure"] += 1
            self._measure(one, place)
            own.add(one["id"])
        for one in self._tables(raw.get("sentence", []), "sentence", where):
            place = ("section", "sentence", self.seen["sentence"])
            self.seen["sentence"] += 1
            self._table(one, "sentence", place)
            for key in ("vi", "en"):
                for name in _FIELD.findall(one[key]):
                    self._known(name, own, (*place, key))

    def _measure(self, raw: Mapping[str, Any], where: KeyPath) -> None:
        self._table(raw, "measure", where)
        self._named(raw["id"], where)
        place = (*where, "of")
        if not raw["of"] or (raw["take"] in ("share", "table_share")) != bool(raw.get("per")):
            raise self.fault(place, "outline_of", id=raw["id"])
        for source in (*raw["of"], *raw.get("per", ())):
            if raw["take"] in ("count", "share"):
                self._known(source.rpartition(":")[0], {i.id for i in INDICATORS}, place)
            elif raw["take"] == "ratio":
                self._known(source, {i.id for i in INDICATORS if i.component}, place)
            elif raw["take"] in ("table", "table_share"):
                self._known(source, {f"{table}.{name}" for table, names in FIGURES.items() for name in names}, place)
            elif raw["take"] == "spread":
                self._known(source, SPREADS, place)

    def _named(self, name: str, where: KeyPath) -> None:
        if name in self.ids:
            raise self.fault((*where, "id"), "outline_twice", id=name)
        self.ids.add(name)

    def _known(self, name: str, known: Any, where: KeyPath) -> None:
        if name not in known:
            raise self.fault(where, "outline_unknown", value=name, near=nearest(name, sorted(known)) or "–")

    def _tables(self, raw: object, name: str, where: KeyPath) -> list[Mapping[str, Any]]:
        if not isinstance(raw, list) or not all(isinstance(one, dict) for one in raw):
            raise self.fault((*where, name), "outline_tables", key=name)
        return raw

    def _table(self, raw: Mapping[str, Any], name: str, where: KeyPath) -> None:
        """The keys of one table and their types."""
        known = _KEYS[name]
        for key in raw:
            if key not in known:
                raise self.fault((*where, key), "outline_key", key=key, near=nearest(key, list(known)) or "–")
        for key, kind in known.items():
            value = raw.get(key)
            if key not in raw:
                if key not in _OPTIONAL:
                    raise self.fault(where, "outline_missing", key=key)
            elif isinstance(kind, tuple):
                if value not in kind:
                    raise self.fault(
                        (*where, key), "outline_word", key=key, value=value, known=", ".join(filter(None, kind))
                    )
            elif not _is(value, kind):
                raise self.fault((*where, key), "outline_type", key=key)


def _is(value: object, kind: object) -> bool:
    if kind is _TEXTS:
        return isinstance(value, list) and all(isinstance(one, str) for one in value)
    return isinstance(value, bool) if kind is _FLAG else isinstance(value, str) and bool(value.strip())
