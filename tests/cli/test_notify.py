"""`tthc run --notify`: a mail and a ping about a run, to servers of this machine."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.cli.mail_server import mail_server, web_server
from tests.cli.test_exit_codes import BAD_DATE, GOOD, HEADINGS, UNITS
from tests.command import Ended, put, tthc

LATE = GOOD.replace("07/04/2023 15:00", "17/04/2023 15:00")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for variable in ("TTHC_SMTP_USER", "TTHC_SMTP_PASSWORD", "TTHC_PING_URL"):
        monkeypatch.delenv(variable, raising=False)
    return put(tmp_path, units=UNITS, ho_so=HEADINGS + GOOD + BAD_DATE)


def settings(folder: Path, *lines: str) -> None:
    (folder / "tthc.toml").write_text("[scoring]\ngrade_from = 0\n[notify]\n" + "\n".join(lines) + "\n", "utf-8")


def mail_to(port: int) -> tuple[str, ...]:
    return (
        'mail_to = ["it@tinh.example"]',
        'mail_from = "tthc@tinh.example"',
        f'smtp = "127.0.0.1:{port}"',
        'security = "none"',
    )


def run(*options: str) -> Ended:
    return tthc("run", "exports/", "--quarter", "2023Q2", "--format", "json", "--notify", *options)


def test_a_mail_tells_how_the_run_ended_and_brings_the_book_of_the_sender(folder: Path) -> None:
    with mail_server() as kept:
        settings(folder, *mail_to(kept.port))
        assert run().code == 1
    (mail,) = kept.mails
    assert kept.to == ["it@tinh.example"]
    assert "2023Q2" in mail["Subject"]
    body = mail.get_body()
    assert body is not None
    text = body.get_content()
    # 2 đơn vị + 2 hồ sơ, một hồ sơ bị loại
    assert "Đọc 4 dòng: nhận 3, thay thế 0, loại 1." in text
    assert "exports/ho_so.csv: đọc 2, nhận 1, thay thế 0, loại 1" in text
    (book,) = mail.iter_attachments()
    assert book.get_filename() == "so-cong-thuong.xlsx"
    rows = list(load_workbook(io.BytesIO(book.get_content()))["Từng dòng"].iter_rows(min_row=2, values_only=True))
    assert [row[0] for row in rows] == ["exports/ho_so.csv"]


def test_a_mail_tells_what_changed_in_grades(folder: Path) -> None:
    settings(folder)
    tthc("run", "exports/", "--quarter", "2023Q2", "--format", "json")
    put(folder, ho_so=HEADINGS + LATE)
    with mail_server() as kept:
        settings(folder, *mail_to(kept.port))
        run()
    body = kept.mails[0].get_body()
    assert body is not None
    text = body.get_content()
    assert "Xếp loại đổi so với lần chấm trước của Quý II năm 2023: 2 đơn vị." in text
    (line,) = [line for line in text.splitlines() if "Sở Công Thương: " in line and "→" in line]
    assert line.split("→")[0] != line.split("→")[1]


def test_nothing_personal_is_in_a_mail(folder: Path) -> None:
    names = HEADINGS.rstrip() + ",ChuHoSo,SoDienThoai\n"
    row = BAD_DATE.rstrip() + ",Nguyễn Văn Thử,0912345678\n"
    put(folder, ho_so=names + row)
    (folder / "exports" / "0912345678.jpg").write_bytes(b"\xff\xd8\xff")
    with mail_server() as kept:
        settings(folder, *mail_to(kept.port))
        run()
    (mail,) = kept.mails
    body = mail.get_body()
    assert body is not None
    books = [load_workbook(io.BytesIO(part.get_content())) for part in mail.iter_attachments()]
    cells = " ".join(str(c) for book in books for sheet in book for row in sheet.values for c in row)
    told = f"{mail['Subject']} {body.get_content()} {cells}"
    assert "31/02/2023" in told
    assert "Thử" not in told
    assert "0912345678" not in told


def test_a_run_that_stops_is_told_of_too(folder: Path) -> None:
    put(folder, units="MaDonVi,TenDonVi,Cap,DonViCha\nH99,Tỉnh,tinh,H99.02\nH99.02,Sở,so,H99\n")
    with mail_server() as kept, web_server() as watch:
        settings(folder, *mail_to(kept.port), f'ping = "http://127.0.0.1:{watch.port}/tthc"')
        assert run().code == 3
    assert "DỪNG" in kept.mails[0]["Subject"]
    assert [json.loads(data)["exit"] for _, data in watch.posts] == [3]


def test_mail_only_after_trouble(folder: Path) -> None:
    put(folder, ho_so=HEADINGS + GOOD)
    with mail_server() as kept:
        settings(folder, *mail_to(kept.port), 'when = "trouble"')
        assert run().code == 0
        assert kept.mails == []
        put(folder, ho_so=HEADINGS + GOOD + BAD_DATE)
        assert run().code == 1
    assert len(kept.mails) == 1


def test_a_ping_is_one_call_with_numbers_alone(folder: Path) -> None:
    with web_server() as watch:
        settings(folder, f'ping = "http://127.0.0.1:{watch.port}/tthc"')
        run()
    ((path, data),) = watch.posts
    told = json.loads(data)
    assert path == "/tthc"
    assert (told["exit"], told["period"], told["counts"]["rejected"]) == (1, "2023Q2", 1)
    assert "files" not in told


def test_account_and_password_come_from_the_environment(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TTHC_SMTP_USER", "tthc")
    monkeypatch.setenv("TTHC_SMTP_PASSWORD", "matkhau")
    with mail_server() as kept:
        settings(folder, *mail_to(kept.port))
        run()
    assert kept.accounts == [("tthc", "matkhau")]
    assert len(kept.mails) == 1


def test_or_from_a_file_of_its_owner_alone(folder: Path) -> None:
    secret = folder / "thu.toml"
    secret.write_text('user = "tthc"\npassword = "matkhau"\n', encoding="utf-8")
    secret.chmod(0o644)
    with mail_server() as kept:
        settings(folder, *mail_to(kept.port), 'secret_file = "thu.toml"')
        ended = run()
        assert ended.code == 3
        assert "chmod 600" in ended.err
        assert not (folder / "warehouse").exists()
        secret.chmod(0o600)
        run()
    assert kept.accounts == [("tthc", "matkhau")]


def test_a_mail_that_cannot_be_sent_is_told_without_secrets(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(folder, ho_so=HEADINGS + GOOD)
    monkeypatch.setenv("TTHC_SMTP_USER", "tthc")
    monkeypatch.setenv("TTHC_SMTP_PASSWORD", "sai-mat-khau")
    with mail_server() as kept, web_server(500) as watch:
        monkeypatch.setenv("TTHC_PING_URL", f"http://127.0.0.1:{watch.port}/bi-mat")
        settings(folder, *mail_to(kept.port))
        ended = run()
    assert ended.code == 1
    assert "535" in ended.err
    assert "HTTP 500" in ended.err
    log = "".join(p.read_text(encoding="utf-8") for p in (folder / "logs").iterdir())
    for secret in ("sai-mat-khau", "bi-mat", "an@thu.vn"):
        assert secret not in ended.err + ended.out + log
    assert '"notified": {"mail": false, "ping": false}' in log
    # điểm vẫn được lưu
    assert (folder / "scores" / "latest.json").exists()


def test_a_server_without_starttls_gets_no_mail(folder: Path) -> None:
    with mail_server() as kept:
        settings(folder, *mail_to(kept.port)[:3])
        ended = run()
    assert kept.mails == []
    assert "SMTPNotSupportedError" in ended.err


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of a server named localhost, signed by nobody but itself."""
    if shutil.which("openssl") is None:
        pytest.skip("no openssl here")
    path = tmp_path_factory.mktemp("tls") / "here.pem"
    words = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    words += ["-days", "3650", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    subprocess.run([*words, "-keyout", str(path), "-out", f"{path}.crt"], check=True, capture_output=True)
    path.write_bytes(path.read_bytes() + Path(f"{path}.crt").read_bytes())
    return path


@pytest.mark.parametrize("trusted", [True, False])
def test_a_mail_goes_by_starttls_to_a_server_that_is_trusted_alone(
    folder: Path, certificate: Path, monkeypatch: pytest.MonkeyPatch, trusted: bool
) -> None:
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", f"{certificate}.crt")
    monkeypatch.setenv("TTHC_SMTP_USER", "tthc")
    monkeypatch.setenv("TTHC_SMTP_PASSWORD", "matkhau")
    with mail_server(certificate=certificate) as kept:
        settings(folder, *mail_to(kept.port)[:2], f'smtp = "localhost:{kept.port}"')
        ended = run()
    assert (len(kept.mails), kept.secured, kept.accounts) == (
        (1, 1, [("tthc", "matkhau")]) if trusted else (0, kept.secured, [])
    )
    assert ("Không gửi được thư" in ended.err) is not trusted


def test_an_address_that_is_refused_is_told(folder: Path) -> None:
    with mail_server(refused="b@") as kept:
        lines = mail_to(kept.port)
        settings(folder, 'mail_to = ["it@tinh.example", "b@tinh.example"]', *lines[1:])
        ended = run()
    assert len(kept.mails) == 1
    assert "không nhận 1 trong 2 địa chỉ" in ended.err


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ((), "chưa ghi báo cho ai"),
        (('mail_to = ["it@tinh.example"]',), "thiếu smtp hoặc mail_from"),
        (('smtp = "user:pass@host:25"',), "smtp"),
        (('ping = "ftp://host/x"',), "ping"),
        (('mail_to = ["không phải"]',), "mail_to"),
    ],
)
def test_what_cannot_be_told_is_said_before_the_work(folder: Path, lines: tuple[str, ...], told: str) -> None:
    settings(folder, *lines)
    ended = run()
    assert ended.code in (2, 3)
    assert told in ended.err
    assert not (folder / "warehouse").exists()


def test_no_password_goes_over_an_open_line(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TTHC_SMTP_PASSWORD", "x")
    settings(folder, *mail_to(25)[:2], 'smtp = "mail.tinh.example:25"', 'security = "none"')
    assert "không gửi mật khẩu" in run().err
