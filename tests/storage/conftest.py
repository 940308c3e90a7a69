"""An S3 server for the tests of this folder, and keys for it in the environment."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.storage.server import Server, s3_server


@pytest.fixture(scope="session")
def _served() -> Iterator[Server]:
    with s3_server() as server:
        yield server


@pytest.fixture
def s3(_served: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """The server, with an empty bucket; the keys to it are in the environment."""
    for name, value in {
        "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "very-secret", "AWS_EC2_METADATA_DISABLED": "true",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    yield _served
    _served.gate = lambda _method, _key: None
    _served.served = lambda _method, _key: None
    _served.empty()
    _served.asked.clear()
