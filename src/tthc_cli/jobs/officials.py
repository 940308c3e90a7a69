"""Names of officials from the operator's own list, joined to what is printed and to nothing that is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from tthc_cli.ingest.storing.officials import key_file, names_file, read_key
from tthc_cli.results.listing import Cell, Column
from tthc_cli.units.officials import names_of, shown

if TYPE_CHECKING:
    from tthc_cli.results.listing import Listing
    from tthc_cli.results.scorecard import Scorecard
    from tthc_cli.workspace import Workspace

NAME = Column("official_name", share=1)


def names(workspace: Workspace) -> Mapping[str, str]:
    """Code or hash -> name, as the list that the settings name has it; nothing where there is none. Raises InputError
    when the list, or the key of the hashes, cannot be read."""
    own = names_file(workspace)
    if own is None or workspace.settings.officials.keep != "code":
        return {}
    key = key_file(workspace)
    return names_of(own, read_key(key) if key.exists() else None)


def named_listing(listing: Listing, known: Mapping[str, str]) -> Listing:
    """The list with a column of names beside that of officials, where some are known."""
    at = listing.place("official")
    if at is None or not known:
        return listing

    def with_name(row: tuple[Cell, ...]) -> tuple[Cell, ...]:
        return (*row[: at + 1], known.get(str(row[at])), *row[at + 1 :])

    columns = (*listing.columns[: at + 1], NAME, *listing.columns[at + 1 :])
    return replace(listing, columns=columns, rows=tuple(with_name(row) for row in listing.rows))


def named_card(card: Scorecard, known: Mapping[str, str]) -> Scorecard:
    """A scorecard of officials with their names, to be shown and not to be stored."""
    if card.subjects != "officials" or not known:
        return card

    def called(name: str) -> str:
        code, dash, unit = name.partition(" – ")
        return f"{shown(code, known)}{dash}{unit}"

    return replace(card, units=tuple(replace(u, name=called(u.name)) for u in card.units))
