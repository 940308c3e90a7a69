"""A workspace in a temporary folder, and short ways to put files into it and look at what was stored."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from tthc_cli.errors import Issue
from tthc_cli.ingest import IngestReport, ingest
from tthc_cli.ingest.files.failed import FAILED
from tthc_cli.ingest.issues import all_issues
from tthc_cli.storage.warehouse import Warehouse, open_warehouse
from tthc_cli.workspace import Settings, Workspace

HEADINGS = "MaHoSo,MaTTHC,NgayTiepNhan,NgayHenTra,NgayKetThucXuLy,TrangThaiHoSo"
GOOD = "H99.22.16-230405-0001,1.001234,05/04/2023 08:00,10/04/2023,07/04/2023 09:30,9"


@dataclass
class Desk:
    """What a clerk has: a folder of exports and a workspace."""

    workspace: Workspace

    @property
    def exports(self) -> Path:
        return self.workspace.root / "exports"

    def put(self, name: str, content: str | bytes) -> Path:
        path = self.exports / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def put_xlsx(self, name: str, sheets: dict[str, Sequence[Sequence[Any]]], hidden: Sequence[str] = ()) -> Path:
        book = Workbook()
        book.remove(book.worksheets[0])
        for title, rows in sheets.items():
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(list(row))
            if title in hidden:
                sheet.sheet_state = "hidden"
        path = self.exports / name
        path.parent.mkdir(parents=True, exist_ok=True)
        book.save(path)
        return path

    def run(self, *paths: Path) -> IngestReport:
        report = ingest(list(paths) or [self.exports], self.workspace)
        assert FAILED not in {f.reason for f in report.left_out}, "a reader failed in a way that nobody foresaw"
        return report

    @property
    def warehouse(self) -> Warehouse:
        return open_warehouse(self.workspace.warehouse)

    def rows(self, table: str = "dossiers") -> list[dict[str, Any]]:
        found = self.warehouse.read(table).to_pylist()
        return sorted(found, key=lambda row: str(list(row.values())[:3]))

    def issues(self) -> list[Issue]:
        return list(all_issues(self.warehouse))

    def files(self) -> dict[str, bytes]:
        """Every Parquet file of the warehouse by name."""
        root = self.workspace.warehouse
        return {p.relative_to(root).as_posix(): p.read_bytes() for p in sorted(root.rglob("*.parquet"))}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(Workspace(tmp_path, Settings()))


@pytest.fixture
def new_desk(tmp_path: Path) -> Callable[..., Desk]:
    def make(name: str, **settings: Any) -> Desk:
        root = tmp_path / name
        root.mkdir()
        return Desk(Workspace(root, Settings.model_validate(settings)))

    return make


def dossiers(*lines: str, headings: str = HEADINGS) -> str:
    return "\n".join([headings, *lines]) + "\n"
