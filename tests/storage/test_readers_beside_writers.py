"""A reader beside a writer, at every step of either: it sees one version whole, or says so in a sentence."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_exit_codes import GOOD, HEADINGS, UNITS
from tests.command import scored, taken_in, tthc
from tests.ingest.conftest import Desk, dossiers
from tthc_cli.errors import InputError
from tthc_cli.results.scorecard import LostDossier, Scorecard
from tthc_cli.storage import stored_scores, warehouse
from tthc_cli.workspace import Settings, Workspace

READS = ((Path, "read_bytes"), (stored_scores, "read_parquet"), (warehouse, "read_parquet"), (warehouse, "files_below"),
         (warehouse, "footer_hash"))  # fmt: skip
WRITES = ((Path, "replace"), (Path, "unlink"))


@contextmanager
def before_each(operations: tuple[tuple[Any, str], ...], call: Callable[[int], None]) -> Iterator[list[int]]:
    """`call(n)` before the n-th of some operations on files; what `call` does itself is not counted."""
    done = [0]
    inside = threading.local()

    def hooked(real: Callable[..., Any]) -> Callable[..., Any]:
        def operation(*given: Any, **named: Any) -> Any:
            if not getattr(inside, "now", False):
                inside.now = True
                try:
                    call(done[0])
                finally:
                    inside.now = False
                done[0] += 1
            return real(*given, **named)

        return operation

    with pytest.MonkeyPatch.context() as patch:
        for owner, name in operations:
            patch.setattr(owner, name, hooked(getattr(owner, name)))
        yield done


@pytest.fixture(scope="module")
def card(tmp_path_factory: pytest.TempPathFactory) -> Scorecard:
    folder = taken_in(tmp_path_factory.mktemp("province"), units=UNITS, ho_so=HEADINGS + GOOD)
    scored(folder, "2023Q2")
    return stored_scores.load(folder / "scores", "2023Q2", "qd766")


def save(card: Scorecard, scores: Path, mark: str) -> None:
    """Store a version that carries a mark in its points and its lost list."""
    units = tuple(replace(u, name=f"{u.name} {mark}") for u in card.units)
    lost = LostDossier(
        **{f: None if f == "overdue_hours" else 1 if f == "row" else mark for f in LostDossier.__dataclass_fields__}
    )
    stored_scores.save(replace(card, units=units, version=mark), scores, [lost])


def marks(scores: Path) -> set[str]:
    """The marks found by a reader of points and lost list."""
    card = stored_scores.load(scores, "2023Q2", "qd766")
    lost = stored_scores.load_lost(scores, card)
    return {card.version, *(u.name[-1] for u in card.units), *(d.unit for d in lost)}


def test_score_written_again_at_every_step_of_a_reader(card: Scorecard, tmp_path: Path) -> None:
    seen, step, steps = set(), 0, 1
    while step < steps:
        scores = tmp_path / str(step)
        save(card, scores, "A")

        def meanwhile(number: int, scores: Path = scores, step: int = step) -> None:
            if number == step:
                save(card, scores, "B")

        with before_each(READS, meanwhile) as done:
            found = marks(scores)
        assert len(found) == 1, (step, found)
        seen |= found
        step, steps = step + 1, done[0]
    assert steps >= 9, "a manifest, seven tables and the lost list"
    assert seen == {"A", "B"}


def test_score_written_twice_at_every_step_of_a_reader(card: Scorecard, tmp_path: Path) -> None:
    ended: list[str] = []
    for step in range(9):
        scores = tmp_path / str(step)
        save(card, scores, "A")

        def meanwhile(number: int, scores: Path = scores, step: int = step) -> None:
            if number == step:
                save(card, scores, "B")
                save(card, scores, "C")

        with before_each(READS, meanwhile):
            try:
                found = marks(scores)
                assert len(found) == 1, (step, found)
                ended += found
            except InputError as error:
                assert "Run this command again" in error.message("en")
                ended.append("told")
    assert ended == ["C", "C", *["told"] * 7], "once the units are read, the lost list must be of their version"


def test_reader_at_every_step_of_a_score_that_is_written(card: Scorecard, tmp_path: Path) -> None:
    save(card, tmp_path, "A")
    found = []
    for mark in "BCD":
        with before_each(WRITES, lambda _: found.append(marks(tmp_path))) as done:
            save(card, tmp_path, mark)
        assert done[0] >= 4, "two tables, the manifest, the latest"
    assert all(len(one) == 1 for one in found), found
    assert [next(iter(one)) for one in found] == sorted(next(iter(one)) for one in found), "never an older one again"
    assert {next(iter(one)) for one in found} == {"A", "B", "C", "D"}


def test_files_of_two_versions_stay_and_no_more(card: Scorecard, tmp_path: Path) -> None:
    names = []
    for mark in "ABCD":
        save(card, tmp_path, mark)
        names.append({p.name for p in tmp_path.rglob("lost-*.parquet")})
    assert [len(n) for n in names] == [1, 2, 2, 2]
    assert len(names[3] & names[2]) == 1


def put(desk: Desk, status: int) -> None:
    rows = (f"H99-230{month}05-0001,1.001234,05/{month:02d}/2023,10/10/2023,,{status}" for month in (4, 5, 6))
    desk.put("a.csv", dossiers(*rows, f"H99-230705-{status:04d},1.001234,05/07/2023,10/10/2023,,{status}"))


def statuses(desk: Desk) -> set[int]:
    """Of the dossiers that every version has."""
    return {row["TrangThaiHoSo"] for row in desk.rows() if row["MaHoSo"].endswith("0001")}


def test_ingest_at_every_step_of_a_reader(tmp_path: Path) -> None:
    seen, step, steps = set(), 0, 1
    while step < steps:
        desk = Desk(Workspace(tmp_path / str(step), Settings()))
        for status in (2, 3):
            put(desk, status)
            desk.run()

        def meanwhile(number: int, desk: Desk = desk, step: int = step) -> None:
            if number == step:
                put(desk, 4)
                desk.run()

        with before_each(READS, meanwhile) as done:
            found = statuses(desk)
        assert len(found) == 1, (step, found)
        seen |= found
        step, steps = step + 1, done[0]
    assert steps >= 6
    assert seen == {3, 4}


def test_reader_at_every_step_of_an_ingest(tmp_path: Path) -> None:
    desk = Desk(Workspace(tmp_path, Settings()))
    for status in (2, 3):
        put(desk, status)
        desk.run()
    put(desk, 4)
    found = []
    with before_each(WRITES, lambda _: found.append(statuses(desk))):
        desk.run()
    assert all(len(one) == 1 for one in found), found
    assert {next(iter(one)) for one in found} == {3, 4}


def test_report_beside_a_run_that_scores_again(tmp_path: Path) -> None:
    """The command itself: the score is computed anew when it has read the points and not yet the lost list."""
    folder = taken_in(tmp_path, units=UNITS, ho_so=HEADINGS + GOOD)
    scored(folder, "2023Q2")
    real = stored_scores.load_lost
    late = GOOD.replace("0001", "0077")

    def meanwhile(scores: Path, card: Scorecard) -> tuple[LostDossier, ...]:
        taken_in(folder, ho_so_moi=HEADINGS + late)
        scored(folder, "2023Q2")
        return real(scores, card)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stored_scores, "load_lost", meanwhile)
        ended = tthc("report", "--format", "xlsx", "--workspace", folder)
    assert ended.code == 0, ended.err
