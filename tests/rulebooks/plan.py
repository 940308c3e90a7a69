"""Writes small provincial plans for the tests."""

from __future__ import annotations

from pathlib import Path

CITE = 'cite = "Quyết định 740/QĐ-UBND, Điều 2"\n'


def write_plan(
    folder: Path, body: str = "", *, name: str = "plan", revision: int = 1, reading: str = "law",
    extends: str = "qd766", dates: str = "effective_from = 2023-04-18", more: str = "",
) -> Path:  # fmt: skip
    """A plan that extends `extends`; `more` are further keys of the rulebook, `body` its tables."""
    path = folder / f"{name}-{revision}.toml"
    path.write_text(
        f'id = "{name}"\nrevision = {revision}\nreading = "{reading}"\nextends = "{extends}"\n'
        f'title_vi = "Kế hoạch của tỉnh"\ntitle_en = "A plan"\n{CITE}{dates}\n{more}\n{body}',
        encoding="utf-8",
    )
    return path


def typed_component(component_id: str, group: str, maximum: str) -> str:
    """The text of a component known from hand-typed figures."""
    return (
        f'\n[[component]]\nid = "{component_id}"\ngroup = "{group}"\ntitle_vi = "Sáng kiến"\ntitle_en = "Initiatives"\n'
        f'max = {maximum}\nrule = "linear"\nwhen_zero = "zero"\nsubject = "typed"\nnumerator_vi = "Số sáng kiến"\n'
        f'numerator_en = "Initiatives"\ndenominator_vi = "Chỉ tiêu"\ndenominator_en = "Goal"\n{CITE}'
    )
