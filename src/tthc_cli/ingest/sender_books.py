"""The list of issues by sender: a book for each, and a table that says which is whose (`issues/senders.csv`)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tthc_cli.ingest.issues import FOR_THE_GROUP, neutral
from tthc_cli.ingest.issues_book import Book
from tthc_cli.messages import Lang, say
from tthc_cli.private import masked
from tthc_cli.storage.location import write_atomic
from tthc_cli.text import fold, vietnamese_order

if TYPE_CHECKING:
    from tthc_cli.errors import Issue

INDEX = "senders.csv"
_HEADS = ("sender", "file", "rejected", "warning")
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class SenderBook:
    """The book of one sender, in the folder of books."""

    sender: str
    file: str
    rejected: int
    warnings: int


def write_books(
    folder: Path, issues: Iterable[Issue], senders: Mapping[str, str], lang: Lang
) -> tuple[SenderBook, ...]:
    """Write a book for each sender that has issues, and the table of them; books of an earlier run that are no longer
    due are removed. `senders`: path of a source -> name of its sender."""
    books: dict[str, Book] = {}
    for issue in issues:
        books.setdefault(masked(senders.get(issue.file, issue.file)), Book(lang)).add(issue)
    names = _file_names(sorted(books, key=vietnamese_order))
    before = {book.file for book in read_index(folder)}
    for sender, name in names.items():
        books[sender].write(folder / name)
    for old in before - set(names.values()):
        (folder / old).unlink(missing_ok=True)
    made = tuple(
        SenderBook(sender, name, books[sender].counts["rejected"], books[sender].counts["warning"])
        for sender, name in names.items()
    )
    if made:
        _write_index(folder / INDEX, made, lang)
    elif folder.is_dir():
        (folder / INDEX).unlink(missing_ok=True)
        with suppress(OSError):
            folder.rmdir()
    return made


def read_index(folder: Path) -> tuple[SenderBook, ...]:
    """The books that are there, as the table tells; none when it does not."""
    try:
        rows = list(csv.reader(io.StringIO((folder / INDEX).read_text(encoding="utf-8-sig"))))[1:]
        books = tuple(SenderBook(row[0], row[1], int(row[2]), int(row[3])) for row in rows)
    except (OSError, ValueError, IndexError):
        return ()
    return tuple(book for book in books if Path(book.file).name == book.file and book.file.endswith(".xlsx"))


def _file_names(senders: Iterable[str]) -> dict[str, str]:
    """Sender -> name of its book: plain letters, each once.

    >>> _file_names(["Sở Tư pháp", "so-tu-phap", "…"])
    {'Sở Tư pháp': 'so-tu-phap.xlsx', 'so-tu-phap': 'so-tu-phap-2.xlsx', '…': 'khac.xlsx'}
    """
    found: dict[str, str] = {}
    for sender in senders:
        stem = fold(sender).replace(" ", "-")[:_LONGEST] or "khac"
        name, number = f"{stem}.xlsx", 1
        while name in found.values():
            number += 1
            name = f"{stem}-{number}.xlsx"
        found[sender] = name
    return found


def _write_index(path: Path, books: Iterable[SenderBook], lang: Lang) -> None:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([say(f"ingest.sender_{head}", lang) for head in _HEADS])
    writer.writerows([neutral(book.sender), book.file, book.rejected, book.warnings] for book in books)
    write_atomic(path, b"\xef\xbb\xbf" + buffer.getvalue().encode("utf-8", "replace"), mode=FOR_THE_GROUP)
