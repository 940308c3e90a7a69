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

The manifest is replaced in one step, after the files that it names are on disk. Those of the version before stay until
the next one is stored: a reader reads all of one version.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, fields, replace
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import repeat
from typing import TYPE_CHECKING, Any

from tthc_cli.errors import InputError
from tthc_cli.periods import WindowStyle
from tthc_cli.results.scorecard import (
    FORMAT,
    ComponentInfo,
    ComponentScore,
    FieldCount,
    GradeBand,
    GroupInfo,
    LostDossier,
    ParameterInfo,
    ProcedureTime,
    ReasonCount,
    RulebookInfo,
    Scorecard,
    SourceInfo,
    StepCount,
    UnitScore,
)
from tthc_cli.storage.location import DamagedError, Location, files_below, tidy_away, write_atomic
from tthc_cli.storage.parquet import read_parquet

if TYPE_CHECKING:
    import pyarrow as pa

MANIFEST = "manifest.json"
_TIME_FLOATS = ("mean", "median", "percentile_90", "statutory")
_OWN = re.compile(r"[^/]+\.parquet|\.[^/]+\.parquet\.(part|new)")
LATEST = "latest.json"
"""In the scores folder: which period and rulebook were scored last."""


def _plain(value: object) -> Any:
    if isinstance(value, Decimal | Fraction):
        return str(value)
    raise TypeError(type(value).__name__)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _tables(card: Scorecard) -> dict[str, pa.Table]:
    import pyarrow as pa

    units = pa.table(
        {
            "id": [u.id for u in card.units],
            "name": [u.name for u in card.units],
            "level": [u.level for u in card.units],
            "parent": pa.array([u.parent for u in card.units], pa.string()),
            "total": pa.array([_text(u.total) for u in card.units], pa.string()),
            "assessed_max": [str(u.assessed_max) for u in card.units],
            "provisional": [u.provisional for u in card.units],
            "percent": pa.array([_text(u.percent) for u in card.units], pa.string()),
            "grade": pa.array([u.grade for u in card.units], pa.string()),
            "rank": pa.array([u.rank for u in card.units], pa.int32()),
            "ungraded_reason": [u.ungraded_reason for u in card.units],
        }
    )
    pairs = [(u.id, g, p) for u in card.units for g, p in u.groups.items()]
    groups = pa.table(
        {
            "unit": [u for u, _, _ in pairs],
            "group": [g for _, g, _ in pairs],
            "points": pa.array([_text(p) for _, _, p in pairs], pa.string()),
        }
    )
    c = card.components
    components = pa.table(
        {
            "unit": [x.unit for x in c],
            "id": [x.id for x in c],
            "numerator": pa.array([_text(x.numerator) for x in c], pa.string()),
            "denominator": pa.array([_text(x.denominator) for x in c], pa.string()),
            "points": pa.array([_text(x.points) for x in c], pa.string()),
            "max": [str(x.max) for x in c],
            "status": [x.status for x in c],
            "basis": [x.basis for x in c],
            "source": [x.source for x in c],
            "note": [x.note for x in c],
            "unknown": pa.array([x.unknown for x in c], pa.int64()),
            "untold": pa.array([x.untold for x in c], pa.int64()),
        }
    )
    r = card.reasons
    counts = pa.table(
        {
            "unit": [x.unit for x in r],
            "component": [x.component for x in r],
            "reason": [x.reason for x in r],
            "in_denominator": pa.array([x.in_denominator for x in r], pa.bool_()),
            "in_numerator": pa.array([x.in_numerator for x in r], pa.bool_()),
            "count": pa.array([x.count for x in r], pa.int64()),
        }
    )
    names = [f.name for f in fields(ProcedureTime)]
    types = {"time_unit": pa.int8(), "finished": pa.int64(), **dict.fromkeys(_TIME_FLOATS, pa.float64())}
    times = pa.table(
        {name: pa.array([getattr(t, name) for t in card.times], types.get(name, pa.string())) for name in names}
    )
    steps = pa.table(
        {
            "unit": pa.array([x.unit for x in card.steps], pa.string()),
            "division": pa.array([x.division for x in card.steps], pa.string()),
            "steps": pa.array([x.steps for x in card.steps], pa.int64()),
            "late": pa.array([x.late for x in card.steps], pa.int64()),
        }
    )
    return {
        "units": units, "groups": groups, "components": components, "counts": counts,
        "fields": _fields_table(card.fields), "times": times, "steps": steps,
    }  # fmt: skip


def _fields_table(counted: Sequence[FieldCount]) -> pa.Table:
    import pyarrow as pa

    texts = ("unit", "field")
    return pa.table(
        {
            f.name: pa.array([getattr(x, f.name) for x in counted], pa.string() if f.name in texts else pa.int64())
            for f in fields(FieldCount)
        }
    )


def _lost_table(lost: Sequence[LostDossier]) -> pa.Table:
    import pyarrow as pa

    category = pa.dictionary(pa.int32(), pa.string())
    repeated = {"unit", "component", "procedure", "reason", "source", "sheet"}
    columns = {}
    for name in (f.name for f in fields(LostDossier)):
        values = [getattr(x, name) for x in lost]
        if name == "row":
            columns[name] = pa.array(values, pa.int32())
        elif name == "overdue_hours":
            columns[name] = pa.array(values, pa.float64())
        else:
            columns[name] = pa.array(values, pa.string()).cast(category if name in repeated else pa.string())
    return pa.table(columns)


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
    folder = _folder(scores, card.period, card.rulebook.id, card.window)
    tables = {**_tables(card), "lost": _lost_table(lost)}
    with ThreadPoolExecutor(len(tables)) as pool:  # a disk or a server makes us wait once, not for each
        stored = pool.map(_store, repeat(folder), tables.keys(), tables.values())
        files = dict(zip(tables, stored, strict=True))
    head = {
        "format": FORMAT, "period": card.period, "period_start": card.period_start, "period_end": card.period_end,
        "window": card.window, "as_of": card.as_of, "province": card.province, "version": card.version,
        "rulebook": asdict(card.rulebook), "sources": [asdict(s) for s in card.sources],
        "unmatched": card.unmatched, "notes": card.notes, "grade_from": card.grade_from, "files": files,
    }  # fmt: skip
    document = json.dumps(head, ensure_ascii=False, indent=1, default=_plain).encode()
    _publish(folder, document, set(files.values()))
    write_atomic(
        scores / LATEST,
        json.dumps({"period": card.period, "rulebook": card.rulebook.id, "window": card.window}).encode(),
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


def _rulebook(raw: dict[str, Any]) -> RulebookInfo:
    def component(c: dict[str, Any]) -> ComponentInfo:
        target = None if c["target"] is None else Fraction(c["target"])
        return ComponentInfo(**{**c, "max": Decimal(c["max"]), "target": target, "needs": tuple(c["needs"])})

    return RulebookInfo(
        **{
            **raw,
            "groups": tuple(GroupInfo(**{**g, "max": Decimal(g["max"])}) for g in raw["groups"]),
            "components": tuple(component(c) for c in raw["components"]),
            "grades": tuple(GradeBand(**{**g, "lower": Decimal(g["lower"])}) for g in raw["grades"]),
            "parameters": tuple(ParameterInfo(**{**p, "value": _setting(p["value"])}) for p in raw["parameters"]),
            "lineage": tuple(raw["lineage"]),
        }
    )


def _setting(text: str) -> Decimal | str:
    return Decimal(text) if text.replace(".", "", 1).isdigit() else text


def _maybe(convert: Callable[[str], Any], text: str | None) -> Any:
    return None if text is None else convert(text)


_fraction = lru_cache(maxsize=65536)(Fraction)
_decimal = lru_cache(maxsize=65536)(Decimal)
"""Equal numbers are one object too; most counts and points occur many times."""


def load(scores: Location, period: str, rulebook_id: str, window: str = "calendar") -> Scorecard:
    """A stored scorecard. Raises InputError when there is none, or when it is damaged."""
    folder = _folder(scores, period, rulebook_id, window)
    while True:
        try:
            document = (folder / MANIFEST).read_bytes()
        except FileNotFoundError:
            raise InputError("no_score", period=period, rulebook=rulebook_id) from None
        try:
            return _loaded(folder, document)
        except InputError:
            if not _replaced(folder, document):  # else: scored again meanwhile, and its files deleted
                raise


def _replaced(folder: Location, document: bytes) -> bool:
    """Whether another manifest stands by now."""
    try:
        return (folder / MANIFEST).read_bytes() != document
    except FileNotFoundError:
        return False


def _loaded(folder: Location, document: bytes) -> Scorecard:
    try:
        head = json.loads(document)
        if head["format"] != FORMAT:
            raise InputError("score_format", path=str(folder), found=head["format"], known=FORMAT)
        tables = {name: read_parquet(folder / file) for name, file in head["files"].items() if name != "lost"}
        return _card(head, tables)
    except (DamagedError, FileNotFoundError, ValueError, KeyError, TypeError) as error:
        raise InputError("bad_score", path=str(folder), detail=repr(error)) from None


def _rows(table: pa.Table) -> Iterator[dict[str, Any]]:
    """The rows of a table, one at a time; equal texts of a column are one object, or a country's counts would take
    three times the memory."""
    import pyarrow as pa
    import pyarrow.compute as pc

    columns: list[list[Any]] = []
    for column in table.columns:
        if pa.types.is_string(column.type):
            coded = pc.dictionary_encode(column.combine_chunks())
            texts = [*coded.dictionary.to_pylist(), None]
            columns.append([texts[-1 if at is None else at] for at in coded.indices.to_pylist()])
        else:
            columns.append(column.to_pylist())
    return (dict(zip(table.column_names, values, strict=True)) for values in zip(*columns, strict=True))


def _card(head: dict[str, Any], tables: dict[str, pa.Table]) -> Scorecard:
    groups: dict[str, dict[str, Decimal | None]] = {}
    for g in _rows(tables["groups"]):
        groups.setdefault(g["unit"], {})[g["group"]] = _maybe(_decimal, g["points"])
    return Scorecard(
        period=head["period"],
        period_start=head["period_start"],
        period_end=head["period_end"],
        window=head["window"],
        as_of=head["as_of"],
        province=head["province"],
        rulebook=_rulebook(head["rulebook"]),
        version=head["version"],
        sources=tuple(SourceInfo(**{**s, "tables": tuple(s["tables"])}) for s in head["sources"]),
        units=tuple(
            UnitScore(
                **{
                    **u,
                    "groups": groups.get(u["id"], {}),
                    "total": _maybe(_decimal, u["total"]),
                    "assessed_max": _decimal(u["assessed_max"]),
                    "percent": _maybe(_decimal, u["percent"]),
                }
            )
            for u in _rows(tables["units"])
        ),
        components=tuple(
            ComponentScore(
                **{
                    **c,
                    "numerator": _maybe(_fraction, c["numerator"]),
                    "denominator": _maybe(_fraction, c["denominator"]),
                    "points": _maybe(_decimal, c["points"]),
                    "max": _decimal(c["max"]),
                }
            )
            for c in _rows(tables["components"])
        ),
        reasons=tuple(ReasonCount(**r) for r in _rows(tables["counts"])),
        fields=tuple(FieldCount(**f) for f in _rows(tables["fields"])) if "fields" in tables else (),
        times=tuple(ProcedureTime(**t) for t in _rows(tables["times"])),
        steps=tuple(StepCount(**x) for x in _rows(tables["steps"])),
        unmatched=tuple((str(n), int(c), str(k)) for n, c, k in head["unmatched"]),
        notes=tuple(head["notes"]),
        lost_file=str(head["files"].get("lost", "")),
        grade_from=Decimal(head.get("grade_from", 0)),
    )


def load_lost(scores: Location, card: Scorecard) -> tuple[LostDossier, ...]:
    """The subjects that lost points, as stored with this very version of the scorecard; () when there were too many to
    store. Raises InputError when it has been scored again, and again, since."""
    import pyarrow as pa

    folder = _folder(scores, card.period, card.rulebook.id, card.window)
    try:
        table = read_parquet(folder / card.lost_file)
    except (DamagedError, FileNotFoundError) as error:
        with suppress(FileNotFoundError):
            if card.lost_file.encode() not in (folder / MANIFEST).read_bytes():
                raise InputError("score_replaced", path=str(folder)) from None
        raise InputError("bad_score", path=str(folder), detail=repr(error)) from None
    plain = pa.table(
        {n: c if n == "row" else c.cast(pa.string()) for n, c in zip(table.column_names, table.columns, strict=True)}
    )
    return tuple(LostDossier(**row) for row in plain.to_pylist())


def is_stored(scores: Location, period: str, rulebook_id: str, window: str) -> bool:
    """Whether a scorecard is stored."""
    return (_folder(scores, period, rulebook_id, window) / MANIFEST).exists()


def latest(scores: Location) -> tuple[str, str, WindowStyle]:
    """(period, rulebook id, window) scored last. Raises InputError when nothing is scored."""
    try:
        raw = json.loads((scores / LATEST).read_bytes())
        return str(raw["period"]), str(raw["rulebook"]), "nd09" if raw["window"] == "nd09" else "calendar"
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        raise InputError("nothing_scored", path=str(scores)) from None
