"""The pages at the top of the site, from what is remembered of every score: index, trends, open data, changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tthc_cli.render import formats
from tthc_cli.render.site.overview import ROWS, tone_of
from tthc_cli.render.site.tables import FIELDS

if TYPE_CHECKING:
    from tthc_cli.render.site.card import SiteCard
    from tthc_cli.render.site.writing import Writer

Summary = dict[str, Any]
"""What is remembered of a score: plain values, so that it is kept as JSON from one publication to the next."""


def summary(card: SiteCard, data: Mapping[str, Sequence[int | str]]) -> Summary:
    """What the top of the site says of a score. data: the files of its open data, with bytes and SHA-256."""
    head = card.stored.head
    root = card.by_id.get(card.province)
    counts = [
        [card.letters[key], card.grade_label(grade), tone_of(card, key), sum(u.grade == key for u in card.units)]
        for key, grade in card.grades.items()
    ]
    return {
        "folder": card.folder, "period_id": card.period_id, "period": card.period, "window": card.window,
        "start": head["period_start"], "end": head["period_end"], "as_of": card.as_of, "as_of_text": card.as_of_text,
        "title": card.title, "cite": card.rulebook.cite, "rulebook": card.rulebook.id,
        "province": card.by_id[card.province].name if root else "",
        "percent": formats.fixed(root.percent if root else None, card.lang),
        "letters": card.letters.get(root.grade or "", "") if root else "",
        "tone": tone_of(card, root.grade) if root else "",
        "units": len(card.units), "grades": [one for one in counts if one[3]],
        "ungraded": sum(not u.grade for u in card.units),
        "data": dict(data),
    }  # fmt: skip


def home_page(writer: Writer, series: Sequence[tuple[str, Sequence[Summary]]]) -> bytes:
    """The index. series: (heading, scores newest first)."""
    province = next((card["province"] for _, cards in series for card in cards if card["province"]), "")
    return writer.page("home.html.j2", "index.html", series=series, province=writer.site.province or province)


def trends_page(writer: Writer, series: Sequence[Mapping[str, Any]]) -> bytes:
    return writer.page("trends.html.j2", "trends/index.html", series=series)


def data_page(writer: Writer, cards: Sequence[Summary]) -> bytes:
    sizes = {
        (card["folder"], file): formats.plain(-(-size // 1024), writer.site.lang)
        for card in cards
        for file, (size, _) in card["data"].items()
    }
    return writer.page("data.html.j2", "data.html", cards=cards, fields=FIELDS, sizes=sizes)


def changes_page(writer: Writer, changes: Mapping[str, Any]) -> bytes:
    return writer.page("changes.html.j2", "changes.html", changes=changes, most=ROWS)
