"""The self-contained HTML page of a scorecard."""

from __future__ import annotations

import base64
import hashlib
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from tthc_cli.messages import say

if TYPE_CHECKING:
    from tthc_cli.messages import Lang
    from tthc_cli.render.view import Amount, CardView, UnitView

_TEMPLATES = Path(__file__).parent / "templates"
_HEAT_STEPS = 6
_RANKING_COLUMNS = (
    ("rank", "ascending"), ("unit", "ascending"), ("level", "ascending"), ("total", "descending"),
    ("assessed_max", "descending"), ("percent", "descending"), ("grade", "descending"),
)  # fmt: skip


def page_text(card: CardView) -> str:
    """Write the page. Its content policy allows the one style and the one script that are in it, and nothing else."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    lang: Lang = "vi" if card.lang == "vi" else "en"
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    style = (_TEMPLATES / "scorecard.css").read_text(encoding="utf-8")
    script = (_TEMPLATES / "scorecard.js").read_text(encoding="utf-8")
    environment.globals["say"] = partial(_say, lang)
    environment.globals["num"] = _number
    environment.globals["heat"] = _heat
    environment.globals["group_parts"] = partial(_group_parts, lang)
    environment.globals["trend_parts"] = partial(_trend_parts, lang)
    return environment.get_template("scorecard.html.j2").render(
        card=card,
        root=card.root,
        missing=card.missing_here if card.focused else card.missing,
        changed=any(u.change for u in card.units),
        heat_heads=[c for c in card.components if not c.analysis],
        ranking_columns=_RANKING_COLUMNS,
        style=Markup(style),
        script=Markup(script),
        style_hash=_policy_hash(style),
        script_hash=_policy_hash(script),
    )


def _say(lang: Lang, key: str, **fields: object) -> str:
    return say(f"render.{key}", lang, **fields)


def _number(amount: Amount) -> str:
    """A number as JavaScript reads it; "" for nothing."""
    return "" if amount.value is None else repr(float(amount.value))


def _heat(share: float | None) -> int:
    """The step of the colour scale, 0 to 5."""
    return min(int((share or 0.0) * _HEAT_STEPS), _HEAT_STEPS - 1)


def _group_parts(lang: Lang, unit: UnitView) -> str:
    return "; ".join(
        _say(lang, "page.groups_part", title=g.head.title, points=g.points, max=g.head.max) for g in unit.groups
    )


def _trend_parts(lang: Lang, unit: UnitView) -> str:
    return "; ".join(_say(lang, "page.trend_part", period=period, points=amount) for period, amount in unit.trend)


def _policy_hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
