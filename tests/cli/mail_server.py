"""A mail server and a web server of this machine that keep what they are sent."""

from __future__ import annotations

import base64
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path


@dataclass
class Kept:
    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    to: list[str] = field(default_factory=list)
    accounts: list[tuple[str, str]] = field(default_factory=list)
    posts: list[tuple[str, bytes]] = field(default_factory=list)
    answer: int = 200
    secured: int = 0


@contextmanager
def mail_server(refused: str = "", certificate: Path | None = None) -> Iterator[Kept]:
    """SMTP; `refused`: an address that it does not take; `certificate`: of its TLS, without which it has none."""
    kept = Kept()

    class Talk(socketserver.StreamRequestHandler):
        def say(self, text: str) -> None:
            self.wfile.write(text.encode() + b"\r\n")

        def handle(self) -> None:
            self.say("220 here")
            while line := self.rfile.readline().decode().strip():
                word = line.split(" ")[0].upper()
                if word == "EHLO":
                    self.say("250-here\r\n" + ("250-STARTTLS\r\n" if certificate else "") + "250 AUTH PLAIN")
                elif word == "STARTTLS" and certificate:
                    self.say("220 go")
                    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                    context.load_cert_chain(certificate)
                    try:
                        line_now = context.wrap_socket(self.request, server_side=True)
                    except ssl.SSLError:
                        return
                    self.rfile, self.wfile = line_now.makefile("rb"), line_now.makefile("wb", 0)
                    kept.secured += 1
                elif word == "AUTH":
                    _, user, password = base64.b64decode(line.split(" ")[2]).decode().split("\0")
                    kept.accounts.append((user, password))
                    self.say("235 yes" if password == "matkhau" else "535 no an@thu.vn")
                elif word == "RCPT":
                    taken = not refused or refused not in line
                    kept.to += [line.partition("<")[2].rstrip(">")] if taken else []
                    self.say("250 ok" if taken else "550 no")
                elif word == "DATA":
                    self.say("354 go")
                    lines = []
                    while (row := self.rfile.readline()) != b".\r\n":
                        lines.append(row.removeprefix(b"."))
                    mail = message_from_bytes(b"".join(lines), policy=policy.default)
                    assert isinstance(mail, EmailMessage)
                    kept.mails.append(mail)
                    self.say("250 kept")
                elif word == "QUIT":
                    self.say("221 bye")
                    return
                else:
                    self.say("250 ok")

    with _running(socketserver.TCPServer(("127.0.0.1", 0), Talk), kept):
        yield kept


@contextmanager
def web_server(answer: int = 200) -> Iterator[Kept]:
    kept = Kept(answer=answer)

    class Talk(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            kept.posts.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(kept.answer)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with _running(HTTPServer(("127.0.0.1", 0), Talk), kept):
        yield kept


@contextmanager
def _running(server: socketserver.TCPServer, kept: Kept) -> Iterator[None]:
    kept.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
