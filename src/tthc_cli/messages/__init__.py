"""Everything the product says, in Vietnamese and English, from catalogues of the same keys.

A catalogue is one TOML file an area and language (`vi/ingest.toml`, `en/ingest.toml`): tables of templates
with `{named}` fields. A missing key or field is an error, never an empty text.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Literal

Lang = Literal["vi", "en"]
LANGUAGES: tuple[Lang, ...] = ("vi", "en")


def _flatten(node: dict[str, object], prefix: str) -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in node.items():
        name = f"{prefix}.{key}"
        if isinstance(value, dict):
            flat.update(_flatten(value, name))
        else:
            flat[name] = str(value)
    return flat


@cache
def catalogue(lang: Lang, area: str) -> dict[str, str]:
    """All templates of one area: keys are `area.name`."""
    path = Path(__file__).parent / lang / f"{area}.toml"
    return _flatten(tomllib.loads(path.read_text(encoding="utf-8")), area)


def areas() -> tuple[str, ...]:
    """The areas that have a catalogue."""
    return tuple(sorted(path.stem for path in (Path(__file__).parent / "vi").glob("*.toml")))


def say(key: str, lang: Lang, /, **fields: object) -> str:
    """The text of `key` (`area.name`) with its fields filled in.

    >>> say("errors.where_row", "en", row=418)
    'row 418'
    """
    return _filled(catalogue(lang, key.partition(".")[0])[key], fields)


def say_in_two(key: str, lang: Lang, /, **fields: object) -> tuple[str, str]:
    """The first sentence of the text of `key`, and what follows it: what is wrong, and what to do.

    >>> say_in_two("errors.no_period", "en")[0]
    'no period given.'
    """
    template = catalogue(lang, key.partition(".")[0])[key]
    end = _SENTENCE.search(template)
    head, rest = (template[: end.start() + 1], template[end.end() :]) if end else (template, "")
    return _filled(head, fields), _filled(rest, fields)


def _filled(template: str, fields: dict[str, object]) -> str:
    if {str(fields.get(name, "?")) for name in ("near", "nearest")} & {"", "-", "–"}:
        template = _NEAR.sub("", template)
    return template.format(**fields)


_SENTENCE = re.compile(r"\.\s+(?=[^\W\d_a-zà-ỹđ])")
"""Where a sentence ends and another, which begins with a capital, follows."""
_NEAR = re.compile(r" ?\([^(){}]*\{near(?:est)?\}\)")
"""What says which known name is nearest; left out when none is near."""
