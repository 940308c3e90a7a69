"""A commune never stands below the commune that succeeded its district."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.indicators.worked import check, load


@pytest.mark.parametrize("document", load("succession"))
def test_case(document: dict[str, Any], tmp_path: Path) -> None:
    check(document, tmp_path)
