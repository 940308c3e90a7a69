"""Counting on a Dask cluster gives what this machine gives, also when a worker is killed midway."""

from __future__ import annotations

import os
import signal
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.indicators.test_counts import judged_by, same, some_dossiers, stored
from tthc_cli.counting.cluster import _tasks, on_cluster
from tthc_cli.counting.dossier_pass import count_dossiers
from tthc_cli.errors import InputError
from tthc_cli.indicators.registry import MEASURES

try:
    import distributed
except ModuleNotFoundError:
    warnings.warn("NOT TESTED: counting on a cluster; install the extra: pip install 'tthc-cli[cluster]'", stacklevel=1)
    pytest.skip("dask and distributed are not installed (extra: cluster)", allow_module_level=True)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0", silence_logs=50
        ) as made,
        distributed.Client(made, set_as_default=False) as client,
    ):
        client.wait_for_workers(2)
        yield made


def test_the_cluster_counts_what_this_machine_counts(tmp_path: Path, cluster: Any) -> None:
    warehouse, judged = stored(tmp_path, some_dossiers(800)), judged_by()
    found = count_dossiers(warehouse, judged, MEASURES, engine=on_cluster(cluster.scheduler_address))
    assert same(found, count_dossiers(warehouse, judged, MEASURES))


def test_what_the_cluster_counted_is_kept_as_what_this_machine_counted(tmp_path: Path, cluster: Any) -> None:
    warehouse, judged = stored(tmp_path / "warehouse", some_dossiers(800)), judged_by()
    count_dossiers(warehouse, judged, MEASURES, engine=on_cluster(cluster.scheduler_address), cache=tmp_path / "there")
    count_dossiers(warehouse, judged, MEASURES, cache=tmp_path / "here")
    there, here = ({p.name: p.read_bytes() for p in (tmp_path / name).iterdir()} for name in ("there", "here"))
    assert there == here


def test_a_worker_killed_midway_changes_nothing(tmp_path: Path, cluster: Any) -> None:
    warehouse, judged = stored(tmp_path, some_dossiers(900, seed=3)), judged_by()
    killed = []

    def kill_one(done: int, _all: int) -> None:
        if done == 2:
            worker = next(iter(cluster.workers.values()))
            os.kill(worker.process.pid, signal.SIGKILL)
            killed.append(worker.process.pid)

    found = count_dossiers(warehouse, judged, MEASURES, progress=kill_one, engine=on_cluster(cluster.scheduler_address))
    assert killed
    assert same(found, count_dossiers(warehouse, judged, MEASURES))


@pytest.mark.parametrize(("chunks", "threads"), [(0, 2), (1, 2), (5, 2), (166, 2), (166, 40), (7, 0)])
def test_every_chunk_is_handed_out_once_and_the_last_one_alone(chunks: int, threads: int) -> None:
    tasks = _tasks(range(chunks), threads)
    assert [place for task in tasks for place in task] == list(range(chunks))
    assert [len(task) for task in tasks] == sorted((len(task) for task in tasks), reverse=True)
    assert not tasks or len(tasks[-1]) == 1


def test_no_scheduler_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tthc_cli.counting.cluster.CONNECT_SECONDS", 1)
    with pytest.raises(InputError) as raised:
        count_dossiers(
            stored(tmp_path, some_dossiers(5)), judged_by(), MEASURES, engine=on_cluster("tcp://127.0.0.1:9")
        )
    assert "127.0.0.1:9" in raised.value.message("en")
    assert "dask scheduler" in raised.value.message("vi")


def test_without_the_extra_the_reader_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)
    with pytest.raises(InputError) as raised:
        on_cluster("tcp://127.0.0.1:8786")
    assert "tthc-cli[cluster]" in raised.value.message("en")
