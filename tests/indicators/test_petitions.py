"""5.1 and 5.2: petitions handled in time and to satisfaction."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.indicators.worked import check, load


@pytest.mark.parametrize("document", load("petitions"))
def test_case(document: dict[str, Any], tmp_path: Path) -> None:
    check(document, tmp_path)
