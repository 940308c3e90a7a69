"""The PDF that needs no browser."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.render.fixtures import earlier_card, small_card
from tthc_cli import machine, render
from tthc_cli.render.typeset import typeset
from tthc_cli.render.view.building import build_view

pytest.importorskip("typst")


def test_the_same_card_gives_the_same_bytes() -> None:
    view = build_view(small_card(), "vi", units=["H99.03"], history=[earlier_card()])
    assert typeset(view) == typeset(view)


def test_a_machine_without_a_browser_makes_a_pdf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "find_browser", lambda: None)
    render.write_pdf(small_card(), tmp_path / "a.pdf", "vi", units=["H99.01"])
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF-")


def test_hostile_names_are_text_and_no_markup() -> None:
    assert typeset(build_view(small_card(), "en")).startswith(b"%PDF-")
