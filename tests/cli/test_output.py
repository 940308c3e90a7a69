"""What goes where: --json, --quiet, --lang, TTHC_LANG, --workspace, init, run."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.test_exit_codes import BAD_DATE, GOOD, HEADINGS, UNITS
from tests.command import put, taken_in, tthc

VIETNAMESE = re.compile(r"[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.IGNORECASE)
NAMES = re.compile(r"UBND tỉnh Sông Vân|Sở Công Thương|Quyết định 766/QĐ-TTg, Phụ lục, chỉ số thành phần [\d.]+")
"""Names and citations stay as they are written in law."""


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = taken_in(tmp_path_factory.mktemp("province"), units=UNITS, ho_so=HEADINGS + GOOD)
    assert tthc("score", "--quarter", "2023Q2", "--workspace", folder, "--quiet").code == 0
    return folder


def commands(folder: Path) -> dict[str, tuple[str | Path, ...]]:
    return {
        "ingest": ("ingest", folder / "exports"),
        "score": ("score", "--quarter", "2023Q2"),
        "score twice": ("score", "--quarter", "2023Q2", "--rulebook", "qd766", "--rulebook", "qd766-portal"),
        "report": ("report", "--format", "html"),
        "run": ("run", folder / "exports", "--quarter", "2023Q2"),
        "explain unit": ("explain", "H99.02"),
        "explain component": ("explain", "H99.02", "2.1"),
        "explain dossier": ("explain", "H99.02-230403-0001"),
        "whatif": ("whatif", "H99.02"),
        "compare": ("compare", "2023Q2", "2023Q2"),
        "rules list": ("rules", "list"),
        "rules show": ("rules", "show", "qd766"),
        "rules diff": ("rules", "diff", "qd766", "qd766-portal"),
    }


NAMED = list(commands(Path()))


@pytest.mark.parametrize("name", NAMED)
def test_json_is_one_object_and_nothing_else(province: Path, name: str) -> None:
    ended = tthc(*commands(province)[name], "--json", "--workspace", province)
    assert ended.code == 0, ended.err
    assert isinstance(ended.json, dict)
    assert ended.out.startswith("{")
    assert ended.out.endswith("}\n")


@pytest.mark.parametrize("name", NAMED)
def test_json_numbers_are_numbers(province: Path, name: str) -> None:
    def walk(node: object) -> None:
        if isinstance(node, dict):
            for key, value in node.items():
                if key in {"points", "max", "total", "numerator", "denominator", "ratio", "rank", "assessed_max"}:
                    assert value is None or isinstance(value, int | float | dict), (key, value)
                walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)

    walk(tthc(*commands(province)[name], "--json", "--workspace", province).json)


def test_json_of_a_score_is_what_is_documented(province: Path) -> None:
    card = tthc("score", "--quarter", "2023Q2", "--json", "--workspace", province).json
    assert set(card) == {"schema", "period", "rulebook", "as_of", "units", "components"}
    assert (card["schema"], card["period"], card["as_of"]) == (2, "2023Q2", card["as_of"])
    assert set(card["rulebook"]) == {"id", "revision", "sha256"}
    assert re.fullmatch("[0-9a-f]{64}", card["rulebook"]["sha256"])
    unit = {"id", "name", "level", "parent", "groups", "total", "assessed_max", "provisional", "grade", "rank",
            "ungraded_reason"}  # fmt: skip
    assert all(set(u) == unit and set(u["groups"]) == {"1", "2", "3", "4", "5"} for u in card["units"])
    component = {"unit", "id", "numerator", "denominator", "ratio", "points", "max", "status"}
    assert all(set(c) == component for c in card["components"])
    assert {c["status"] for c in card["components"]} <= {"scored", "not_assessed", "no_score", "analysis"}
    assert all((c["points"] is None) == (c["status"] != "scored") for c in card["components"])
    ids = {c["id"] for c in card["components"]}
    assert len(ids) == 22
    assert len(card["components"]) == 22 * len(card["units"])


def test_json_of_ingest_adds_up(tmp_path: Path) -> None:
    put(tmp_path, units=UNITS, ho_so=HEADINGS + GOOD + GOOD + BAD_DATE)
    found = tthc("ingest", tmp_path / "exports", "--json", "--workspace", tmp_path).json
    assert (found["rows_read"], found["accepted"], found["superseded"], found["rejected"]) == (5, 3, 1, 1)


@pytest.mark.parametrize("name", NAMED)
def test_quiet_prints_nothing(province: Path, name: str) -> None:
    ended = tthc(*commands(province)[name], "--quiet", "--workspace", province)
    assert (ended.code, ended.out, ended.err) == (0, "", "")


def test_a_row_with_two_faults_is_not_said_to_be_two_rows(tmp_path: Path) -> None:
    two = BAD_DATE.replace("10/04/2023 16:30", "32/04/2023 16:30")
    put(tmp_path, ho_so=HEADINGS + GOOD + two)
    told = tthc("ingest", tmp_path / "exports", "--workspace", tmp_path)
    assert "Dòng bị loại hoặc cần xem lại (2 mục): " in told.err


def test_quiet_still_tells_errors(province: Path) -> None:
    ended = tthc("score", "--quarter", "2023Q9", "--quiet", "--workspace", province)
    assert ended.code == 2
    assert ended.err


def english(text: str) -> bool:
    return not VIETNAMESE.search(NAMES.sub("", text))


@pytest.mark.parametrize("name", ["ingest", "score", "explain component", "explain unit", "whatif", "compare"])
def test_english_when_asked_for(province: Path, name: str) -> None:
    ended = tthc(*commands(province)[name], "--lang", "en", "--workspace", province)
    catalogue = ended.out + ended.err
    assert ended.code == 0
    assert english(catalogue), [line for line in catalogue.splitlines() if not english(line)]


def test_what_matches_no_unit_is_told_in_the_language_asked_for(tmp_path: Path) -> None:
    stray = GOOD.replace("H99.02-", "H99.77-").replace("-0001", "-0009").replace(",H99.02", ",Phòng Lạ")
    folder = taken_in(tmp_path, units=UNITS, ho_so=HEADINGS + GOOD + stray)
    asked = (
        ("score", "--quarter", "2023Q2"), ("explain", "?"), ("explain", "?", "2.1"), ("whatif", "?"),
        ("compare", "2023Q2", "2023Q2"), ("compare", "2023Q2", "2023Q2", "--unit", "?"),
        ("report", "--format", "table"),
    )  # fmt: skip
    for command in asked:
        said = {lang: tthc(*command, "--lang", lang, "--workspace", folder).out for lang in ("en", "vi")}
        assert "(no matching unit)" in said["en"], command
        assert "chưa khớp đơn vị" not in said["en"], command
        assert "(chưa khớp đơn vị)" in " ".join(said["vi"].split()), command


@pytest.mark.parametrize("name", ["score", "explain component", "whatif", "compare"])
def test_vietnamese_by_default(province: Path, name: str) -> None:
    assert not english(tthc(*commands(province)[name], "--workspace", province).out)


def process(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {k: v for k, v in os.environ.items() if k != "TTHC_LANG"}
    return subprocess.run(
        [sys.executable, "-m", "tthc_cli", *map(str, arguments)], capture_output=True, text=True, check=False,
        env={**clean, **environment},
    )  # fmt: skip


def test_the_environment_chooses_the_language(province: Path) -> None:
    arguments = ("score", "--quarter", "2023Q9", "--workspace", province)
    by_default, chosen = process(*arguments), process(*arguments, TTHC_LANG="en")
    overruled = process("--lang", "vi", *arguments, TTHC_LANG="en")
    assert [r.returncode for r in (by_default, chosen, overruled)] == [2, 2, 2]
    assert not english(by_default.stderr)
    assert english(chosen.stderr)
    assert not english(overruled.stderr)


def test_lang_before_the_command_is_heard(province: Path) -> None:
    ended = process("--lang", "en", "score", "--quarter", "2023Q2", "--workspace", province)
    assert ended.returncode == 0
    assert english(ended.stdout + ended.stderr)


# ---- workspace ----


def test_init_makes_a_workspace_once(tmp_path: Path) -> None:
    assert tthc("init", tmp_path / "tinh").code == 0
    assert (tmp_path / "tinh" / "tthc.toml").is_file()
    again = tthc("init", tmp_path / "tinh")
    assert again.code == 3
    assert "tthc.toml" in again.err


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_what_init_makes_is_what_applies_without_it(tmp_path: Path, lang: str) -> None:
    from tthc_cli.workspace import Settings, load_settings

    tthc("init", tmp_path, "--lang", lang)
    written = load_settings(tmp_path / "tthc.toml")
    default = Settings()
    assert (written.scoring, written.calendar, written.personal) == (
        default.scoring, default.calendar, default.personal,
    )  # fmt: skip


def test_the_workspace_is_found_from_a_folder_below(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tthc("init", tmp_path)
    put(tmp_path, units=UNITS, ho_so=HEADINGS + GOOD)
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    monkeypatch.chdir(deep)
    assert tthc("ingest", "../../exports").code == 0
    assert (tmp_path / "warehouse" / "manifest.json").is_file()
    assert not (deep / "warehouse").exists()


def test_workspace_wins_over_the_current_folder(
    province: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert tthc("score", "--quarter", "2023Q2", "--workspace", province).code == 0
    assert list(tmp_path.iterdir()) == []


def test_settings_choose_the_reading(tmp_path: Path) -> None:
    (tmp_path / "tthc.toml").write_text('[scoring]\nreading = "portal"\n', encoding="utf-8")
    taken_in(tmp_path, units=UNITS, ho_so=HEADINGS + GOOD)
    card = tthc("score", "--quarter", "2023Q2", "--json", "--workspace", tmp_path).json
    assert card["rulebook"]["id"] == "qd766-portal"


def test_settings_choose_the_window(tmp_path: Path) -> None:
    # Nghị định 09/2019/NĐ-CP: quý II từ 15/3 đến 14/6.
    (tmp_path / "tthc.toml").write_text('[scoring]\nwindow = "nd09"\n', encoding="utf-8")
    rows = "".join(
        f"H99.02-{d[8:]}{d[3:5]}{d[:2]}-0001,1.001234,{d[:6]}20{d[8:]} 08:00,31/12/2023,,4,H99.02\n"
        for d in ("14/03/2023", "15/03/2023", "14/06/2023", "15/06/2023")
    )
    taken_in(tmp_path, units=UNITS, ho_so=HEADINGS + rows)
    card = tthc("score", "--quarter", "2023Q2", "--json", "--workspace", tmp_path).json
    found = next(c for c in card["components"] if (c["unit"], c["id"]) == ("H99.02", "2.1"))
    assert found["denominator"] == 3  # 14/3 chuyển sang, 15/3 và 14/6 tiếp nhận trong kỳ


# ---- run ----


def test_run_does_the_three_and_adds_one_line_to_the_log(tmp_path: Path) -> None:
    put(tmp_path, units=UNITS, ho_so=HEADINGS + GOOD)
    arguments = ("run", tmp_path / "exports", "--quarter", "2023Q2", "--workspace", tmp_path)
    first = tthc(*arguments, "--json")
    assert first.code == 0
    assert sorted(Path(f).suffix for f in first.json["files"]) == [".html", ".xlsx"]
    assert all(Path(f).is_file() for f in first.json["files"])
    assert tthc(*arguments, "--quiet").code == 0
    lines = (tmp_path / "logs" / "tthc.log").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 2
    assert all(re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d ", line) and "2023Q2" in line for line in lines)


def test_run_reports_what_score_computed(tmp_path: Path) -> None:
    put(tmp_path, units=UNITS, ho_so=HEADINGS + GOOD)
    tthc("run", tmp_path / "exports", "--quarter", "2023Q2", "--format", "html", "--workspace", tmp_path)
    by_run = next((tmp_path / "reports").glob("*.html")).read_bytes()
    tthc("report", "--format", "html", "--out", tmp_path / "again", "--workspace", tmp_path)
    assert next((tmp_path / "again").glob("*.html")).read_bytes() == by_run


def test_json_survives_a_pipe_that_closes_early(province: Path) -> None:
    command = f"{sys.executable} -m tthc_cli score --quarter 2023Q2 --json --workspace {province} | head -c 20"
    ended = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert ended.stdout.startswith('{\n "schema": 2')
    assert "Traceback" not in ended.stderr


def test_version(tmp_path: Path) -> None:
    ended = process("--version")
    assert ended.returncode == 0
    assert re.fullmatch(r"tthc \d+\.\d+\.\d+\n", ended.stdout)


def test_json_needs_no_terminal_encoding(province: Path) -> None:
    ended = process(
        "score", "--quarter", "2023Q2", "--json", "--workspace", province, PYTHONIOENCODING="", LC_ALL="C", LANG="C"
    )
    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout)["units"][0]["name"] == "UBND tỉnh Sông Vân"


def test_pandas_is_not_loaded_even_where_it_is_installed(province: Path) -> None:
    code = """
import sys
from tthc_cli.__main__ import main
try:
    main()
except SystemExit as ended:
    print(ended.code, "pandas" in sys.modules)
"""
    asked = ["score", "--quarter", "2023Q2", "--workspace", str(province), "--quiet"]
    ended = subprocess.run([sys.executable, "-c", code, *asked], capture_output=True, text=True, check=True)
    assert ended.stdout == "0 False\n"


@pytest.mark.skipif(sys.platform != "linux", reason="Arrow has jemalloc in every build for Linux only")
@pytest.mark.parametrize(("own", "used"), [({}, "jemalloc"), ({"ARROW_DEFAULT_MEMORY_POOL": "system"}, "system")])
def test_arrow_takes_memory_from_jemalloc_unless_told_otherwise(own: dict[str, str], used: str) -> None:
    code = """
from tthc_cli.__main__ import main
try:
    main()
except SystemExit:
    import pyarrow
    print(pyarrow.default_memory_pool().backend_name)
"""
    told = {k: v for k, v in os.environ.items() if k != "ARROW_DEFAULT_MEMORY_POOL"} | own
    ended = subprocess.run(
        [sys.executable, "-c", code, "--version"], capture_output=True, text=True, check=True, env=told
    )
    assert ended.stdout.splitlines()[-1] == used
