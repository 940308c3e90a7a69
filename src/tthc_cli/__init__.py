"""tthc: from one-stop-shop exports to scorecards under Decision 766/QĐ-TTg."""

__version__ = "0.1.0"
