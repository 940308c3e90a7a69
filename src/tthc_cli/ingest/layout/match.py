"""Match headings to columns of the data dictionary, and tell which table a sheet is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache

from tthc_cli.errors import UsageError
from tthc_cli.ingest.quoting import JOINT
from tthc_cli.ingest.quoting import heading as heading_shown
from tthc_cli.schema import Column, TableSpec, all_tables
from tthc_cli.settings.faults import alias_faults
from tthc_cli.text import fold, nfc

_SURE = 4
"""Known headings that no row of data holds."""
Aliases = Mapping[str, Mapping[str, Sequence[str]]]


_IN_DONG = re.compile(r"\s*[(\[]\s*(?:(?:đvt|đơn vị(?: tính)?)\s*:?\s*)?(?:đồng|vnđ|vnd|đ)\s*[)\]]\s*$", re.IGNORECASE)
"""What says behind a heading that its amounts are in đồng."""


_REMARK = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]\s*")
_NUMBERING = re.compile(r"^\s*(?:\(?\s*(?:\d{1,2}|[IVXivx]{1,4})\s*[.):]|\[\d{1,2}\])\s*(?=[^\W\d])")
_FORM = re.compile(
    r"[\d\s.*]*|[dmyhMYHs/\-:. ]+|(?:ngày|tháng|năm|giờ|phút|giây|h|[\s/:\-,])+|\*?\s*bắt buộc|nếu có", re.IGNORECASE
)
"""Remarks that only tell the form of the values, or their number."""
_OTHER = re.compile(
    r"\b(nghin|ngan|trieu|ty|usd|utc|gmt|du kien|cu|moi|truoc|sau|lan|bo sung|gia han|dieu chinh|thuc te|lien thong|cha"
    r"|cap tren|chua|khong)\b"
)
"""Words in a remark that make another thing of a column."""
_OR = re.compile(r"\s*(?:/|,|;|\||\bhoặc\b)\s*")


@lru_cache(maxsize=65536)
def squash(text: str) -> str:
    """A heading as it is compared: folded, without blanks."""
    return fold(text).replace(" ", "")


@lru_cache(maxsize=16384)
def bare_heading(text: str, form_only: bool = False) -> str:
    """A heading without a number before it and without remarks in brackets, but for one that changes what it means;
    `form_only`: only remarks on the form of the values go.

    >>> bare_heading("1. Ngày tiếp nhận (dd/MM/yyyy HH:mm)"), bare_heading("Lệ phí (nghìn đồng)")
    ('Ngày tiếp nhận', 'Lệ phí (nghìn đồng)')
    """

    def without(hit: re.Match[str]) -> str:
        form = _FORM.fullmatch(nfc(hit[1]))
        return " " if form or not (form_only or _OTHER.search(fold(hit[1]))) else hit[0]

    return _REMARK.sub(without, _NUMBERING.sub("", nfc(text), count=1)).strip(" *:")


@dataclass(frozen=True, slots=True)
class Match:
    """How the headings of a sheet fit one table."""

    table: TableSpec
    columns: dict[int, str]
    """Position -> canonical column; a total comes after its parts."""
    clashes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Column -> the headings that all mean it, none of them for certain."""
    ignored: tuple[str, ...] = ()
    spare: tuple[int, ...] = ()
    """Positions of headings that mean a column already taken by a surer heading."""
    parts: dict[str, dict[int, str]] = field(default_factory=dict)
    """Column -> position -> heading of the parts of an amount that are added up."""

    @property
    def mostly_known(self) -> bool:
        """Whether the row is one of headings, by most of its cells or by several."""
        known = len(self.columns) + len(self.spare)
        return known > len(self.ignored) or known >= _SURE

    @property
    def complete(self) -> bool:
        """Whether the headings suffice to tell that the sheet is this table."""
        have = set(self.columns.values()) | set(self.clashes)
        if self.table.unless and {squash(h) for h in self.table.unless} & {squash(h) for h in self.ignored}:
            return False
        return any(set(need) <= have for need in self.table.signature)


class Vocabulary:
    """The headings known for one table: those of the dictionary and the workspace's aliases."""

    def __init__(self, table: TableSpec, aliases: Mapping[str, Sequence[str]]) -> None:
        self.table = table
        self.known: dict[str, str] = {}
        self.sure: set[str] = set()
        self.amounts = {column.name for column in table.columns if column.type == "amount"}
        self.measured = {column.name for column in table.columns if column.type in ("amount", "decimal", "count")}
        self.remarks = {squash(heading) for heading in table.remarks}
        self.parts = {squash(part): part for column in table.columns for part in column.parts}
        for column in table.columns:
            for heading in (column.meaning_vi, *column.headings):
                self.known.setdefault(squash(heading), column.name)
        for column in table.columns:
            self.known[squash(column.name)] = column.name
            self.sure.add(squash(column.name))
        for name, headings in aliases.items():
            for heading in headings:
                self.known[squash(heading)] = name
                self.sure.add(squash(heading))

    def look_up(self, heading: str) -> tuple[str, bool] | None:
        """(column, whether that is certain) for a heading, joined or not."""
        key = self._key(heading)
        if key:
            return self.known[key], key in self.sure
        loose = self.loosely(heading)
        return (loose, False) if loose else None

    def loosely(self, heading: str) -> str:
        """The column that a heading means without its number and remarks, or in each of its several names; ""
        when there is none."""
        if self._key(heading):
            return ""
        last = heading.rsplit(JOINT, maxsplit=1)[-1]
        whole = self._bare_column(last)
        if whole:
            return whole
        names = [name for name in _OR.split(bare_heading(last)) if name]
        columns = {self._bare_column(name) for name in names} if len(names) > 1 else {""}
        return columns.pop() if len(columns) == 1 else ""

    def _bare_column(self, text: str) -> str:
        for form_only in (True, False):
            name = self.known.get(squash(bare_heading(text, form_only)), "")
            if (
                name
                and (form_only or name not in self.measured)
                and (name in self.amounts or not _IN_DONG.search(text))
            ):
                return name
        return ""

    def _key(self, heading: str) -> str:
        """The known form of a heading, whole, of the last of its joined parts, or of an amount without "(đồng)"; ""
        when there is none."""
        last = heading.rsplit(JOINT, maxsplit=1)[-1]
        for text in (heading, last):
            if (key := squash(text)) and key in self.known:
                return key
        key = squash(_IN_DONG.sub("", last)) if self.amounts else ""
        return key if self.known.get(key) in self.amounts else ""

    def _parts(self, places: Sequence[int], headings: Sequence[str]) -> dict[int, str]:
        """Position -> heading of those that are different parts of one amount, beside a total at most; else nothing."""
        found = {p: self.parts[key] for p in places if (key := self._key(headings[p])) in self.parts}
        different = len(set(found.values())) == len(found) >= 2
        return found if different and len(places) - len(found) <= 1 else {}

    def match(self, headings: Sequence[str]) -> Match:
        """Fit a row of headings to the table."""
        found: dict[str, list[tuple[int, bool]]] = {}
        ignored = []
        for position, heading in enumerate(headings):
            hit = self.look_up(heading) if heading.strip() else None
            if hit is not None:
                found.setdefault(hit[0], []).append((position, hit[1]))
            elif heading.strip() and squash(heading) not in self.remarks:
                ignored.append(heading)
        personal = {c.name for c in self.table.columns if c.type == "personal"}
        columns: dict[int, str] = {}
        clashes: dict[str, tuple[str, ...]] = {}
        spare: list[int] = []
        added: dict[str, dict[int, str]] = {}
        loose = {p for places in found.values() for p, _ in places if self.loosely(headings[p])}
        for name, all_places in found.items():
            places = [place for place in all_places if place[0] not in loose] or all_places
            if name not in personal:
                spare += [p for p, _ in all_places if p in loose and (p, False) not in places]
                if places is all_places and len(places) > 1 and places[0][0] in loose:
                    ignored += [headings[p] for p, _ in places]
                    continue
            else:
                places = all_places
            certain = [p for p, is_sure in places if is_sure]
            if name in personal:
                columns.update({p: name for p, _ in places})
            elif len(places) == 1 or len(certain) == 1:
                chosen = certain[0] if certain else places[0][0]
                columns[chosen] = name
                spare += [p for p, _ in places if p != chosen]
            elif parts := self._parts([p for p, _ in places], headings):
                added[name] = parts
                columns.update(dict.fromkeys(parts, name))
                columns.update({p: name for p, _ in places if p not in parts})
            else:
                clashes[name] = tuple(headings[p] for p, _ in places)
        return Match(self.table, columns, clashes, tuple(ignored), tuple(spare), added)


def near_misses(match: Match) -> dict[str, str]:
    """Heading that means nothing known -> the free column that it resembles."""
    taken = set(match.columns.values()) | set(match.clashes)
    free = [c for c in match.table.columns if c.name not in taken]
    tellable = [text for text in match.ignored if heading_shown(text, trusted=False) == text]
    found = {heading: _nearest_column(heading, free) for heading in tellable}
    return {heading: name for heading, name in found.items() if name is not None}


def near_fields(match: Match) -> dict[str, str]:
    """All near misses, as fields of a message: what resembles what, and the lines of `tthc.toml` that would say so."""
    near = near_misses(match)
    if not near:
        return {}
    by_column: dict[str, list[str]] = {}
    for heading, column in near.items():
        by_column.setdefault(column, []).append(heading.rsplit(JOINT, maxsplit=1)[-1])
    return {
        "pairs": ", ".join(f'"{heading}" ~ {column}' for heading, column in near.items()),
        "lines": "; ".join(f"{column} = [{', '.join(map(_quoted, names))}]" for column, names in by_column.items()),
        "table": match.table.name,
    }


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _nearest_column(heading: str, columns: Sequence[Column]) -> str | None:
    names: dict[str, str] = {}
    for column in columns:
        for text in (column.name, column.meaning_vi, *column.headings):
            names.setdefault(squash(text), column.name)
    hits = get_close_matches(squash(heading.rsplit(JOINT, maxsplit=1)[-1]), names, n=1, cutoff=0.84)
    return names[hits[0]] if hits else None


def vocabularies(aliases: Aliases) -> tuple[Vocabulary, ...]:
    """One vocabulary a table. Raises UsageError when an alias, of settings that no file holds, names no table or
    column."""
    for fault in alias_faults("", aliases):
        raise UsageError("alias", key=fault.key, near=fault.fields["near"])
    return tuple(Vocabulary(table, aliases.get(table.name, {})) for table in all_tables())
