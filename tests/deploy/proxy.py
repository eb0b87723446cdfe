"""nginx as deploy/nginx.conf configures it, before a portal."""

from __future__ import annotations

import gzip
import os
import shutil
import socket
import ssl
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import pytest

from mixportal.demo.serve import HOST, free_port, wait_for
from tests.deploy import sample
from tests.setup_deploy import MISSING, find_nginx


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    text: str


@dataclass
class Proxy:
    folder: Path
    http: int
    https: int
    context: ssl.SSLContext

    def connect(self, source: str = HOST, *, tls: bool = True, port: int | None = None) -> socket.socket:
        """Connect from an address of this machine, for which nginx takes the client."""
        port = port or (self.https if tls else self.http)
        connected = socket.create_connection((HOST, port), timeout=60, source_address=(source, 0))
        return self.context.wrap_socket(connected, server_hostname=sample.NAME) if tls else connected

    def ask(self, path: str, method: str = "GET", source: str = HOST, *, tls: bool = True, body=None, **headers: str):
        """Ask on a connection of its own. Headers are written with _ for -."""
        declared = {"Accept-Encoding": "identity"} | {name.replace("_", "-"): said for name, said in headers.items()}
        connection = HTTPConnection(sample.NAME)
        connection.sock = self.connect(source, tls=tls)
        with closing(connection):
            connection.request(method, path, body, declared, encode_chunked="Transfer-Encoding" in declared)
            answer = connection.getresponse()
            read = answer.read()
            if answer.headers["Content-Encoding"] == "gzip":
                read = gzip.decompress(read)
            return Answer(answer.status, dict(answer.headers), read.decode(errors="replace"))

    def log(self, *names: str) -> str:
        return "".join((self.folder / name).read_text() for name in names or ["access.log"])


@contextmanager
def proxy(upstream: int, changes: dict[str, str] | None = None, second: int = 0) -> Iterator[Proxy]:
    """Run nginx from the sample, with `changes` in it, before one or two portals."""
    nginx = find_nginx() or pytest.fail(MISSING)
    folder = Path(tempfile.mkdtemp(prefix="mix-proxy-", dir="/tmp"))
    folder.chmod(0o755)  # nginx's workers have another user
    try:
        context = ssl.create_default_context(cafile=sample.make_certificate(folder))
        http = free_port(22_000 + os.getpid() % 200 * 50)
        https = free_port(http + 1)
        configuration = folder / "nginx.conf"
        configuration.write_text(sample.adapted(folder, (upstream, second or upstream), http, https, changes or {}))
        checked = subprocess.run([nginx, "-t", "-c", configuration], capture_output=True, text=True)
        assert checked.returncode == 0, checked.stderr
        with (folder / "output").open("wb") as output:
            process = subprocess.Popen([nginx, "-c", configuration, "-g", "daemon off;"], stdout=output, stderr=output)
        try:
            wait_for(https, process)
            yield Proxy(folder, http, https, context)
        finally:
            process.terminate()
            process.wait(timeout=30)
    finally:
        shutil.rmtree(folder)
