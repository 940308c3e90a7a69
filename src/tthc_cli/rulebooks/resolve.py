"""A rulebook on top of the one it extends: components, groups and parameters by id; grade bands as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tthc_cli.errors import nearest
from tthc_cli.rulebooks.document import SECTIONS, Document, Entry, read
from tthc_cli.rulebooks.faults import RuleProblem

_OWN = (
    "id",
    "revision",
    "reading",
    "extends",
    "title_vi",
    "title_en",
    "cite",
    "effective_from",
    "effective_to",
    "chosen",
)
"""What a rulebook says of itself and never takes from its base."""


def _merged(section: str, base: tuple[Entry, ...], own: tuple[Entry, ...]) -> tuple[Entry, ...]:
    if section == "grade":
        return own or base
    if section == "parameter":
        given = {entry.id for entry in own}
        return (*(entry for entry in base if entry.id not in given), *own)
    changes = {entry.id: entry for entry in reversed(own)}
    known = {entry.id for entry in base}
    return (
        *(changes[entry.id].over(entry) if entry.id in changes else entry for entry in base),
        *(entry for entry in own if entry.id not in known),
    )


def _duplicates(document: Document) -> list[RuleProblem]:
    """Entries of one file that have the same id (a parameter may have several values in turn)."""
    problems = []
    for section, entries in document.sections.items():
        seen: set[object] = set()
        for entry in entries:
            name = (entry.id, entry.day("effective_from")) if section == "parameter" else entry.id
            if name in seen:
                problems.append(entry.fault("duplicate_id", "key" if section == "grade" else "id"))
            seen.add(name)
    return problems


def resolve(path: Path, index: Mapping[str, Path], chain: tuple[str, ...] = ()) -> Document:
    """Read a rulebook and everything it extends.

    `index` tells where the rulebook of an id lies; `chain` are the ids on the way here. Faults found so far are in
    `problems`, those of the base with the base's file and line.
    """
    document = read(path)
    problems = [*document.problems, *_duplicates(document)]
    root = document.root
    base_id = root.text("extends")
    if not base_id:
        return Document(path, root, document.sections, tuple(problems))
    chain = (*chain, root.text("id"))
    if base_id in chain:
        problems.append(root.fault("cycle", "extends", chain=" → ".join((*chain[chain.index(base_id) :], base_id))))
        return Document(path, root, document.sections, tuple(problems))
    if base_id not in index:
        near = nearest(base_id, list(index))
        problems.append(root.fault("unknown_extends", "extends", value=base_id, near=near))
        return Document(path, root, document.sections, tuple(problems))
    base = resolve(index[base_id], index, chain)
    inherited = Entry(
        "rulebook", root.id,
        {key: value for key, value in base.root.values.items() if key not in _OWN},
        {key: place for key, place in base.root.at.items() if key not in _OWN},
        root.place,
    )  # fmt: skip
    sections = {
        section: _merged(section, base.sections.get(section, ()), document.sections.get(section, ()))
        for section in SECTIONS
    }
    return Document(
        path, root.over(inherited), sections, (*base.problems, *problems), (base_id, *base.lineage)
    )  # fmt: skip
