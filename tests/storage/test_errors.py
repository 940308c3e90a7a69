"""What goes wrong with a remote place ends in one sentence that says what, where and what next, and exit code 3."""

from __future__ import annotations

import socket
import time
from pathlib import Path

import pytest

from tests.command import Ended, tthc
from tests.storage.server import BUCKET, Server
from tthc_cli.storage import location, parquet


def workspace(folder: Path, warehouse: str, endpoint: str = "") -> Path:
    line = f'endpoint = "{endpoint}"\n' if endpoint else ""
    (folder / "tthc.toml").write_text(f'[storage]\nwarehouse = "{warehouse}"\n{line}', encoding="utf-8")
    (folder / "units.csv").write_text("MaDonVi,TenDonVi,Cap\nH99,UBND tỉnh,tinh\n", encoding="utf-8")
    return folder


def both(folder: Path) -> tuple[Ended, Ended]:
    return (
        tthc("ingest", folder / "units.csv", "--workspace", folder),
        tthc("score", "--quarter", "2023Q2", "--workspace", folder),
    )


def assert_one_sentence(ended: Ended, *words: str) -> None:
    assert (ended.code, ended.out) == (3, "")
    assert len(ended.err.strip().splitlines()) == 1
    assert all(word in ended.err for word in words), ended.err
    assert "very-secret" not in ended.err


def test_missing_bucket(s3: Server, tmp_path: Path) -> None:
    for ended in both(workspace(tmp_path, "s3://khong-co/kho", s3.endpoint)):
        assert_one_sentence(ended, "s3://khong-co/kho", 'không có kho "khong-co"', "Tạo kho")


def test_missing_bucket_for_reports(s3: Server, tmp_path: Path) -> None:
    folder = workspace(tmp_path, "warehouse", s3.endpoint)
    assert both(folder)[1].code == 0
    ended = tthc("report", "--format", "csv", "--out", "s3://khong-co/x", "--workspace", folder)
    assert_one_sentence(ended, 'không có kho "khong-co"')


def test_nothing_taken_in_yet(s3: Server, tmp_path: Path) -> None:
    ended = tthc("score", "--quarter", "2023Q2", "--workspace", workspace(tmp_path, f"s3://{BUCKET}/kho", s3.endpoint))
    assert_one_sentence(ended, f"s3://{BUCKET}/kho", "chưa có dữ liệu", "tthc ingest")


@pytest.mark.parametrize("status", [401, 403])
def test_access_refused(s3: Server, tmp_path: Path, status: int) -> None:
    s3.gate = lambda _method, _key: status
    for ended in both(workspace(tmp_path, f"s3://{BUCKET}/kho", s3.endpoint)):
        assert_one_sentence(ended, f"s3://{BUCKET}/kho", "không cho phép", "AWS_")


def test_nobody_listens(tmp_path: Path, s3: Server) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        endpoint = f"http://127.0.0.1:{free.getsockname()[1]}"
    for ended in both(workspace(tmp_path, f"s3://{BUCKET}/kho", endpoint)):
        assert_one_sentence(ended, endpoint, "không trả lời", "Kiểm tra mạng")


def test_a_server_that_never_answers_is_given_up(tmp_path: Path, s3: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(location, "SILENT_SECONDS", 1)
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen(20)
        folder = workspace(tmp_path, f"s3://{BUCKET}/kho", f"http://127.0.0.1:{mute.getsockname()[1]}")
        began = time.monotonic()
        ended = tthc("score", "--quarter", "2023Q2", "--workspace", folder)
    assert_one_sentence(ended, "không trả lời")
    assert time.monotonic() - began < 30


def test_a_stored_file_that_is_gone_is_named(s3: Server, tmp_path: Path) -> None:
    folder = workspace(tmp_path, f"s3://{BUCKET}/kho", s3.endpoint)
    assert both(folder)[0].code == 0
    gone = next(k for k in s3.objects("") if k.startswith("kho/units/"))
    s3.client.delete_object(Bucket=BUCKET, Key=gone)
    ended = tthc("score", "--quarter", "2023Q2", "--workspace", folder)
    assert_one_sentence(ended, f"s3://{BUCKET}/{gone}", "đã mất")


@pytest.mark.parametrize("at", [10, 0.4, None])
def test_a_stored_file_that_is_damaged_is_named(s3: Server, tmp_path: Path, at: float | None) -> None:
    folder = workspace(tmp_path, f"s3://{BUCKET}/kho", s3.endpoint)
    assert both(folder)[0].code == 0
    key, data = next((k, v) for k, v in s3.objects("").items() if k.startswith("kho/units/"))
    place = 0 if at is None else int(at if at > 1 else at * len(data))
    bad = data[: len(data) // 3] if at is None else data[:place] + bytes([data[place] ^ 0x55]) + data[place + 1 :]
    s3.client.put_object(Bucket=BUCKET, Key=key, Body=bad)
    parquet._opened.cache_clear()
    ended = tthc("score", "--quarter", "2023Q2", "--workspace", folder)
    assert_one_sentence(ended, f"s3://{BUCKET}/{key}", "bị hỏng", "tthc ingest")


def test_a_filesystem_that_nobody_knows(tmp_path: Path) -> None:
    ended = tthc("score", "--quarter", "2023Q2", "--workspace", workspace(tmp_path, "zzz://somewhere/kho"))
    assert_one_sentence(ended, "zzz://", "tthc-cli[fsspec]")


@pytest.mark.parametrize("warehouse", ["s3://KEY:hush@bucket/kho", ".", " "])
def test_a_setting_that_cannot_be_meant(tmp_path: Path, warehouse: str) -> None:
    ended = tthc("score", "--quarter", "2023Q2", "--workspace", workspace(tmp_path, warehouse))
    assert_one_sentence(ended, "tthc.toml › storage.warehouse")
    assert "hush" not in ended.err


def test_an_out_that_cannot_be_meant(tmp_path: Path) -> None:
    folder = workspace(tmp_path, "warehouse")
    assert both(folder)[1].code == 0
    ended = tthc("report", "--out", "s3://KEY:hush@bucket/kho", "--workspace", folder)
    assert (ended.code, ended.out) == (2, "")
    assert "--out" in ended.err
    assert "hush" not in ended.err
