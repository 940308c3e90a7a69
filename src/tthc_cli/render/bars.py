"""Numbers as blocks of text: a line over time, a bar of a share. The numbers always stand beside them."""

from __future__ import annotations

from collections.abc import Sequence

_STEPS = "▁▂▃▄▅▆▇█"
_FULL, _EMPTY = "█", "░"


def sparkline(values: Sequence[float], span: float = 0) -> str:
    """A block a value, the least the lowest; values that differ by less than `span` do not fill the height.

    >>> sparkline([1, 8, 4]), sparkline([70, 73], span=10), sparkline([3, 3])
    ('▁█▄', '▃▅', '▁▁')
    """
    least, most = min(values), max(values)
    room = max(most - least, span)
    bottom = least - (room - (most - least)) / 2
    return "".join(_STEPS[int((value - bottom) * (len(_STEPS) - 1) // (room or 1))] for value in values)


def bar(share: float, width: int) -> str:
    """A bar of so many columns; full or empty only where the share is.

    >>> bar(0.5, 10), bar(0.999, 10), bar(0.001, 10)
    ('█████░░░░░', '█████████░', '█░░░░░░░░░')
    """
    filled = 0 if share <= 0 else width if share >= 1 else min(max(round(share * width), 1), width - 1)
    return _FULL * filled + _EMPTY * (width - filled)
