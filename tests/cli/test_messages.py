"""Both languages say everything, with the same fields; every command has help; --help stays light."""

from __future__ import annotations

import ast
import re
import string
import subprocess
import sys
from pathlib import Path

import pytest

from tthc_cli import messages
from tthc_cli.cli.registry import COMMANDS
from tthc_cli.messages import areas, catalogue

SOURCE = Path(messages.__file__).parents[1]


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


def test_both_languages_have_the_same_files() -> None:
    folder = SOURCE / "messages"
    names = {lang: {p.name for p in (folder / lang).glob("*.toml")} for lang in ("vi", "en")}
    assert names["vi"] == names["en"] == {f"{area}.toml" for area in areas()}


@pytest.mark.parametrize("area", areas())
def test_both_languages_have_the_same_keys_and_fields(area: str) -> None:
    vi, en = catalogue("vi", area), catalogue("en", area)
    assert set(vi) == set(en)
    differing = {key: (fields(vi[key]), fields(en[key])) for key in vi if fields(vi[key]) != fields(en[key])}
    assert differing == ({"render.period.quarter": ({"roman", "year"}, {"index", "year"})} if area == "render" else {})
    silent = {"render.basis.none"}
    assert {key for key in vi if not vi[key].strip() or not en[key].strip()} <= silent


@pytest.mark.parametrize("area", areas())
def test_only_named_fields_are_used(area: str) -> None:
    """A bare {} or {0} would fail only when it is said."""
    for lang in ("vi", "en"):
        for key, template in catalogue(lang, area).items():
            assert all(re.fullmatch(r"[a-z][a-z0-9_]*", f) for f in fields(template)), (lang, key)


def spoken() -> set[str]:
    """Every literal first argument of say(), h(), and of the errors."""
    found: set[str] = set()
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args or not isinstance(node.args[0], ast.Constant):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            text = node.args[0].value
            if not isinstance(text, str):
                continue
            if name == "say" and text.partition(".")[0] in areas() and "." in text:
                found.add(text)
            elif name == "h":
                found.add(f"help.{text}")
            elif name in {"InputError", "UsageError", "LockedError", "TthcError"}:
                found.add(f"errors.{text}")
    return found


def test_everything_that_is_said_is_in_the_catalogue() -> None:
    known = {key for area in areas() for key in catalogue("vi", area)}
    assert len(spoken()) > 100
    assert {key for key in spoken() if key not in known} == set()


def test_every_error_is_raised_somewhere() -> None:
    source = "\n".join(p.read_text(encoding="utf-8") for p in SOURCE.rglob("*.py"))
    unused = [
        k for k in catalogue("vi", "errors") if f'"{k.partition(".")[2]}"' not in source and f'"{k}"' not in source
    ]
    assert unused == []


def test_every_verdict_has_a_sentence() -> None:
    from tthc_cli.indicators.registry import INDICATORS

    known = catalogue("vi", "reasons")
    missing = [
        (i.id, r.key) for i in INDICATORS if ":" not in i.id for r in i.reasons
        if f"reasons.{i.id}.{r.key}" not in known
    ]  # fmt: skip
    assert missing == []


def test_every_rejection_tells_what_to_do() -> None:
    for lang in ("vi", "en"):
        wrong = {k.partition(".")[2] for k in catalogue(lang, "issues")}  # type: ignore[arg-type]
        following = {k.partition(".")[2] for k in catalogue(lang, "issues_next")}  # type: ignore[arg-type]
        assert wrong == following


HELP = """
import sys
from tthc_cli.cli import run
for name in {names!r}:
    print("==", " ".join(name), flush=True)
    run([*name, "--help"])
heavy = {{"pandas", "pyarrow", "openpyxl", "jinja2", "lxml", "fastexcel", "holidays"}} & set(sys.modules)
print("heavy", sorted(heavy))
"""


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_command_has_help_in_its_language(lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TTHC_LANG", lang)
    names = [[], *(one.name.split() for one in COMMANDS)]
    ended = subprocess.run(
        [sys.executable, "-c", HELP.format(names=names)], capture_output=True, text=True, check=True
    )  # fmt: skip
    pages = ended.stdout.partition("heavy ")[0].split("== ")[1:]
    assert len(pages) == len(names)
    texts = catalogue(lang, "help")  # type: ignore[arg-type]
    for page, name in zip(pages, names, strict=True):
        key = "help." + ("_".join(name).replace("-", "_") or "tthc")
        assert " ".join(texts[key].split()[:6]) in " ".join(page.split()), name
        assert "--lang" in page
    assert ended.stdout.endswith("heavy []\n")


def test_importing_the_package_is_light() -> None:
    code = (
        "import sys, tthc_cli, tthc_cli.schema, tthc_cli.results.scorecard; "
        "print({'pandas', 'pyarrow'} & set(sys.modules))"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout == "set()\n"


def test_a_vietnamese_help_page_has_no_english_of_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TTHC_LANG", "vi")
    names = [[], ["rules"], *(one.name.split() for one in COMMANDS)]
    pages = subprocess.run(
        [sys.executable, "-c", HELP.format(names=names)], capture_output=True, text=True, check=True
    ).stdout
    assert pages.count("Cách dùng: ") == len(names)
    for word in ("Usage", "Options", "Arguments", "Commands", "OPTIONS", "required", "<str>", "Path", "this message"):
        assert word not in pages, word
