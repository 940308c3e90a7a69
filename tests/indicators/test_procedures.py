"""1.3, 3.1, 3.2, 3.4, 3.5, 4.7: procedures, distinct at each level."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.indicators.worked import check, load


@pytest.mark.parametrize("document", load("procedures"))
def test_case(document: dict[str, Any], tmp_path: Path) -> None:
    check(document, tmp_path)
