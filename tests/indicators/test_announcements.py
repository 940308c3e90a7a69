"""1.1 and 1.2: procedures announced and published in time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.indicators.worked import check, load


@pytest.mark.parametrize("document", load("announcements"))
def test_case(document: dict[str, Any], tmp_path: Path) -> None:
    check(document, tmp_path)
