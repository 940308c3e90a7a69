"""`tthc config` tells every setting in force and where it comes from."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command import tthc

FILE = """[scoring]
reading = "portal"

[calendar]
days_off = [
  2023-09-05,
]

[aliases.dossiers]
NgayHenTra = ["Hạn chót"]
"""


def told(*arguments: str | Path) -> dict[str, tuple[object, str, int | None, str | None]]:
    found = tthc("config", "--json", *arguments).json
    return {one["key"]: (one["value"], one["source"], one["line"], one["name"]) for one in found["settings"]}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "tthc.toml").write_text(FILE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_what_a_line_says_is_told_with_the_line(folder: Path) -> None:
    found = told()
    assert found["scoring.reading"] == ("portal", "file", 2, None)
    assert found["calendar.days_off"] == (["2023-09-05"], "file", 5, None)
    assert found["aliases.dossiers.NgayHenTra"] == (["Hạn chót"], "file", 10, None)


def test_what_nothing_says_is_the_default(folder: Path) -> None:
    assert told()["scoring.window"] == ("calendar", "default", None, None)


def test_what_the_environment_says_is_told_with_its_name(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9000")
    assert told()["storage.endpoint"] == ("http://127.0.0.1:9000", "environment", None, "AWS_ENDPOINT_URL")


def test_a_line_wins_over_the_environment(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9000")
    with (folder / "tthc.toml").open("a", encoding="utf-8") as file:
        file.write('\n[storage]\nendpoint = "https://s3.example.vn"\n')
    assert told()["storage.endpoint"] == ("https://s3.example.vn", "file", 13, None)


def test_the_folder_and_the_language_are_told_too(folder: Path) -> None:
    assert told()["workspace"] == (str(folder), "found", None, None)
    assert told("--workspace", folder)["workspace"] == (str(folder), "option", None, "--workspace")
    assert told("--lang", "en")["lang"] == ("en", "option", None, "--lang")


def test_without_a_file_everything_is_the_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert {source for _, source, _, _ in told().values()} <= {"default", "current", "environment"}
    assert "Không có tthc.toml" in tthc("config").out


def test_every_key_that_init_writes_is_told(tmp_path: Path) -> None:
    from tthc_cli.workspace import Settings

    keys = {f"{table}.{key}" for table, values in Settings().model_dump().items() for key in values}
    assert keys <= set(told("--workspace", tmp_path))
