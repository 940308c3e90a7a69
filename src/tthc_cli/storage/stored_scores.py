"""Where scorecards are kept: Parquet tables beside a JSON manifest, one folder a period and rulebook.

    scores/2023Q2/qd766/manifest.json      rulebook (whole, with hash), sources, as-of moment, version, files
    scores/2023Q2/qd766/units-<hash>.parquet        totals, grades, ranks
    scores/2023Q2/qd766/groups-<hash>.parquet       points by group
    scores/2023Q2/qd766/components-<hash>.parquet   numerator, denominator, points, status
    scores/2023Q2/qd766/counts-<hash>.parquet       verdicts by reason
    scores/2023Q2/qd766/fields-<hash>.parquet       form II.06 by unit and field
    scores/2023Q2/qd766/times-<hash>.parquet        handling times by procedure (2.2)
    scores/2023Q2/qd766/steps-<hash>.parquet        late steps by division
    scores/2023Q2/qd766/lost-<hash>.parquet         the dossiers, procedures, petitions that lost points
    scores/2023Q2/tt01-2018/answers-<hash>.parquet  answers on slips, by unit and question
    scores/2023Q2/tt01-2018/given-<hash>.parquet    marks given to units as a whole, by source
    scores/2023Q2/tt01-2018/self-<hash>.parquet     what units mark themselves, where they do
    scores/2023Q2/tt01-2018/...                     the nine criteria of the same period, beside
    scores/2023Q2/tt01-2018-officials/divisions/... those of divisions; officials likewise

The manifest is replaced in one step, after the files that it names are on disk. Those of the version before stay until
the next one is stored: a reader reads all of one version.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from fractions import Fraction
from itertools import repeat
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

from tthc_cli.errors import InputError
from tthc_cli.periods import WindowStyle
from tthc_cli.results.beside import Beside
from tthc_cli.results.scorecard import (
    FORMAT,
    CheckInfo,
    ComponentInfo,
    ComponentScore,
    GradeBand,
    GroupInfo,
    LostDossier,
    ParameterInfo,
    ReasonCount,
    RulebookInfo,
    Scorecard,
    SourceInfo,
    SubjectKind,
    UnitScore,
    rulebook_document,
)
from tthc_cli.results.self_marks import SelfMark
from tthc_cli.storage.location import DamagedError, Location, files_below, tidy_away, write_atomic
from tthc_cli.storage.parquet import read_parquet
from tthc_cli.storage.records import records, table_of

if TYPE_CHECKING:
    import pyarrow as pa

MANIFEST = "manifest.json"
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")
_OWN = re.compile(r"[^/]+\.parquet|\.[^/]+\.parquet\.(part|new)")
LATEST = "latest.json"
"""In the scores folder: which period and rulebook were scored last; by the nine criteria: latest-nine-criteria.json."""


BESIDE: dict[str, type] = {name: get_args(hint)[0] for name, hint in get_type_hints(Beside).items()}
"""The statements stored beside the scores -> what a row is."""


@dataclass(frozen=True, slots=True)
class GroupPoints:
    """The points of one group of a unit; None when nothing in it was assessed."""

    unit: str
    group: str
    points: Decimal | None


def _plain(value: object) -> Any:
    if isinstance(value, Decimal | Fraction):
        return str(value)
    raise TypeError(type(value).__name__)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


RECORDS = {"units": UnitScore, "components": ComponentScore, "counts": ReasonCount}
"""The tables of a scorecard -> what a row is; those of `Beside` come after, by their names."""


def _is_stored(card: Scorecard, name: str) -> bool:
    """Whether a statement is stored: those of the nine criteria only where they hold something."""
    return name not in ("answers", "given") or bool(getattr(card.beside, name))


def _tables(card: Scorecard) -> dict[str, pa.Table]:
    points = [GroupPoints(u.id, group, p) for u in card.units for group, p in u.groups.items()]
    held = {"units": card.units, "components": card.components, "counts": card.reasons}
    return {
        **{name: table_of(record, held[name]) for name, record in RECORDS.items()},
        "groups": table_of(GroupPoints, points),
        **{
            name: table_of(record, getattr(card.beside, name))
            for name, record in BESIDE.items()
            if _is_stored(card, name)
        },
        **({"self": table_of(SelfMark, card.self_marks)} if card.self_marks else {}),
    }


def _folder(scores: Location, period: str, rulebook_id: str, window: str) -> Location:
    """Windows of Nghị định 09/2019/NĐ-CP are kept apart from calendar ones: scores/2023Q2-nd09/qd766."""
    return scores / (period if window == "calendar" else f"{period}-{window}") / rulebook_id


def _store(folder: Location, name: str, table: pa.Table) -> str:
    """Write a table. Returns the name of its file, which tells its content."""
    import pyarrow.parquet as pq

    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd")
    data = buffer.getvalue()
    file = f"{name}-{hashlib.sha256(data).hexdigest()[:12]}.parquet"
    if not (folder / file).exists():
        write_atomic(folder / file, data)
    return file


def save(card: Scorecard, scores: Location, lost: Sequence[LostDossier] = ()) -> Scorecard:
    """Store a scorecard and the subjects that lost points; returns it as it is stored. The same card gives the same
    bytes. The files of the one before stay until the next one, for its readers."""
    folder = _folder(scores, card.period, card.place, card.window)
    tables = {**_tables(card), "lost": table_of(LostDossier, lost)}
    with ThreadPoolExecutor(len(tables)) as pool:  # a disk or a server makes us wait once, not for each
        stored = pool.map(_store, repeat(folder), tables.keys(), tables.values())
        files = dict(zip(tables, stored, strict=True))
    head = {
        "format": FORMAT, "period": card.period, "period_start": card.period_start, "period_end": card.period_end,
        "window": card.window, "as_of": card.as_of, "province": card.province, "version": card.version,
        "rulebook": rulebook_document(card.rulebook), "sources": [asdict(s) for s in card.sources],
        "unmatched": card.unmatched, "notes": card.notes, "grade_from": card.grade_from, "files": files,
        **({} if card.subjects == "units" else {"subjects": card.subjects}),
    }  # fmt: skip
    document = json.dumps(head, ensure_ascii=False, indent=1, default=_plain).encode()
    _publish(folder, document, set(files.values()))
    write_atomic(
        scores / _latest_file(card.rulebook.evaluation, card.subjects),
        json.dumps({"period": card.period, "rulebook": card.place, "window": card.window}).encode(),
    )
    return replace(card, lost_file=files["lost"])


def _publish(folder: Location, document: bytes, files: set[str]) -> None:
    """Make a manifest the current one, and delete the files that neither it nor the one before names."""
    try:
        before = (folder / MANIFEST).read_bytes()
    except FileNotFoundError:
        before = b"{}"
    write_atomic(folder / MANIFEST, document)
    if before == document:
        return
    with suppress(ValueError, KeyError, TypeError, AttributeError):
        files = files | set(json.loads(before)["files"].values())
    for old in files_below(folder):
        if _OWN.fullmatch(old) and old not in files:
            tidy_away(folder / old)


def rulebook_of(raw: dict[str, Any]) -> RulebookInfo:
    """A rulebook as it is written down in a manifest."""

    def component(c: dict[str, Any]) -> ComponentInfo:
        target = None if c["target"] is None else Fraction(c["target"])
        texts = {"needs": tuple(c["needs"]), "sources": tuple(c.get("sources", ()))}
        return ComponentInfo(**{**c, "max": Decimal(c["max"]), "target": target, **texts})

    texts: dict[str, Any] = {name: tuple(raw[name]) for name in ("lineage", "subjects", "ungraded") if name in raw}
    return RulebookInfo(
        **{
            **raw,
            **texts,
            "groups": tuple(GroupInfo(**{**g, "max": Decimal(g["max"])}) for g in raw["groups"]),
            "components": tuple(component(c) for c in raw["components"]),
            "grades": tuple(GradeBand(**{**g, "lower": Decimal(g["lower"])}) for g in raw["grades"]),
            "checks": tuple(CheckInfo(**{**c, "mark": Decimal(c["mark"])}) for c in raw.get("checks", ())),
            "parameters": tuple(ParameterInfo(**{**p, "value": _setting(p["value"])}) for p in raw["parameters"]),
        }
    )


def _setting(text: str) -> Decimal | str:
    return Decimal(text) if _NUMBER.fullmatch(text) else text


TOTALS = ("units", "groups")
"""The tables that hold totals, grades, ranks and points of groups."""


def load(
    scores: Location, period: str, rulebook_id: str, window: str = "calendar", *, only: Collection[str] = ()
) -> Scorecard:
    """A stored scorecard; `only` some of its tables (TOTALS), the others empty. Raises InputError when there is none,
    or when it is damaged."""
    folder = _folder(scores, period, rulebook_id, window)
    while True:
        try:
            document = (folder / MANIFEST).read_bytes()
        except FileNotFoundError:
            raise InputError("no_score", period=period, rulebook=rulebook_id) from None
        try:
            return _loaded(folder, document, only)
        except InputError:
            if not _replaced(folder, document):  # else: scored again meanwhile, and its files deleted
                raise


def _replaced(folder: Location, document: bytes) -> bool:
    """Whether another manifest stands by now."""
    try:
        return (folder / MANIFEST).read_bytes() != document
    except FileNotFoundError:
        return False


def _loaded(folder: Location, document: bytes, only: Collection[str]) -> Scorecard:
    try:
        head = json.loads(document)
        if head["format"] != FORMAT:
            raise InputError("score_format", path=str(folder), found=head["format"], known=FORMAT)
        wanted = set(only or head["files"]) - {"lost"}
        tables = {name: read_parquet(folder / file) for name, file in head["files"].items() if name in wanted}
        return _card(head, tables, only)
    except (DamagedError, FileNotFoundError, ValueError, KeyError, TypeError, ArithmeticError) as error:
        raise InputError("bad_score", path=str(folder), detail=repr(error)) from None


def _card(head: dict[str, Any], tables: dict[str, pa.Table], only: Collection[str]) -> Scorecard:
    groups: dict[str, dict[str, Decimal | None]] = {}
    for g in records(GroupPoints, tables["groups"]):
        groups.setdefault(g.unit, {})[g.group] = g.points
    beside: dict[str, Any] = {
        name: tuple(records(record, tables[name])) for name, record in BESIDE.items() if name in tables
    }
    return Scorecard(
        period=head["period"],
        period_start=head["period_start"],
        period_end=head["period_end"],
        window=head["window"],
        as_of=head["as_of"],
        province=head["province"],
        rulebook=rulebook_of(head["rulebook"]),
        version=head["version"],
        sources=tuple(SourceInfo(**{**s, "tables": tuple(s["tables"])}) for s in head["sources"]),
        units=tuple(records(UnitScore, tables["units"], groups=lambda row: groups.get(row["id"], {}))),
        components=tuple(records(ComponentScore, tables["components"])) if not only else (),
        reasons=tuple(records(ReasonCount, tables["counts"])) if not only else (),
        beside=Beside(**beside),
        unmatched=tuple((str(n), int(c), str(k)) for n, c, k in head["unmatched"]),
        notes=tuple(head["notes"]),
        lost_file=str(head["files"].get("lost", "")),
        grade_from=Decimal(head.get("grade_from", 0)),
        subjects=head.get("subjects", "units"),
        self_marks=tuple(records(SelfMark, tables["self"])) if "self" in tables else (),
    )


def load_lost(scores: Location, card: Scorecard) -> tuple[LostDossier, ...]:
    """The subjects that lost points, as stored with this very version of the scorecard; () when there were too many to
    store. Raises InputError when it has been scored again, and again, since."""
    folder = _folder(scores, card.period, card.place, card.window)
    try:
        table = read_parquet(folder / card.lost_file)
    except (DamagedError, FileNotFoundError) as error:
        with suppress(FileNotFoundError):
            if card.lost_file.encode() not in (folder / MANIFEST).read_bytes():
                raise InputError("score_replaced", path=str(folder)) from None
        raise InputError("bad_score", path=str(folder), detail=repr(error)) from None
    return tuple(records(LostDossier, table))


def is_stored(scores: Location, period: str, rulebook_id: str, window: str) -> bool:
    """Whether a scorecard is stored."""
    return (_folder(scores, period, rulebook_id, window) / MANIFEST).exists()


def _latest_file(evaluation: str, subjects: SubjectKind) -> str:
    """What was scored last is remembered by evaluation: another one changes nothing of what the first answers."""
    named = [part for part in (evaluation, subjects) if part not in ("qd766", "units")]
    return "-".join([LATEST.removesuffix(".json"), *named]) + ".json"


def latest(
    scores: Location, evaluation: str = "qd766", subjects: SubjectKind = "units"
) -> tuple[str, str, WindowStyle]:
    """(period, place among its scores, window) scored last by an evaluation. Raises InputError when nothing is
    scored."""
    try:
        raw = json.loads((scores / _latest_file(evaluation, subjects)).read_bytes())
        return str(raw["period"]), str(raw["rulebook"]), "nd09" if raw["window"] == "nd09" else "calendar"
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        raise InputError("nothing_scored", path=str(scores)) from None
