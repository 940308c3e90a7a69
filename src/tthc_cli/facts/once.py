"""Found out when it is first asked for, then kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

__all__ = ["once"]


class _Once:
    def __init__(self, find_out: Callable[[Any], Any]) -> None:
        self._find_out = find_out
        self.__doc__ = find_out.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        if instance is None:
            return self
        found = instance.__dict__[self._name] = self._find_out(instance)
        return found


if TYPE_CHECKING:
    from functools import cached_property as once
else:
    once = _Once
    """As functools.cached_property from Python 3.12 on. Before, that holds a lock while it finds out, one for all
    instances, so that threads that count different chunks wait for one another."""
