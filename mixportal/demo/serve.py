import fcntl
import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

from mixportal import database

HOST = "127.0.0.1"
MAX_PORTS_TRIED = 50
CONFIGURATION = database.ROOT / "deploy" / "gunicorn.conf.py"


def free_port(first: int) -> int:
    for port in range(first, first + MAX_PORTS_TRIED):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return port
    sys.exit(f"The ports from {first} to {first + MAX_PORTS_TRIED - 1} are all in use; name another with PORT=...")


def wanted_port() -> int:
    wanted = os.environ.get("PORT") or "8000"
    if not wanted.isdecimal() or not 1 <= int(wanted) <= 65535 - MAX_PORTS_TRIED:
        sys.exit(f"PORT is {wanted!r}; it is a whole number up to {65535 - MAX_PORTS_TRIED}.")
    return int(wanted)


def collect_static(root: Path) -> None:
    from django.contrib.staticfiles import finders
    from django.core.management import call_command

    files = sorted(storage.path(path) for finder in finders.get_finders() for path, storage in finder.list([]))
    stats = "\n".join(f"{path} {os.stat(path).st_mtime_ns}" for path in files)
    stamp, state = root.with_suffix(".stamp"), hashlib.sha256(stats.encode()).hexdigest()
    if root.exists() and stamp.exists() and stamp.read_text() == state:
        return
    call_command("collectstatic", interactive=False, clear=root.exists(), verbosity=0)
    stamp.write_text(state)


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "demo.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main() -> int:
    started = time.monotonic()
    os.environ["PORTAL_MODE"] = "demo"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mixportal.settings")
    first = wanted_port()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        with ExitStack() as running:
            with alone_in(database.data_dir()):
                port = free_port(first)
                os.environ["PORT"] = str(port)
                if port != first:
                    print(f"Port {first} is in use; the portal will be served on port {port}.")
                running.enter_context(database.embedded_server())
                load()
                server = running.enter_context(child(gunicorn(port)))
                wait_for(port, server)
            running.enter_context(child(worker()))
            return serve(server, port, started)
    except database.UnusableDatabaseError as problem:
        sys.exit(f"The database cannot be used: {problem}")


def load() -> None:
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import CommandError, call_command

    with ThreadPoolExecutor() as pool:
        collected = pool.submit(collect_static, Path(settings.STATIC_ROOT))
        try:
            call_command("demo")
            call_command("remind")
        except CommandError as refused:
            sys.exit(str(refused))
        collected.result()


def serve(server: subprocess.Popen[bytes], port: int, started: float) -> int:
    from django.conf import settings

    from mixportal.demo.world import build_world

    ready = time.monotonic() - started
    print(f"\nThe portal is at http://localhost:{port}/ (ready after {ready:.1f} s). Ctrl-C stops it.")
    print(f"Sign in with one click as one of these, at http://localhost:{port}/demo/ :")
    for persona in build_world().personas:
        print(f"  {persona.key:<14} {persona.who}. {persona.what}")
    print(f"Mails are files in {settings.EMAIL_FILE_PATH}, and shown at http://localhost:{port}/demo/mail/")
    sys.stdout.flush()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C also reaches the server
    return server.wait()


@contextmanager
def child(command: list[str]) -> Iterator[subprocess.Popen[bytes]]:
    """Run a process during the block, and stop it even if a signal ends the block early."""
    with subprocess.Popen(command) as process:  # noqa: S603
        try:
            yield process
        finally:
            process.terminate()


def worker() -> list[str]:
    return [sys.executable, str(database.ROOT / "manage.py"), "worker", "--pause", "2"]


def gunicorn(port: int) -> list[str]:
    return [
        sys.executable, "-m", "gunicorn", "mixportal.wsgi", "--config", str(CONFIGURATION), "--bind", f"{HOST}:{port}",
        "--log-level", "warning",
    ]  # fmt: skip


def wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) == 0:
                return
        time.sleep(0.05)
    server.terminate()
    sys.exit("The web server did not start; its messages are above.")


if __name__ == "__main__":
    sys.exit(main())
