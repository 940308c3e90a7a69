"""Dossiers of a file that lacks a column are in nobody's denominator."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.indicators.worked import check, load


@pytest.mark.parametrize("document", load("missing_columns"))
def test_case(document: dict[str, Any], tmp_path: Path) -> None:
    check(document, tmp_path)
