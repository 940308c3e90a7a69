"""Read stored Parquet files, on this machine or elsewhere: whole, or by row groups and columns.

Their pages carry checksums, so that damage is told and never counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tthc_cli.storage.location import DamagedError, Location, Remote, told

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

_SIDE_BY_SIDE = 16


@contextmanager
def _whole(place: Location) -> Iterator[None]:
    """Damage to a Parquet file is told as DamagedError: pages carry checksums, so that no flipped bit goes unseen."""
    import pyarrow as pa

    try:
        with told(place) if isinstance(place, Remote) else nullcontext():
            yield
    except pa.ArrowException as error:
        raise DamagedError(place, error) from None
    except OSError as error:
        if error.errno is not None:
            raise
        raise DamagedError(place, error) from None


@contextmanager
def open_parquet(place: Location, metadata: pq.FileMetaData | None = None) -> Iterator[pq.ParquetFile]:
    """A Parquet file to read row groups and columns from. `metadata`: its footer, if it is known.

    Raises DamagedError, also for what is read from it.
    """
    import pyarrow.parquet as pq

    with _whole(place):
        if isinstance(place, Path):
            with pq.ParquetFile(place, metadata=metadata, page_checksum_verification=True) as file:
                yield file
            return
        handle, footer = _opened(place)
        with pq.ParquetFile(handle, metadata=footer, pre_buffer=True, page_checksum_verification=True) as file:
            yield file


def read_footer(place: Location) -> pq.FileMetaData:
    """The footer of a Parquet file. Raises DamagedError."""
    import pyarrow.parquet as pq

    with _whole(place):
        return pq.read_metadata(place) if isinstance(place, Path) else _opened(place)[1]


def has_values(place: Location, column: str) -> bool:
    """Whether a file has a column, and a value in it. Raises DamagedError."""
    footer = read_footer(place)
    if column not in footer.schema.names:
        return False
    at = footer.schema.names.index(column)
    told = [footer.row_group(group).column(at).statistics for group in range(footer.num_row_groups)]
    if all(s is not None and s.has_null_count for s in told):
        return any(s.null_count < footer.row_group(group).num_rows for group, s in enumerate(told))
    found = read_parquet(place, [column]).column(0)
    return bool(found.null_count < len(found))


def fetch_footers(places: Iterable[Location]) -> None:
    """Fetch the footers of remote Parquet files side by side, so that they are not waited for one by one."""
    remote = [place for place in places if isinstance(place, Remote)]
    if len(remote) > 1:
        with ThreadPoolExecutor(min(len(remote), _SIDE_BY_SIDE)) as pool:
            list(pool.map(read_footer, remote))


@lru_cache(maxsize=1024)
def _opened(place: Remote) -> tuple[Any, pq.FileMetaData]:
    """(open file, footer): kept, because a stored file's name tells its content, and opening takes three requests."""
    import pyarrow.parquet as pq

    with told(place):
        files, path = place.located()
        handle = files.open_input_file(path)
        return handle, pq.read_metadata(handle)


def completed(table: pa.Table, wanted: pa.Schema) -> pa.Table:
    """The columns of `wanted`, in its types; blank are those that a file written before they were known lacks."""
    import pyarrow as pa

    held = set(table.column_names)
    columns = [table.column(f.name) if f.name in held else pa.nulls(len(table)).cast(f.type) for f in wanted]
    return pa.table(dict(zip(wanted.names, columns, strict=True))).cast(wanted)


def read_parquet(place: Location, columns: Sequence[str] | None = None, filters: Any = None) -> pa.Table:
    """A whole Parquet file, or those of some columns that it has, or the rows that `filters` let through.

    Raises DamagedError.
    """
    if filters is None:  # without pyarrow.dataset, which loads pandas
        with open_parquet(place) as file:
            table = file.read(columns=None if columns is None else list(columns))
        return table if columns is None else table.select([c for c in columns if c in table.column_names])
    import pyarrow.parquet as pq

    with _whole(place):
        files, path = (None, place) if isinstance(place, Path) else place.located()
        return pq.read_table(
            path, filesystem=files, columns=columns, filters=filters, partitioning=None, page_checksum_verification=True
        )
