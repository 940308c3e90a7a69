"""The HTML files of one scorecard: the pages of units are written first, then the index that leads to them, then what
no index leads to any more goes. So at every moment the index on disk leads to pages that are there.

    tthc-2023-qd766.html                                      the index (or the one page)
    tthc-2023-qd766_files/<hash of the pages>/units-01.html   pages of units
"""

from __future__ import annotations

import hashlib
import re
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from tthc_cli.storage.location import files_below, tidy_away, write_atomic

if TYPE_CHECKING:
    from tthc_cli.render.view.model import CardView
    from tthc_cli.storage.location import Location

ONE_PAGE = 250
"""So many sections of units still go on one page, when nothing else is asked for."""
UNITS_A_PAGE = 100
"""Units a page when there are more."""
FOLDER = "_files"
"""Windows Explorer moves, copies and deletes X.html and the folder X_files together."""
_OURS = re.compile(r"([0-9a-f]{12})/\.?units-\d+\.html(\.[0-9a-f-]+\.tmp)?")


def write_pages(card: CardView, path: Location, most: int | None = None) -> None:
    """Write the page to `path`, or the index there and the units on pages of at most `most`.

    `most`: None = one page up to ONE_PAGE units, else UNITS_A_PAGE; 0 = one page always. The same card gives the same
    bytes under the same names; pages of an earlier scorecard in the same place are removed.
    """
    from tthc_cli.render.html.page import SplitCard, page_text
    from tthc_cli.render.html.page_split import unit_pages

    folder = path.parent / (path.name.removesuffix(path.suffix) + FOLDER)
    limit = ONE_PAGE if most is None else most
    if not limit or len(card.selected) <= limit:
        write_atomic(path, page_text(card).encode("utf-8"))
        _remove_others(folder, "")
        return
    split = SplitCard(card, unit_pages(card, most or UNITS_A_PAGE))
    pages = {file: text.encode("utf-8") for file, text in split.page_texts(f"../../{quote(path.name)}")}
    stamp = hashlib.sha256(b"".join(pages.values())).hexdigest()[:12]
    for file, data in pages.items():
        write_atomic(folder / stamp / file, data)
    write_atomic(path, split.index_text(f"{quote(folder.name)}/{stamp}").encode("utf-8"))
    _remove_others(folder, stamp)


def _remove_others(folder: Location, stamp: str) -> None:
    """Remove the pages of other scorecards, and nothing that is not ours."""
    for name in files_below(folder):
        found = _OURS.fullmatch(name)
        if found and found[1] != stamp:
            tidy_away(folder / name)
    if isinstance(folder, Path) and folder.is_dir():
        for emptied in (*(one for one in folder.iterdir() if one.is_dir()), folder):
            with suppress(OSError):
                emptied.rmdir()
