"""Why a file is not read."""

from __future__ import annotations


class UnreadableError(Exception):
    """A file that must not be read, or claims to be of a kind and cannot be read as such: `reason` is the key of the
    message that says so, `detail` the reader's own word."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail
