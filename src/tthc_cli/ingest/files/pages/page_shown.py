"""What a page shows: which elements are hidden, and the text of a cell as people see it, form fields included."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

_CLASSES = (
    "d-none", "hidden", "hide", "sr-only", "visually-hidden", "ng-hide", "invisible", "screen-reader-text",
    "ui-helper-hidden", "ui-helper-hidden-accessible",
)  # fmt: skip
"""Classes that hide in the style sheets which systems commonly use, and which no page carries in itself."""
_GONE = ("display:none", "mso-hide:all")
_UNSEEN = ("visibility:hidden", "visibility:collapse")
_HINTS = (b"none", b"hid", b"collapse", b"sr-only", b"invisible", b"screen-reader")
"""One of these is in whatever hides."""
_STYLED = "//*[contains({0}, 'none') or contains({0}, 'hid') or contains({0}, 'collapse')]".format(
    "translate(@style, 'NOEHIDCLAPS', 'noehidclaps')"
)
_SELECTOR = re.compile(r"[a-z][a-z0-9]*|[.#][\w-]+", re.IGNORECASE)
_SIMPLE = re.compile(r"[\w.#\s>-]+")
_MOST_RULES = 500

BLOCKS = frozenset(
    ("br", "p", "div", "li", "ul", "ol", "dl", "dt", "dd", "table", "thead", "tbody", "tfoot", "tr", "td", "th",
     "caption", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "pre", "section", "article", "header", "footer",
     "address", "blockquote", "center", "form", "fieldset", "legend", "option", "figure", "figcaption", "details",
     "summary")
)  # fmt: skip
_NO_TEXT = frozenset(
    ("script", "style", "template", "noscript", "head", "title", "button", "datalist", "object", "iframe", "svg",
     "meta", "link", "xml")
)  # fmt: skip
_KNOWN = BLOCKS | _NO_TEXT | frozenset(
    ("a", "b", "i", "u", "s", "em", "strong", "span", "font", "small", "big", "sub", "sup", "label", "input", "select",
     "textarea", "optgroup", "img", "code", "tt", "nobr", "wbr", "strike", "del", "ins", "mark", "time", "abbr", "cite",
     "q", "var", "col", "colgroup", "main", "nav", "aside", "picture", "source", "canvas", "kbd", "samp", "bdi",
     "bdo", "marquee", "blink", "svg", "path")
)  # fmt: skip


def is_known(tag: str) -> bool:
    """Whether an element may stand in a table; another may be a tag whose name is damaged."""
    return tag in _KNOWN or "-" in tag or ":" in tag


_NO_VALUE = frozenset(("hidden", "submit", "button", "reset", "image", "file", "password"))
_TICKS = frozenset(("checkbox", "radio"))
TICKED = "x"
"""Stands for a box that is ticked and has no label."""


@dataclass(frozen=True, slots=True)
class Hidden:
    """The elements that a page does not show."""

    gone: set[Any] = field(default_factory=set)
    """Take no room: not displayed."""
    unseen: set[Any] = field(default_factory=set)
    """Take room, but cannot be seen."""

    def __contains__(self, element: Any) -> bool:
        return element in self.gone or element in self.unseen

    def above(self, element: Any) -> bool:
        """Whether the element stands in a hidden one."""
        return any(outer in self for outer in element.iterancestors()) if self.gone or self.unseen else False


def hidden_in(root: Any, low: bytes, sheets: Iterable[str] = ()) -> Hidden:
    """What is hidden by attribute, by style and by simple rules. `low`: the page in small letters; `sheets`: style
    sheets that come with it."""
    found = Hidden()
    rules = [*sheets, *(str(style.text or "") for style in root.iter("style"))]
    if not any(hint in low for hint in _HINTS) and not any("none" in r.lower() or "hid" in r.lower() for r in rules):
        return found
    found.gone.update(root.xpath("//*[@hidden]"))
    for element in root.xpath(_STYLED):
        style = "".join(element.get("style").lower().split())
        if any(word in style for word in _GONE):
            found.gone.add(element)
        elif any(word in style for word in _UNSEEN):
            found.unseen.add(element)
    for chain, into in _rules(rules):
        _apply(root, chain, found, into)
    for name in _CLASSES:
        if name.encode() in low:
            found.gone.update(e for e in _of_class(root, name) if _always(e.get("class")))
    return found


def _always(classes: str) -> bool:
    """Whether no other class shows the element again on wider screens ("d-none d-md-block", "hidden lg:flex")."""
    return not any(":" in c or (c.startswith("d-") and c != "d-none") for c in classes.split())


def _of_class(root: Any, name: str) -> list[Any]:
    found: list[Any] = root.xpath("//*[contains(concat(' ', normalize-space(@class), ' '), $name)]", name=f" {name} ")
    return found


def _rules(sheets: Iterable[str]) -> list[tuple[list[list[str]], str]]:
    """(chain of simple selectors, "gone" | "unseen" | "shown") of the rules about display; a page's last ones win."""
    found: list[tuple[list[list[str]], str]] = []
    for sheet in sheets:
        for selectors, style in _blocks(sheet):
            plain = "".join(style.lower().split())
            if any(word in plain for word in _GONE):
                into = "gone"
            elif any(word in plain for word in _UNSEEN):
                into = "unseen"
            elif "display:" in plain or "visibility:" in plain:
                into = "shown"
            else:
                continue
            for selector in selectors.split(","):
                if _SIMPLE.fullmatch(selector.strip()):
                    chain = [_SELECTOR.findall(part) for part in selector.replace(">", " ").split()]
                    found.append((chain, into))
    return found[:_MOST_RULES]


def _blocks(sheet: str) -> list[tuple[str, str]]:
    """(selectors, declarations) of the rules of a style sheet, those within "@media" and the like left out."""
    parts = re.split(r"([{}])", _without_comments(sheet))
    found: list[tuple[str, str]] = []
    depth = 0
    selectors = ""
    for text, brace in zip(parts[::2], [*parts[1::2], ""], strict=True):
        if brace == "{":
            depth += 1
            selectors = text.rsplit(";", maxsplit=1)[-1] if depth == 1 else selectors
        elif brace == "}":
            if depth == 1 and "@" not in selectors:
                found.append((selectors, text))
            depth = max(0, depth - 1)
    return found


def _without_comments(sheet: str) -> str:
    parts = sheet.replace("<!--", " ").replace("-->", " ").split("/*")
    return parts[0] + "".join(part.partition("*/")[2] for part in parts[1:])


def _apply(root: Any, chain: list[list[str]], found: Hidden, into: str) -> None:
    last = chain[-1]
    name = next((p[1:] for p in last if p[0] == "."), None)
    marked = next((p[1:] for p in last if p[0] == "#"), None)
    if name is not None:
        candidates = _of_class(root, name)
    elif marked is not None:
        candidates = root.xpath("//*[@id=$id]", id=marked)
    else:
        candidates = list(root.iter(last[0].lower())) if into != "shown" else []
    for element in candidates:
        if not _fits(element, last) or not _below(element, chain[:-1]):
            continue
        style = "".join((element.get("style") or "").lower().split())
        if "display:" in style or "visibility:" in style:
            continue
        if into == "shown":
            found.gone.discard(element)
            found.unseen.discard(element)
        else:
            (found.gone if into == "gone" else found.unseen).add(element)


def _fits(element: Any, selector: list[str]) -> bool:
    classes = (element.get("class") or "").split()
    return all(
        part[1:] in classes
        if part[0] == "."
        else element.get("id") == part[1:]
        if part[0] == "#"
        else element.tag == part.lower()
        for part in selector
    )


def _below(element: Any, chain: list[list[str]]) -> bool:
    waiting = list(chain)
    for outer in element.iterancestors():
        if waiting and _fits(outer, waiting[-1]):
            waiting.pop()
    return not waiting


def text_of(cell: Any, hidden: Hidden) -> str:
    """The text of a cell on one line: blocks parted by a blank; of boxes to tick, the labels of those ticked."""
    pieces: list[str] = []
    ticks: list[tuple[int, bool]] = []
    _gather(cell, hidden, pieces, ticks)
    if ticks:
        pieces = _ticked(pieces, ticks)
    return " ".join("".join(pieces).split())


def _gather(element: Any, hidden: Hidden, pieces: list[str], ticks: list[tuple[int, bool]]) -> None:
    """Collect the texts within an element; `ticks`: (how many texts stand before a box, whether it is ticked)."""
    if element.text:
        pieces.append(element.text)
    for child in element:
        tag = child.tag
        if not isinstance(tag, str) or tag in _NO_TEXT or child in hidden:
            if tag in BLOCKS:
                pieces.append(" ")
        elif tag == "input":
            _field(child, pieces, ticks)
        elif tag == "select":
            pieces.append(f" {_chosen(child)} ")
        elif tag in BLOCKS:
            pieces.append(" ")
            _gather(child, hidden, pieces, ticks)
            pieces.append(" ")
        else:
            _gather(child, hidden, pieces, ticks)
        if child.tail:
            pieces.append(child.tail)


def _field(field_: Any, pieces: list[str], ticks: list[tuple[int, bool]]) -> None:
    kind = (field_.get("type") or "text").strip().lower()
    if kind in _TICKS:
        ticks.append((len(pieces), field_.get("checked") is not None))
    elif kind not in _NO_VALUE:
        pieces.append(f" {field_.get('value') or ''} ")


def _chosen(select: Any) -> str:
    options = list(select.iter("option"))
    chosen = [o for o in options if o.get("selected") is not None]
    if not chosen and select.get("multiple") is None:
        chosen = options[:1]
    elif select.get("multiple") is None:
        chosen = chosen[-1:]
    return " ".join("".join(o.itertext()) for o in chosen)


def _ticked(pieces: list[str], ticks: list[tuple[int, bool]]) -> list[str]:
    kept = pieces[: ticks[0][0]]
    ends = [at for at, _ in ticks[1:]] + [len(pieces)]
    for (at, ticked), end in zip(ticks, ends, strict=True):
        if ticked:
            label = "".join(pieces[at:end])
            kept += [" ", label if label.strip() else TICKED, " "]
    return kept
