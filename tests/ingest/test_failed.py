"""A reader that fails as nobody foresaw: its file stays out, the others come in; a full disk still ends the run."""

from __future__ import annotations

import errno
import lzma
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ingest.conftest import GOOD, Desk, dossiers
from tests.ingest.test_archives import packed
from tthc_cli.cli.app import run
from tthc_cli.errors import InputError
from tthc_cli.ingest import ingest, inspect_file
from tthc_cli.ingest import take_in as taking
from tthc_cli.ingest.files.failed import FAILED
from tthc_cli.ingest.files.raw import RawSheet
from tthc_cli.ingest.report import sentence
from tthc_cli.ingest.storing.spool import Spool

SECRET = "Nguyễn Văn A 099000000001"
ERRORS = [
    LookupError(SECRET), zlib.error(SECRET), lzma.LZMAError(SECRET), OSError(SECRET), struct.error(SECRET),
    UnicodeDecodeError("utf-8", SECRET.encode(), 0, 1, SECRET), MemoryError(SECRET), RecursionError(SECRET),
    OverflowError(SECRET), AttributeError(SECRET), StopIteration(SECRET), EOFError(SECRET),
]  # fmt: skip


def break_reader(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """The reader of texts fails for every file called hong."""
    real = taking._text_sheet

    def fail(path: Path, work: Path) -> RawSheet:
        if path.stem == "hong":
            raise error
        return real(path, work)

    monkeypatch.setattr(taking, "_text_sheet", fail)


@pytest.mark.parametrize("error", ERRORS, ids=lambda e: type(e).__name__)
def test_the_others_come_in(desk: Desk, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    break_reader(monkeypatch, error)
    desk.put("hong.csv", dossiers(GOOD))
    desk.put("tot.csv", dossiers(GOOD.replace("0001", "0002")))
    report = ingest([desk.exports], desk.workspace)
    assert (report.accepted, [(f.path, f.reason) for f in report.left_out]) == (1, [("exports/hong.csv", FAILED)])
    said = sentence(report.left_out[0].reason, report.left_out[0].fields, "vi")
    assert "Nguyễn" not in said
    assert f"({type(error).__name__} take_in.py:" in said


def test_exit_and_log(desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    break_reader(monkeypatch, LookupError(SECRET))
    desk.put("hong.csv", dossiers(GOOD))
    desk.put("tot.csv", dossiers(GOOD.replace("0001", "0002")))
    assert run(["ingest", str(desk.exports), "--workspace", str(desk.workspace.root)]) == 1
    said = capsys.readouterr().err
    logged = desk.workspace.log_file.read_text(encoding="utf-8")
    assert "hong.csv: không đọc được (LookupError take_in.py:" in said
    assert "LookupError take_in.py:" in logged
    assert "Nguyễn" not in said + logged


def test_looking_at_such_a_file(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    break_reader(monkeypatch, LookupError(SECRET))
    [view] = inspect_file(desk.put("hong.csv", dossiers(GOOD)), desk.workspace)
    assert (view.reason, view.reason_fields["detail"].split()[0]) == (FAILED, "LookupError")


def test_member_of_an_archive(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    real = taking._text_sheet
    calls: Iterator[bool] = iter([True, False])

    def fail(path: Path, work: Path) -> RawSheet:
        if next(calls):
            raise LookupError(SECRET)
        return real(path, work)

    monkeypatch.setattr(taking, "_text_sheet", fail)
    desk.put("x.zip", bytes(packed()))
    report = ingest([desk.exports], desk.workspace)
    assert (report.accepted, [f.path for f in report.left_out]) == (1, ["exports/x.zip › a.csv"])


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "full"), OSError(errno.EROFS, "read-only", "x")])
def test_disk_that_is_full_ends_the_run(desk: Desk, monkeypatch: pytest.MonkeyPatch, error: OSError) -> None:
    def full(*_: object) -> None:
        raise error

    monkeypatch.setattr(Spool, "add", full)
    desk.put("a.csv", dossiers(GOOD))
    with pytest.raises(InputError):
        ingest([desk.exports], desk.workspace)


def test_tests_take_it_for_a_defect(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    break_reader(monkeypatch, LookupError(SECRET))
    desk.put("hong.csv", dossiers(GOOD))
    with pytest.raises(AssertionError, match="nobody foresaw"):
        desk.run()
