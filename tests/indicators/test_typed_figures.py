"""Hand-typed figures: whose value counts where."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.indicators.worked import check, load


@pytest.mark.parametrize("document", load("typed_figures"))
def test_case(document: dict[str, Any], tmp_path: Path) -> None:
    check(document, tmp_path)
