"""Rulebooks: found, loaded, chosen by period. A rulebook that is wrong is refused with file and line."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Literal, cast

from tthc_cli.errors import InputError, nearest
from tthc_cli.machine import hand_written
from tthc_cli.messages import Lang, say
from tthc_cli.results.scorecard import (
    CheckInfo,
    ComponentInfo,
    GradeBand,
    GroupInfo,
    ParameterInfo,
    RulebookInfo,
    rulebook_document,
)
from tthc_cli.rulebooks.check import check
from tthc_cli.rulebooks.document import Document, Entry
from tthc_cli.rulebooks.faults import RulebookError, RuleProblem
from tthc_cli.rulebooks.known import DEFAULTS, FULL_MARK
from tthc_cli.rulebooks.resolve import resolve

BUILT_IN = Path(__file__).parent


def files(folder: Path | None = None) -> tuple[Path, ...]:
    """The rulebook files that come with the program, then those of the workspace's `folder`."""
    own = sorted(folder.glob("*.toml")) if folder is not None and folder.is_dir() else []
    return (*sorted(BUILT_IN.glob("*.toml")), *own)


def _index(folder: Path | None) -> dict[str, Path]:
    """Where the newest revision of each rulebook lies. Files that cannot be read are passed over here."""
    found: dict[str, tuple[int, Path]] = {}
    for path in files(folder):
        try:
            raw = tomllib.loads(hand_written(path))
            name, revision = str(raw["id"]), int(raw["revision"])
        except (OSError, ValueError, TypeError, KeyError):
            continue
        if name not in found or found[name][0] < revision:
            found[name] = (revision, path)
    return {name: path for name, (_, path) in found.items()}


def _resolved(path: Path) -> tuple[Document, tuple[RuleProblem, ...]]:
    document = resolve(path, _index(path.parent))
    return document, document.problems or check(document)


def problems(path: Path) -> tuple[RuleProblem, ...]:
    """Every fault of a rulebook file and of what it extends; none when it can be used."""
    return _resolved(path)[1]


def load(path: Path) -> RulebookInfo:
    """The rulebook in a file, on top of the one it extends. Raises RulebookError with every fault it has."""
    document, faults = _resolved(path)
    if faults:
        raise RulebookError(faults)
    return _info(document)


def available(folder: Path | None = None) -> tuple[RulebookInfo, ...]:
    """Every rulebook: built in, then the workspace's. Raises RulebookError for one that is wrong or defined twice."""
    books: dict[tuple[str, int], tuple[Path, RulebookInfo]] = {}
    for path in files(folder):
        book = _built_in(path) if path.parent == BUILT_IN else load(path)
        if (book.id, book.revision) in books:
            fields = {"id": book.id, "revision": book.revision, "other": str(books[book.id, book.revision][0])}
            raise RulebookError((RuleProblem(str(path), 1, "same_revision", fields),))
        books[book.id, book.revision] = (path, book)
    return tuple(book for _, book in books.values())


@cache
def _built_in(path: Path) -> RulebookInfo:
    return load(path)


def by_id(rulebook_id: str, folder: Path | None = None, revision: int | None = None) -> RulebookInfo:
    """The rulebook of that id; its newest revision unless one is asked for. Raises InputError when there is none."""
    books = available(folder)
    hits = [b for b in books if b.id == rulebook_id and revision in (None, b.revision)]
    if not hits:
        ids = sorted({b.id for b in books})
        raise InputError("no_rulebook", id=rulebook_id, known=", ".join(ids), near=nearest(rulebook_id, ids) or "–")
    return max(hits, key=lambda b: b.revision)


def choose(
    reading: str, on: date, folder: Path | None = None, evaluation: str = "qd766", subjects: str = "units"
) -> RulebookInfo:
    """The rulebook of an evaluation, for some subjects, in force for a reading on a day (the last day of the period).

    Of several revisions the newest counts; a province's plan takes the place of the rulebook it extends.
    Raises InputError when none is in force, or when two are and neither extends the other.
    """
    day = on.isoformat()
    newest: dict[str, RulebookInfo] = {}
    for book in available(folder):
        if (
            book.evaluation == evaluation
            and subjects in book.subjects
            and book.chosen == "in_force"
            and book.reading == reading
            and book.effective_from <= day <= (book.effective_to or day)
        ):
            known = newest.get(book.id)
            newest[book.id] = book if known is None or book.revision > known.revision else known
    replaced = {base for book in newest.values() for base in book.lineage}
    hits = [book for book in newest.values() if book.id not in replaced]
    if not hits and evaluation == "nine-criteria":
        code = "no_nine_criteria" if subjects == "units" else "no_statutory_grade"
        raise InputError(code, day=on, subjects=subjects, known=_named(folder, evaluation, subjects))
    if not hits:
        raise InputError("no_rulebook_in_force", reading=reading, day=on)
    if len(hits) > 1:
        ids = ", ".join(sorted(book.id for book in hits))
        raise InputError("two_rulebooks", reading=reading, day=on, ids=ids)
    return hits[0]


def _named(folder: Path | None, evaluation: str, subjects: str) -> str:
    """Ids of the rulebooks that could be asked for by name."""
    books = (b for b in available(folder) if b.evaluation == evaluation and subjects in b.subjects)
    return ", ".join(sorted({b.id for b in books})) or "–"


def _amount(value: Decimal, lang: Lang) -> str:
    text = f"{value.normalize():f}"
    return text.replace(".", ",") if lang == "vi" else text


def _rule(entry: Entry, lang: Lang) -> str:
    target = entry.number_or_none("target")
    percent = "" if target is None else _amount(target * 100, lang)
    return say(f"rules.rule.{entry.text('rule')}", lang, max=_amount(entry.number("max"), lang), target=percent)


def _component(entry: Entry, places: int) -> ComponentInfo:
    target = Decimal(FULL_MARK) if entry.text("rule") == "mean" else entry.number_or_none("target")
    return ComponentInfo(
        id=entry.id, group=entry.text("group"), title_vi=entry.text("title_vi"), title_en=entry.text("title_en"),
        max=entry.number("max"), rule_vi=_rule(entry, "vi"), rule_en=_rule(entry, "en"),
        numerator_vi=entry.text("numerator_vi"), numerator_en=entry.text("numerator_en"),
        denominator_vi=entry.text("denominator_vi"), denominator_en=entry.text("denominator_en"),
        subject=entry.text("subject"), cite=entry.text("cite"),
        target=None if target in (None, 1) else Fraction(target), when_zero=entry.text("when_zero"),
        needs=entry.texts("needs"), sources=entry.texts("sources"), places=places,
    )  # fmt: skip


def natural(component_id: str) -> tuple[tuple[int, str], ...]:
    """Sort key of ids as people count: 1.2 before 1.10."""
    parts = re.split(r"[.\-_ ]", component_id)
    return tuple((int(part), "") if part.isdigit() else (10**9, part) for part in parts)


def _places(root: Entry) -> int:
    places = root.values.get("places", DEFAULTS["places"])
    assert isinstance(places, int)
    return places


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _info(document: Document) -> RulebookInfo:
    root, sections = document.root, document.sections
    order = [group.id for group in sections["group"]]
    components = sorted(sections["component"], key=lambda c: (order.index(c.text("group")), natural(c.id)))
    grades = sorted(sections["grade"], key=lambda g: g.number("lower"), reverse=True)
    revision = root.values["revision"]
    assert isinstance(revision, int)
    info = RulebookInfo(
        id=root.text("id"), revision=revision, sha256="", reading=root.text("reading"),
        title_vi=root.text("title_vi"), title_en=root.text("title_en"), cite=root.text("cite"),
        effective_from=root.text("effective_from"), effective_to=_iso(root.day("effective_to")),
        no_score=cast("Literal['zero', 'excluded']", root.text("no_score")),
        groups=tuple(
            GroupInfo(g.id, g.text("title_vi"), g.text("title_en"), g.number("max"), g.text("cite"))
            for g in sections["group"]
        ),
        components=tuple(_component(entry, _places(root)) for entry in components),
        grades=tuple(
            GradeBand(g.id, g.text("label_vi"), g.text("label_en"), g.number("lower"), g.text("cite")) for g in grades
        ),
        parameters=tuple(
            ParameterInfo(
                p.id, p.setting("value"), p.text("title_vi"), p.text("title_en"), p.text("cite"),
                _iso(p.day("effective_from")), _iso(p.day("effective_to")),
            )
            for p in sections.get("parameter", ())
        ),
        lineage=document.lineage,
        evaluation=root.text("evaluation") or str(DEFAULTS["evaluation"]),
        graded_on=cast("Literal['percent', 'total']", root.text("graded_on") or DEFAULTS["graded_on"]),
        subjects=root.texts("subjects") or ("units",), ungraded=root.texts("ungraded"),
        chosen=cast("Literal['in_force', 'by_name']", root.text("chosen") or "in_force"),
        checks=tuple(
            CheckInfo(
                c.id, c.text("component"), c.number("mark"), c.text("title_vi"), c.text("title_en"), c.text("cite")
            )
            for c in sections.get("check", ())
        ),
    )  # fmt: skip
    return replace(info, sha256=_digest(info))


def _digest(info: RulebookInfo) -> str:
    """SHA-256 of everything the resolved rulebook says, so that a change of its base shows too."""

    def plain(value: object) -> object:
        if isinstance(value, Decimal):
            return f"{value.normalize():f}"
        if isinstance(value, Fraction):
            return str(value)
        raise TypeError(type(value))

    said = rulebook_document(info)
    for component in said["components"]:
        del component["rule_vi"], component["rule_en"]  # our words for the numbers beside them
    content = json.dumps(said, default=plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(content.encode()).hexdigest()
