"""All of the work of `tthc ingest` on a clean export, by other engines: not only a file turned into another.

Every column is read as text. Dates are tried in two shapes and must exist and lie between 1990 and 2100, numbers are
tried, words of a list must be on it. A row without its key, with a date that is none, or finished on a day before it
was received, is left out. Of rows with one key the newest stands. A file for each month of receipt, sorted by unit,
procedure and key, is written with zstd and hashed, and so is the file that was read.

Each engine does this in its own best way, as measured; `rows` tells whether the rows that it stored are the same.
"""

from .by_duckdb import ingest_duckdb
from .by_polars import ingest_polars
from .proof import make_proof
from .rows import digest_of

__all__ = ["digest_of", "ingest_duckdb", "ingest_polars", "make_proof"]
