"""Web archives (MHTML, "Single File Web Page"): the pages in them that hold tables, and the names of their sheets."""

from __future__ import annotations

import email
import email.policy
import html
import re
from collections.abc import Iterator
from email.message import Message
from typing import TYPE_CHECKING

from tthc_cli.ingest.files.pages.page_text import as_utf8
from tthc_cli.ingest.files.refused import UnreadableError

if TYPE_CHECKING:
    from tthc_cli.ingest.files.pages.page_tables import PageTable

_CUT = ("CloseBoundaryNotFoundDefect", "StartBoundaryNotFoundDefect", "InvalidBase64PaddingDefect")
_NAMES = re.compile(r"<x:Name>([^<]{1,200})</x:Name>")
_VISIBLE = re.compile(r"<x:Visible>([^<]{1,40})</x:Visible>")
_PLACE = re.compile(r"""<x:WorksheetSource HRef=3?D?["']?([^"'>]{1,300})""", re.IGNORECASE)


def pages(data: bytes) -> Iterator[tuple[str, PageTable]]:
    """(name, table) of every table in the archive. Raises UnreadableError when it is cut off or damaged."""
    from tthc_cli.ingest.files.pages.page_tables import tables

    message = email.message_from_bytes(data.lstrip(b"\xef\xbb\xbf\r\n "), policy=email.policy.compat32)
    parts = [part for part in message.walk() if not part.is_multipart()]
    contents = [(part, _content(part)) for part in parts if part.get_content_maintype() == "text"]
    for part in message.walk():
        if any(type(defect).__name__ in _CUT for defect in part.defects):
            raise UnreadableError("ingest.left_cut_off", "")
    styles = [as_utf8(content).data.decode() for part, content in contents if part.get_content_subtype() == "css"]
    found = [(part, as_utf8(content, part.get_content_charset() or "")) for part, content in contents if _is_page(part)]
    names, hidden = _sheet_names([page.data.decode() for _, page in found])
    some = False
    for part, page in found:
        if b"<table" not in page.data.lower() and len(found) > 1:
            continue
        here = tables(page, styles)
        some = True
        place = str(part.get("Content-Location", "")).rsplit("/", maxsplit=1)[-1]
        for number, one in enumerate(here, 1):
            one.hidden |= place in hidden
            name = names.get(place, "" if len(found) == 1 else place)
            yield (
                f"{name} ({number})" if number > 1 and name else name or ("" if len(here) == 1 else f"Bảng {number}"),
                one,
            )
    if not some:
        raise UnreadableError("ingest.left_no_table", "")


def _is_page(part: Message) -> bool:
    return part.get_content_subtype() in ("html", "xhtml+xml")


def _content(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _sheet_names(texts: list[str]) -> tuple[dict[str, str], set[str]]:
    """(file of a sheet -> its name, files of hidden sheets), as the page says that holds the workbook's frames."""
    names: dict[str, str] = {}
    hidden: set[str] = set()
    for text in texts:
        for sheet in text.split("<x:ExcelWorksheet>")[1:]:
            told = sheet.partition("</x:ExcelWorksheet>")[0]
            name, place, visible = _NAMES.search(told), _PLACE.search(told), _VISIBLE.search(told)
            if name and place:
                file = html.unescape(place[1]).rsplit("/", maxsplit=1)[-1]
                names[file] = html.unescape(name[1])
                if visible and "hidden" in visible[1].lower():
                    hidden.add(file)
    return names, hidden
