"""The same counts by other engines: one SQL statement of DuckDB, one lazy query of Polars, plain pandas.

What no engine has built in is handed to all of them ready-made, as small tables (`inputs`): the work calendar (by day:
end of work, working seconds of the day and before it, working days so far), the k-th working day, the procedures with
their place in the catalogue, the dossiers complained about, and which columns the file of a source had. Each engine
works out the facts of a dossier (named truth values) in its own language; `cases` then says, for all of them, which
facts give which verdict. They know the law's reading of the rules, without a process log.
"""

from .answer import canonical, difference, own_counts, totals
from .by_duckdb import count_duckdb
from .by_pandas import count_pandas
from .by_polars import count_polars
from .inputs import prepare

__all__ = ["canonical", "count_duckdb", "count_pandas", "count_polars", "difference", "own_counts", "prepare", "totals"]
