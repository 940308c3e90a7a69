"""Officials of a workspace: names from the operator's own list, joined to what is printed and to nothing that is
stored; and erasing everything that is kept of them."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from tthc_cli import rulebooks
from tthc_cli.errors import TthcError
from tthc_cli.ingest import forget_officials
from tthc_cli.ingest.storing.officials import any_codes, key_file, names_file, read_key
from tthc_cli.results.listing import Cell, Column
from tthc_cli.storage.erase_scores import erase_scores, stored_of
from tthc_cli.storage.location import files_below, remove, write_atomic
from tthc_cli.units.officials import names_of, shown

if TYPE_CHECKING:
    from pathlib import Path

    from tthc_cli.ingest.sources import ForgetReport
    from tthc_cli.results.listing import Listing
    from tthc_cli.results.scorecard import Scorecard, UnitScore
    from tthc_cli.storage.warehouse import Warehouse
    from tthc_cli.workspace import Workspace

MARKER = ".forget-officials"
"""Lies in the workspace while officials are erased, so that the next ingest finishes what a run that died left."""
_LIST = re.compile(r"officials-\d{4}-\d\d-\d\d(-[^/]*)?\.(xlsx|csv|html|json)")
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

    return replace(card, units=tuple(replace(unit, name=_called(unit, known)) for unit in card.units))


def _called(official: UnitScore, known: Mapping[str, str]) -> str:
    """The name of an official in a scorecard, which begins with the code, with the person's name beside that."""
    code = official.id.removeprefix(f"{official.parent}/")
    rest = official.name.removeprefix(code)
    return f"{shown(code, known)}{rest}" if rest != official.name else official.name


def forget(workspace: Workspace) -> ForgetReport:
    """Erase everything that is kept of officials: lists and reports in the folder of reports, scores of every period,
    kept counts, codes in the warehouse, at last the key. The caller holds `workspace.lock()`.

    Done again, it finishes what was left undone. Raises InputError when a file cannot be deleted.
    """
    marker = workspace.root / MARKER
    write_atomic(marker, b"")
    papers = _erase_papers(workspace)
    scores = erase_scores(workspace.scores, "officials")
    shutil.rmtree(workspace.counts, ignore_errors=True)
    report = forget_officials(workspace)
    remove(marker)
    erased = bool(papers or scores or report.officials_erased)
    return replace(report, officials_erased=erased, scores_erased=scores, papers_erased=papers)


def finish_forgetting(workspace: Workspace) -> bool:
    """Do what a `forget` that died left undone; whether there was anything."""
    if not half_forgotten(workspace).exists():
        return False
    forget(workspace)
    return True


def half_forgotten(workspace: Workspace) -> Path:
    """The marker of a `forget` that is not over."""
    return workspace.root / MARKER


def left_over(workspace: Workspace, warehouse: Warehouse | None) -> bool:
    """Whether something of officials is stored although the workspace keeps none."""
    if workspace.settings.officials.keep == "code":
        return False
    stored = warehouse is not None and any_codes(warehouse)
    return stored or key_file(workspace).exists() or bool(stored_of(workspace.scores, "officials"))


def _erase_papers(workspace: Workspace) -> int:
    """Lists and reports of officials in the folder of reports, by the names under which they are written."""
    try:
        books = rulebooks.available(workspace.rulebooks)
    except TthcError:  # a faulty plan of the province; papers by it are told apart no more
        books = rulebooks.available()
    ids = "|".join(sorted({re.escape(book.id) for book in books if "officials" in book.subjects}))
    report = re.compile(rf"tthc-\d{{4}}[^/]*?-({ids})-officials([._-].*)?")
    files = [f for f in files_below(workspace.reports) if _LIST.fullmatch(f) or report.fullmatch(f)]
    for file in files:
        remove(workspace.reports / file)
    return len(files)
