"""The whole job with warehouse, scores and reports on S3, or in fsspec's memory, gives the bytes of a local run."""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from uuid import uuid4

import pytest

from tests.command import Ended, tthc
from tests.conftest import EXPORTS
from tests.storage.server import BUCKET, Server

FIRST = ("units.csv", "procedures.xlsx", "cong_dvc_2023-05_xuat_2023-06-03.csv", "so_xay_dung_xuat_2023-08-02.xlsx")
SECOND = ("cong_dvc_2023-06_xuat_2023-07-03.csv", "process_log.csv", "petitions.csv", "typed_figures.csv")
"""Files taken in by a second run; months of the first are merged with it."""
PLACES = ("warehouse", "scores", "reports")
Files = dict[str, dict[str, bytes]]


def workspace(folder: Path, base: str = "", endpoint: str = "") -> Path:
    folder.mkdir()
    lines = [f'{name} = "{base}/{name}"' for name in PLACES] if base else []
    lines += [f'endpoint = "{endpoint}"'] if endpoint else []
    (folder / "tthc.toml").write_text("\n".join(["[storage]", *lines]) + "\n", encoding="utf-8")
    return folder


WRITES = {
    "ingest": ("ingest", *(EXPORTS / f for f in FIRST)),
    "again": ("ingest", *(EXPORTS / f for f in (*FIRST, *SECOND))),
    "score": ("score", "--quarter", "2023Q2", "--json"),
    "month": ("score", "--month", "2023-06"),
    "rescore": ("score", "--quarter", "2023Q2", "--json"),
    "xlsx": ("report", "--format", "xlsx", "--quarter", "2023Q2", "--unit", "H99.09"),
    "html": ("report", "--format", "html", "--quarter", "2023Q2"),
}
READS = {
    "explain": ("explain", "H99.09", "3.6"),
    "dossier": ("explain", "H99.09-230411-0018"),
    "whatif": ("whatif", "H99.09"),
    "compare": ("compare", "2023Q2", "2023-06"),
    "sources": ("sources", "--json"),
}


def job(folder: Path, commands: Mapping[str, Sequence[str | Path]]) -> dict[str, Ended]:
    """What a province does in a quarter; what each command said."""
    said = {}
    for name, arguments in commands.items():
        said[name] = tthc(*arguments, "--workspace", folder)
        assert said[name].code in (0, 1), said[name].err
    return said


def local_files(folder: Path) -> Files:
    return {
        name: {
            p.relative_to(folder / name).as_posix(): p.read_bytes()
            for p in (folder / name).rglob("*")
            if p.is_file() and p.suffix not in (".counts", ".complaints")
        }
        for name in PLACES
    }


def on_s3(s3: Server) -> Files:
    return {name: s3.objects(f"hành chính/{name}/") for name in PLACES}


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Ended]]:
    folder = workspace(tmp_path_factory.mktemp("here") / "space")
    return folder, job(folder, WRITES | READS)


def without_places(text: str, folder: Path) -> str:
    return text.replace(str(folder), "").replace(f"s3://{BUCKET}/hành chính", "")


def test_on_s3_every_byte_is_that_of_a_local_run(
    local: tuple[Path, dict[str, Ended]], s3: Server, tmp_path: Path
) -> None:
    here, said = local
    far = workspace(tmp_path / "space", f"s3://{BUCKET}/hành chính", s3.endpoint)
    for name, ended in job(far, WRITES | READS).items():
        assert ended.code == said[name].code
        assert without_places(ended.out, far) == without_places(said[name].out, here), name
    assert on_s3(s3) == local_files(here)
    assert (far / "issues.csv").read_bytes() == (here / "issues.csv").read_bytes()
    left = {p.relative_to(far).parts[0] for p in far.rglob("*") if p.is_file()}
    assert left == {"tthc.toml", "issues.csv", "issues.xlsx", "issues", ".tthc.lock", ".counts", "logs"}
    assert not any("very-secret" in p.read_text("utf-8", "replace") for p in far.rglob("*") if p.is_file())


def test_forgetting_leaves_on_s3_what_it_leaves_here(
    local: tuple[Path, dict[str, Ended]], s3: Server, tmp_path: Path
) -> None:
    here = tmp_path / "here"
    shutil.copytree(local[0], here)
    far = workspace(tmp_path / "space", f"s3://{BUCKET}/hành chính", s3.endpoint)
    assert tthc("ingest", *(EXPORTS / f for f in (*FIRST, *SECOND)), "--workspace", far).code == 1
    gone = str(EXPORTS / "so_xay_dung_xuat_2023-08-02.xlsx")
    for folder in (here, far):
        ended = tthc("forget", gone, "--workspace", folder)
        assert ended.code == 0, ended.err
    assert s3.objects("hành chính/warehouse/") == local_files(here)["warehouse"]
    assert "so_xay_dung" not in str(on_s3(s3)["warehouse"]["manifest.json"])


def test_reports_go_where_a_url_says(s3: Server, local: tuple[Path, dict[str, Ended]]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", s3.endpoint)
        ended = tthc(
            "report", "--format", "csv", "--quarter", "2023Q2", "--out", f"s3://{BUCKET}/out", "--workspace", local[0]
        )
        listed = tthc("explain", "H99.09", "3.6", "--out", f"s3://{BUCKET}/out/3.6.csv", "--workspace", local[0])
    assert ended.out.strip() == f"s3://{BUCKET}/out/tthc-2023Q2-qd766.csv", ended.err
    assert listed.code == 0
    assert {k: v[:3] for k, v in s3.objects("out/").items()} == {
        "tthc-2023Q2-qd766.csv": b"\xef\xbb\xbf", "3.6.csv": b"\xef\xbb\xbf",
    }  # fmt: skip


def test_in_the_memory_of_fsspec_every_byte_is_that_of_a_local_run(
    local: tuple[Path, dict[str, Ended]], tmp_path: Path
) -> None:
    from fsspec.implementations.memory import MemoryFileSystem

    base = f"/province-{uuid4().hex}"
    far = workspace(tmp_path / "space", f"memory:/{base}")
    job(far, WRITES)
    files = MemoryFileSystem()
    found = {
        name: {p.removeprefix(f"{base}/{name}/"): files.cat(p) for p in files.find(f"{base}/{name}")} for name in PLACES
    }
    assert found == local_files(local[0])


def test_a_cluster_counts_from_s3(local: tuple[Path, dict[str, Ended]], s3: Server, tmp_path: Path) -> None:
    try:
        import distributed
    except ModuleNotFoundError:
        warnings.warn("NOT TESTED: a cluster that reads from S3; install tthc-cli[cluster]", stacklevel=1)
        pytest.skip("dask and distributed are not installed (extra: cluster)")
    far = workspace(tmp_path / "space", f"s3://{BUCKET}/hành chính", s3.endpoint)
    assert tthc("ingest", *(EXPORTS / f for f in (*FIRST, *SECOND)), "--workspace", far).code == 1
    s3.asked.clear()
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=2, processes=True, dashboard_address=":0", silence_logs=50
    ) as cluster:
        options = ("--engine", "dask", "--scheduler", cluster.scheduler_address)
        ended = tthc("score", "--quarter", "2023Q2", *options, "--workspace", far)
    assert ended.code == 0, ended.err
    assert any("/dossiers/2023-06-" in key for _, key in s3.asked)
    mine, here = s3.objects("hành chính/scores/2023Q2/"), local_files(local[0])["scores"]
    assert mine == {k.removeprefix("2023Q2/"): v for k, v in here.items() if k.startswith("2023Q2/")}
