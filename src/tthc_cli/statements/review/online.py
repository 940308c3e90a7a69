"""Procedures to put online. To 30/6/2026: those with many dossiers that are not fully online; from 1/7/2026 every one
is to be, unless a reason is published (Nghị định 224/2026/NĐ-CP, Điều 14)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tthc_cli.facts.catalogue import UNKNOWN
from tthc_cli.results.control.cost import dong
from tthc_cli.results.listing import Column
from tthc_cli.results.notes import note
from tthc_cli.statements.review.law import online_rule
from tthc_cli.statements.review.rows import listed, share
from tthc_cli.statements.review.volumes import volumes

if TYPE_CHECKING:
    from tthc_cli.results.listing import Listing
    from tthc_cli.statements.dossiers.asking import Asked

FULLY = 2
_LEVELS = {UNKNOWN: "unknown", 0: "none", 1: "partly", FULLY: "fully"}
_FIRST = (Column("procedure_code"), Column("procedure", share=2), Column("field", on_screen=False))
_VOLUMES = (Column("received", "count"), Column("online_share", "number"))
BY_VOLUME = (
    *_FIRST, Column("online_level", "word", "lists.online_level"), *_VOLUMES, Column("verified_share", "number"),
    Column("median_fee", "count"), Column("returns", "word", "lists.mark", on_screen=False),
    Column("eligible", "word", "lists.mark"),
)  # fmt: skip
BY_DEFAULT = (
    *_FIRST, Column("online_level", "word", "lists.online_level"), *_VOLUMES,
    Column("finding", "word", "lists.online_finding", share=1), Column("published_reason", share=1, on_screen=False),
    Column("proactive", "count", on_screen=False),
)  # fmt: skip
FINDINGS = ("no_reason", "level_unknown", "reason_published")


def online_candidates(asked: Asked) -> Listing:
    """Those in force that are not fully online, the most frequent first; from 1/7/2026 those without a published reason
    before them."""
    by, cite = online_rule(asked.moment.at.date())
    rows = _rows(asked)
    if by == "volume":
        rows = [row for row in rows if row["received"]]
        rows.sort(key=lambda r: (-r["received"], r["procedure_code"]))
        return listed("online-candidates", asked, BY_VOLUME, rows, {"procedures": len(rows)}, [_ground(by, cite)])
    rows.sort(key=lambda r: (FINDINGS.index(r["finding"]), -r["received"], r["procedure_code"]))
    counted = {"procedures": len(rows), **{f"finding.{f}": sum(r["finding"] == f for r in rows) for f in FINDINGS}}
    return listed("online-candidates", asked, BY_DEFAULT, rows, counted, [_ground(by, cite)])


def _ground(by: str, cite: str) -> str:
    return note(f"online_by_{by}", cite=cite)


def _rows(asked: Asked) -> list[dict[str, Any]]:
    catalogue, found = asked.context.catalogue, volumes(asked)
    columns = ["MaTTHC", "DuDieuKienToanTrinh", "LyDoMotPhan", "MucDoChuDong"]
    told = {r["MaTTHC"]: r for r in asked.moment.warehouse.read("procedures", columns).to_pylist()}
    day = asked.at // 86400
    open_ = (catalogue.valid_from[:-1] <= day) & (day <= catalogue.valid_to[:-1])
    out = []
    for at in np.flatnonzero(open_ & (catalogue.online_level[:-1] != FULLY)).tolist():
        code, level, received = catalogue.codes[at], int(catalogue.online_level[at]), int(found.of("received")[at])
        reason = told[code]["LyDoMotPhan"]
        finding = "reason_published" if reason else "level_unknown" if level == UNKNOWN else "no_reason"
        out.append(
            {
                "procedure_code": code, "procedure": catalogue.names[at], "field": catalogue.fields[at],
                "online_level": _LEVELS[level], "received": received,
                "online_share": share(int(found.of("online")[at]), received),
                "verified_share": share(int(found.of("verified")[at]), received),
                "median_fee": dong(found.median_fee(at)),
                "returns": "yes" if catalogue.returns_document[at] == 1 else None,
                "eligible": "yes" if told[code]["DuDieuKienToanTrinh"] == 1 else None, "finding": finding,
                "published_reason": reason, "proactive": told[code]["MucDoChuDong"],
            }
        )  # fmt: skip
    return out
