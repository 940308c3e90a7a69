"""The sample province, taken in once for all tests that look at it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command import tthc

EXPORTS = Path(__file__).parents[1] / "sample_data" / "exports"


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace that holds the sample exports; tests score it and change nothing else."""
    folder = tmp_path_factory.mktemp("sample")
    assert tthc("ingest", EXPORTS, "--workspace", folder, "--quiet").code == 1
    return folder
