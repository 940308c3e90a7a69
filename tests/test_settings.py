"""A damaged `tthc.toml` is answered with every fault, its line, and the nearest name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.command import tthc
from tthc_cli.messages import LANGUAGES
from tthc_cli.settings.faults import SettingsError
from tthc_cli.workspace import load_settings

FOLDER = Path(__file__).parent / "cases" / "settings"
CASES = yaml.safe_load(FOLDER.with_suffix(".yaml").read_text(encoding="utf-8"))


def refused(path: Path) -> SettingsError:
    with pytest.raises(SettingsError) as found:
        load_settings(path)
    return found.value


def test_every_damaged_file_is_tried() -> None:
    assert sorted(case["file"] for case in CASES) == sorted(path.stem for path in FOLDER.glob("*.toml"))
    assert len(CASES) >= 30


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["file"])
def test_a_damaged_file_is_answered_with_line_key_and_nearest_name(case: dict[str, Any]) -> None:
    error = refused(FOLDER / f"{case['file']}.toml")
    told = [(f.line, f.key, f.code, f.fields.get("near")) for f in error.faults]
    assert told == [(case["line"], case["key"], case["code"], case.get("near", told[0][3] and "–"))]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["file"])
def test_a_damaged_file_is_told_of_in_both_languages(case: dict[str, Any]) -> None:
    error = refused(FOLDER / f"{case['file']}.toml")
    told = {lang: error.message(lang) for lang in LANGUAGES}
    assert f"{case['file']}.toml › " in told["vi"]
    assert f"dòng {case['line']}" in told["vi"]
    assert f"line {case['line']}" in told["en"]
    for sentence in told.values():
        assert "\n" not in sentence
        assert case.get("near", "") in sentence
        assert "–" not in sentence
        assert "{" not in sentence


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "tthc.toml").write_text(
        '[scoring]\nreading = "laww"\nwindw = "nd09"\n\n[aliases.dossiers]\nNgayHenTr = ["Hạn"]\n', encoding="utf-8"
    )
    ended = tthc("sources", "--workspace", tmp_path)
    assert ended.code == 3
    assert [line.partition("tthc.toml › ")[2] for line in ended.err.splitlines()[1:4]] == [
        'scoring.reading (dòng 2): "laww" không dùng được (gần nhất: law). Chọn một trong: law, portal.',
        "scoring.windw (dòng 3): không có khóa này (gần nhất: window). "
        "Các khóa ở mục này: reading, evaluations, window, grade_from, unit_coverage, rulebook_folder.",
        "aliases.dossiers.NgayHenTr (dòng 6): bảng dossiers không có cột này (gần nhất: NgayHenTra). "
        "Xem `tthc schema dossiers`.",
    ]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_init_writes_has_no_fault(tmp_path: Path, lang: str) -> None:
    assert tthc("init", tmp_path, "--lang", lang).code == 0
    load_settings(tmp_path / "tthc.toml")


def test_a_password_is_not_repeated(tmp_path: Path) -> None:
    told = refused(FOLDER / "password_in_address.toml").message("vi")
    assert "a:b" not in told
