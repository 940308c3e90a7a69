"""An S3 server on this machine, whose requests a test can watch, refuse, or answer by a kill."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import boto3
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

BUCKET = "tthc"
_DENIED = b"<?xml version='1.0'?><Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"


class _Quiet(WSGIRequestHandler):
    def log_request(self, *_: Any) -> None:
        pass


@dataclass
class Server:
    """`gate(method, key)` is asked before each request; what it lets through (None) is served, else its status sent.

    `served(method, key)` is told when a request is done, before it is answered.
    """

    port: int = 0
    gate: Callable[[str, str], int | None] = lambda _method, _key: None
    served: Callable[[str, str], object] = lambda _method, _key: None
    asked: list[tuple[str, str]] = field(default_factory=list)
    sent: int = 0
    """Bytes of all answers."""

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @cached_property
    def client(self) -> Any:
        return boto3.client(
            "s3", endpoint_url=self.endpoint, region_name="us-east-1", aws_access_key_id="test",
            aws_secret_access_key="test",
        )  # fmt: skip

    def keys(self, prefix: str = "") -> list[str]:
        """The keys of all objects below a prefix."""
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=prefix)
        return [o["Key"] for page in pages for o in page.get("Contents", ())]

    def objects(self, prefix: str) -> dict[str, bytes]:
        """Every object below a prefix, by its key from there; without the marks of empty folders."""
        keys = [k for k in self.keys(prefix) if not k.endswith("/")]
        return {k.removeprefix(prefix): self.client.get_object(Bucket=BUCKET, Key=k)["Body"].read() for k in keys}

    def empty(self) -> None:
        """Delete everything."""
        if keys := self.keys():
            self.client.delete_objects(Bucket=BUCKET, Delete={"Objects": [{"Key": k} for k in keys]})

    def serve(self, inner: Any, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        method, key = environ["REQUEST_METHOD"], environ["PATH_INFO"].removeprefix(f"/{BUCKET}").lstrip("/")
        self.asked.append((method, key))
        status = self.gate(method, key)
        if status is None:
            answer = [bytes(part) for part in inner(environ, start)]
            self.served(method, key)
            self.sent += sum(map(len, answer)) if method == "GET" else 0
            return answer
        body = b"" if method == "HEAD" else _DENIED
        environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        start(f"{status} No", [("Content-Type", "application/xml"), ("Content-Length", str(len(body)))])
        return [body]


@contextmanager
def s3_server() -> Iterator[Server]:
    """A server with one empty bucket."""
    server, inner = Server(), DomainDispatcherApplication(create_backend_app)

    def application(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        return server.serve(inner, environ, start)

    made = make_server("127.0.0.1", 0, application, threaded=True, request_handler=_Quiet)
    server.port = made.server_port
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    server.client.create_bucket(Bucket=BUCKET)
    yield server
    made.shutdown()
    thread.join()
