"""The demo of this machine, made once for all tests that look at it."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from tests.command import Ended, tthc


class Demo(NamedTuple):
    folder: Path
    ended: Ended
    files: dict[str, bytes]


def bytes_of(folder: Path) -> dict[str, bytes]:
    """Every file but the log, the lock and the counts kept from one scoring to the next."""
    files = (p for p in folder.rglob("*") if p.is_file() and ".counts" not in p.parts)
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in files if p.suffix not in (".log", ".lock")}


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    folder = tmp_path_factory.mktemp("demo") / "thư mục mới" / "tỉnh mẫu"
    ended = tthc("demo", folder, "--json")
    return Demo(folder, ended, bytes_of(folder))
