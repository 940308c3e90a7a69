"""The periodic report in every form: docx to sign and send, xlsx, csv and html of its numbers, json for programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tthc_cli.results.periodic import listing, public_json

if TYPE_CHECKING:
    from tthc_cli.messages import Lang
    from tthc_cli.render.view.model import Letterhead
    from tthc_cli.results.periodic import Periodic

FORMATS = ("docx", "xlsx", "html", "json", "csv")


def periodic_bytes(report: Periodic, shape: str, lang: Lang, letterhead: Letterhead, *, brief: bool = False) -> bytes:
    """The report in one of FORMATS; brief: the document on one page. Same report, same bytes."""
    if shape == "docx":
        from tthc_cli.render.word.periodic import periodic_document

        return periodic_document(report, lang, letterhead, brief=brief)
    if shape == "json":
        return (json.dumps(public_json(report, lang), ensure_ascii=False, indent=1) + "\n").encode()
    from tthc_cli.render.listing import listing_bytes

    return listing_bytes(listing(report, lang), shape, lang)
