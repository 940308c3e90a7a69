"""The data dictionary as people read it."""

from __future__ import annotations

from dataclasses import dataclass

from tthc_cli.messages import Lang
from tthc_cli.schema import all_tables
from tthc_cli.workspace import Workspace


@dataclass(frozen=True, slots=True)
class ColumnView:
    """One column: what it means, how it is stored, which headings and words are known for it."""

    name: str
    meaning: str
    type: str
    required: bool
    headings: tuple[str, ...]
    """Known headings besides the name; those of the workspace's aliases first."""
    codes: dict[int, tuple[str, ...]]
    parts: tuple[str, ...] = ()
    """Headings that are added up where they stand side by side."""


@dataclass(frozen=True, slots=True)
class TableView:
    """One table."""

    name: str
    label: str
    key: tuple[str, ...]
    signature: tuple[tuple[str, ...], ...]
    columns: tuple[ColumnView, ...]


def describe_tables(workspace: Workspace, lang: Lang) -> tuple[TableView, ...]:
    """Every table of the data dictionary, extended by the workspace's aliases."""
    views = []
    for spec in all_tables():
        own = workspace.settings.aliases.get(spec.name, {})
        columns = tuple(
            ColumnView(
                c.name, c.meaning_vi if lang == "vi" else c.meaning_en, c.type, c.required,
                tuple(dict.fromkeys((*own.get(c.name, ()), *c.headings))), c.codes, c.parts,
            )
            for c in spec.columns
        )  # fmt: skip
        label = spec.label_vi if lang == "vi" else spec.label_en
        views.append(TableView(spec.name, label, spec.key, spec.signature, columns))
    return tuple(views)
