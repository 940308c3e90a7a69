"""What a system refuses stops nothing; what another program holds open is told as that."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.command import put, tthc
from tthc_cli import machine
from tthc_cli.errors import system_reason
from tthc_cli.messages import Lang
from tthc_cli.storage import location
from tthc_cli.storage.location import tidy_away, write_atomic

GB = 1 << 30


def refusing(error: OSError) -> object:
    def refuse(*_: object, **__: object) -> None:
        raise error

    return refuse


def sharing_violation(path: Path) -> PermissionError:
    """What Windows answers for a file that Excel has open (WinError 32)."""
    error = PermissionError(errno.EACCES, "The process cannot access the file", str(path))
    error.winerror = 32  # type: ignore[attr-defined]
    return error


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Files that another program has open: they can be neither replaced nor deleted."""
    files: list[Path] = []
    replace, unlink = Path.replace, Path.unlink

    def replaced(self: Path, target: Path) -> Path:
        if target in files:
            raise sharing_violation(self)
        return replace(self, target)

    def unlinked(self: Path, missing_ok: bool = False) -> None:
        if self in files:
            raise sharing_violation(self)
        unlink(self, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "replace", replaced)
    monkeypatch.setattr(Path, "unlink", unlinked)
    monkeypatch.setattr(machine.time, "sleep", lambda _: None)
    return files


# the bound on memory


def test_without_resource_no_bound_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resource", None)
    assert machine.bound_memory(GB, 2 * GB) is False


def test_a_bound_that_the_system_refuses_as_macos_does_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    refused = SimpleNamespace(
        RLIMIT_AS=9,
        RLIMIT_CORE=4,
        setrlimit=refusing(ValueError("current limit exceeds maximum limit")),  # type: ignore[arg-type]
    )
    monkeypatch.setitem(sys.modules, "resource", refused)
    assert machine.bound_memory(GB, 2 * GB) is False


@pytest.mark.parametrize(("has", "bound"), [(GB, 3 * GB), (5 * GB, 5 * GB), (64 * GB, 8 * GB), (None, 8 * GB)])
def test_the_bound_is_the_memory_of_the_machine_within_limits(
    has: int | None, bound: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[int, tuple[int, int]]] = []
    limits = SimpleNamespace(RLIMIT_AS=9, RLIMIT_CORE=4, setrlimit=lambda what, to: asked.append((what, to)))
    monkeypatch.setitem(sys.modules, "resource", limits)
    monkeypatch.setattr(machine, "memory", lambda: has)
    assert machine.bound_memory(3 * GB, 8 * GB) is True
    assert asked == [(4, (0, 0)), (9, (bound, bound))]


def test_a_machine_that_does_not_tell_its_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "sysconf")
    assert machine.memory() is None


# writing out


@pytest.mark.parametrize("code", [errno.EACCES, errno.EINVAL, errno.ENOTSUP, errno.EBADF])
def test_a_folder_that_cannot_be_written_out_is_left(
    code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fsync", refusing(OSError(code, "no")))
    machine.settle_folder(tmp_path)


def test_a_disk_that_fails_is_no_such_refusal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", refusing(OSError(errno.EIO, "Input/output error")))
    with pytest.raises(OSError, match="Input/output"):
        machine.settle_folder(tmp_path)


# files that another program has open


def test_a_report_open_in_excel_is_told_with_file_and_next_step(sample: Path, tmp_path: Path, held: list[Path]) -> None:
    assert tthc("score", "--quarter", "2023Q2", "--workspace", sample, "--quiet").code == 0
    told = tmp_path / "tthc-2023Q2-qd766.json"
    told.write_text("the old one", encoding="utf-8")
    held.append(told)
    ended = tthc("report", "--format", "json", "--workspace", sample, "--out", tmp_path, "--quarter", "2023Q2")
    assert ended.code == 3
    assert str(told) in ended.err
    assert "đang mở trong Excel" in ended.err
    assert "Hãy đóng" in ended.err
    assert told.read_text(encoding="utf-8") == "the old one"
    assert [p.name for p in tmp_path.iterdir()] == [told.name]


def test_a_list_of_issues_open_in_excel_stops_the_run_and_the_next_one_writes_it(
    tmp_path: Path, held: list[Path]
) -> None:
    put(tmp_path, units="MaDonVi,TenDonVi,Cap\nH99,UBND tỉnh,province\nH99.01,Sở A,không biết\n")
    issues = tmp_path / "issues.csv"
    issues.write_text("old", encoding="utf-8")
    held.append(issues)
    ended = tthc("ingest", tmp_path / "exports", "--workspace", tmp_path)
    assert (ended.code, "issues.csv" in ended.err, "đang mở trong Excel" in ended.err) == (3, True, True)
    held.clear()
    assert tthc("ingest", tmp_path / "exports", "--workspace", tmp_path).code in (0, 1)
    assert "exports/units.csv,,3" in issues.read_text(encoding="utf-8-sig")


def test_a_source_open_in_excel_is_left_out_and_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, units="MaDonVi,TenDonVi,Cap\nH99,UBND tỉnh,province\n", slips="x\n")
    opened = Path.open

    def refused(self: Path, *how: object, **more: object) -> object:
        if self.name == "slips.csv":
            raise sharing_violation(self)
        return opened(self, *how, **more)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", refused)
    ended = tthc("ingest", tmp_path / "exports", "--workspace", tmp_path)
    assert ended.code == 1
    assert "slips.csv: đang mở trong Excel" in ended.err


def test_whoever_lets_go_soon_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place, replace, tries = tmp_path / "a.csv", Path.replace, []

    def twice_refused(self: Path, target: Path) -> Path:
        tries.append(target)
        if len(tries) < 3:
            raise sharing_violation(self)
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", twice_refused)
    monkeypatch.setattr(machine.time, "sleep", lambda _: None)
    write_atomic(place, b"new")
    assert place.read_bytes() == b"new"
    assert len(tries) == 3


def test_an_old_file_that_a_reader_has_open_is_left_to_the_next_run(tmp_path: Path, held: list[Path]) -> None:
    old = tmp_path / "old.parquet"
    old.write_bytes(b"")
    held.append(old)
    tidy_away(old)
    assert old.exists()
    held.clear()
    tidy_away(old)
    assert not old.exists()


@pytest.mark.parametrize("mark", ["~$a.xlsx", ".~lock.a.xlsx#"])
def test_a_refusal_beside_an_owner_file_is_a_file_that_is_open(mark: str, tmp_path: Path) -> None:
    """As on a network drive, where the other program runs on another machine."""
    book = tmp_path / "a.xlsx"
    book.write_bytes(b"")
    refused = PermissionError(errno.EACCES, "Permission denied", str(book))
    assert machine.held_open(refused, book) is False
    (tmp_path / mark).write_bytes(b"")
    assert machine.held_open(refused, book) is True


@pytest.mark.parametrize(("lang", "words"), [("vi", "đang mở trong Excel"), ("en", "open in Excel")])
def test_wherever_the_system_says_so_the_reason_is_told_in_words(lang: Lang, words: str) -> None:
    assert words in system_reason(sharing_violation(Path("a.csv")), lang)
    assert words in system_reason(OSError(errno.EBUSY, "Device or resource busy"), lang)


def test_a_refusal_for_want_of_rights_is_told_as_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "replace_file", refusing(PermissionError(errno.EACCES, "Permission denied")))
    with pytest.raises(PermissionError):
        write_atomic(tmp_path / "a.csv", b"")


# where browsers are


def browser_at(path: Path) -> Path:
    path.parent.mkdir(parents=True)
    path.write_bytes(b"")
    return path


@pytest.mark.parametrize("variable", ["PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"])
@pytest.mark.parametrize("below", ["Google/Chrome/Application/chrome.exe", "Microsoft/Edge/Application/msedge.exe"])
def test_chrome_and_edge_where_windows_has_them(
    variable: str, below: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(machine, "WINDOWS", True)
    for other in ("PROGRAMFILES", "PROGRAMW6432", "PROGRAMFILES(X86)", "LOCALAPPDATA"):
        monkeypatch.delenv(other, raising=False)
    monkeypatch.setenv(variable, str(tmp_path))
    assert machine.find_browser() is None
    there = browser_at(tmp_path / below)
    assert machine.find_browser() == str(there)


@pytest.mark.parametrize("name", ["Google Chrome", "Microsoft Edge"])
def test_chrome_and_edge_of_a_user_on_macos(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(machine, "WINDOWS", False)
    monkeypatch.setattr(machine, "MAC", True)
    there = browser_at(tmp_path / "Applications" / f"{name}.app" / "Contents" / "MacOS" / name)
    assert machine.find_browser() == str(there)


# child processes


def test_a_child_of_an_installation_runs_its_module_and_nothing_of_the_current_folder() -> None:
    assert machine.child_command("tthc_cli.x") == [sys.executable, "-P", "-m", "tthc_cli.x"]


def test_a_child_of_a_bundle_is_the_bundle_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert machine.child_command("tthc_cli.x") == [sys.executable, machine.CHILD, "tthc_cli.x"]


def test_a_bundle_told_to_runs_the_module_that_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    from tthc_cli import __main__ as program

    ran: list[str] = []
    monkeypatch.setitem(sys.modules, "tthc_cli.x", SimpleNamespace(main=lambda: ran.append("x")))  # type: ignore[arg-type]
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path])
    monkeypatch.setattr(sys, "argv", ["tthc", machine.CHILD, "tthc_cli.x"])
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    program.main()
    assert ran == ["x"]


def test_only_a_bundle_takes_that_word(tmp_path: Path) -> None:
    assert tthc(machine.CHILD, "tthc_cli.x").code == 2


# a folder named by an address


def test_a_file_address_is_a_folder() -> None:
    assert location.location_of("file:///srv/b%C3%A1o%20c%C3%A1o", Path("/elsewhere")) == Path("/srv/báo cáo")
