"""What all pages of the site share: who publishes, the templates, numbers in words."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tthc_cli.messages import Lang, say
from tthc_cli.render import formats
from tthc_cli.results.scorecard import number

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).parent / "templates"
STYLE = "site.css"
KEPT = 2048
"""Numbers and sentences that are remembered as written."""


@dataclass(frozen=True, slots=True)
class Site:
    """Who publishes, and how."""

    lang: Lang
    province: str = ""
    publisher: str = ""
    address: str = ""
    """Where the site will be found, with "/" at its end; "" = nowhere in particular."""
    licence: str = ""
    """Address of the licence of the data."""
    mask_small: bool = False


class Writer:
    """Writes pages from the templates."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.environment = _environment()
        self.environment.globals |= {"site": site, "say": partial(said, site.lang)}

    def page(self, template: str, path: str, **fields: Any) -> bytes:
        """A page; `path`: where it will be in the site, so that it finds its way to the top."""
        text = self.environment.get_template(template).render(top="../" * path.count("/"), **fields)
        return text.encode("utf-8")


def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip


def said(lang: Lang, key: str, **fields: object) -> str:
    """A text of the site."""
    return say(f"publish.{key}", lang, **fields) if fields else _fixed_text(lang, key)


@lru_cache(maxsize=KEPT)
def _fixed_text(lang: Lang, key: str) -> str:
    return say(f"publish.{key}", lang)


@lru_cache(maxsize=KEPT)
def plain(text: str | None, lang: Lang) -> str:
    """A stored number as people write it."""
    return formats.plain(None if text is None else Fraction(text), lang)


@lru_cache(maxsize=KEPT)
def fixed(text: str | None, lang: Lang, places: int = 2) -> str:
    """The same with so many decimals."""
    return formats.fixed(None if text is None else Fraction(text), lang, places)


@lru_cache(maxsize=KEPT)
def share(numerator: str | None, denominator: str | None, lang: Lang, mean: bool) -> str:
    """A stored ratio: a percentage, or a mean as a number."""
    ratio = ratio_of(numerator, denominator)
    return formats.fixed(ratio, lang) if mean else formats.percent(ratio, lang)


@lru_cache(maxsize=KEPT)
def ratio_of(numerator: str | None, denominator: str | None) -> Fraction | None:
    if numerator is None or denominator is None:
        return None
    below = Fraction(denominator)
    return Fraction(numerator) / below if below else None


def figure(value: Decimal | Fraction | str | None) -> float | int | None:
    """A stored number for programs."""
    return number(Fraction(value) if isinstance(value, str) else value)


def made_by(lang: Lang) -> str:
    """A hash of what writes the pages: this package, its templates, and the words that it uses."""
    from tthc_cli import __version__, messages, schema

    digest = hashlib.sha256(f"{__version__}:{lang}".encode())
    package = Path(__file__).parent
    files = [*package.glob("*.py"), *TEMPLATES.iterdir()]
    files += [Path(messages.__file__).parent / lang / f"{area}.toml" for area in ("publish", "reasons", "render")]
    for file in sorted(files):
        digest.update(file.name.encode() + b":" + (file.read_bytes() if file.is_file() else b""))
    digest.update(repr(schema.word_file("small_numbers")).encode())
    return digest.hexdigest()
