"""The portal, installed by the very steps of Dockerfile and run by the commands of compose.yaml and the units."""

from __future__ import annotations

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from fnmatch import fnmatch
from http.client import HTTPException
from pathlib import Path

import psycopg2
import pytest
from cryptography import x509

from members.models import MAX_SEATS
from mixportal import database, environment
from mixportal.demo.serve import free_port, wait_for
from tests.deploy import sample
from tests.deploy.conftest import NAMES, url_of
from tests.deploy.proxy import proxy
from tests.savers import HEADERS, MAKE_MEMBERS, TOKEN, URL, Savers
from tests.serving import url_of_database
from tests.test_production import PRODUCTION

COMPOSE = database.ROOT / "compose.yaml"
UNITS = sorted((sample.DEPLOY / "systemd").iterdir())
SCRIPTS = [path for path in sample.DEPLOY.iterdir() if path.is_file() and path.read_text().startswith("#!/bin/sh")]
PLACE = "/opt/mix-portal"


def instructions(stage: str) -> list[tuple[str, str]]:
    """Return the instructions of a stage of Dockerfile, such as ("RUN", "python3 -m venv .venv")."""
    text = (database.ROOT / "Dockerfile").read_text().replace("\\\n", " ")
    inside = re.search(rf"^FROM \S+ AS {stage}\n(.*?)(?=^FROM|\Z)", text, re.M | re.S)[1]
    return [tuple(line.split(maxsplit=1)) for line in inside.splitlines() if line and not line.startswith("#")]


def files_for_docker() -> list[str]:
    ignored = (database.ROOT / ".dockerignore").read_text().split()
    files = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=database.ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return [name for name in files.splitlines() if not any(fnmatch(name.split("/")[0], each) for each in ignored)]


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A clean folder in which the first stage of Dockerfile has run."""
    portal = Path(tempfile.mkdtemp(prefix="mix-install-", dir="/tmp"))
    clean = {name: value for name, value in os.environ.items() if name not in environment.BY_NAME}
    clean["PATH"] = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    try:
        for what, said in instructions("build"):
            if what == "COPY":
                for name in files_for_docker() if said == ". ." else [said.split()[0]]:
                    (portal / name).parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy2(database.ROOT / name, portal / name)
            elif what == "RUN":
                command = said.replace("/portal", str(portal)).replace("/tmp/data", str(portal / "data"))
                done = subprocess.run(["sh", "-ec", command], cwd=portal, env=clean, capture_output=True, text=True)
                assert done.returncode == 0, (command, done.stderr)
        yield portal
    finally:
        shutil.rmtree(portal)


@pytest.fixture(scope="module")
def settings_file(folder) -> dict[str, str]:
    """Return the output of `python -m mixportal.environment` in that folder, with the host name of the samples."""
    command = [folder / ".venv/bin/python", "-m", "mixportal.environment"]
    said = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout
    lines = [line.partition("=") for line in said.splitlines() if line and not line.startswith("#")]
    found = {name: value.strip("'") for name, _, value in lines}
    filled_in = {name: PRODUCTION.get(name, "curator@example.org") for name, value in found.items() if not value}
    own = {"ALLOWED_HOSTS": sample.NAME, "STATIC_ROOT": str(folder / "collected"), "PATH": os.environ["PATH"]}
    return found | filled_in | own


def command_of(unit: str, folder: Path, port: int = 0) -> list[str]:
    text = (sample.DEPLOY / "systemd" / unit).read_text()
    return re.search(r"^ExecStart=(.*)$", text, re.M)[1].replace(PLACE, str(folder)).replace("%i", str(port)).split()


@contextmanager
def running(command: list[str], folder: Path, environment: dict[str, str], port: int = 0) -> Iterator[subprocess.Popen]:
    with (folder / "output").open("ab") as output:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=output, stderr=output)
    try:
        if port:
            wait_for(port, process)
        yield process
    finally:
        process.terminate()
        assert process.wait(timeout=60) == 0, (folder / "output").read_text()


def test_compose_yaml_fits_the_schema_of_compose():
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(COMPOSE)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    named = re.findall(r"\./(\S+?):", COMPOSE.read_text())
    assert named
    assert all((database.ROOT / name).exists() for name in named)


def test_no_two_roles_of_the_database_in_containers_share_a_password_and_the_portal_has_one():
    text, printed = COMPOSE.read_text(), environment.sample_file(for_compose=True)
    passwords = re.findall(r"^(\w+_PASSWORD)='(.+)'$", printed, re.M)
    assert dict(re.findall(r"(\w+_PASSWORD): \$\{(\w+):\?\}", text)) == {
        "POSTGRES_PASSWORD": "SUPERUSER_PASSWORD", "OWNER_PASSWORD": "OWNER_PASSWORD", "WEB_PASSWORD": "WEB_PASSWORD",
    }  # fmt: skip
    assert len({password for _, password in passwords}) == len(passwords) == 3
    assert text.count('OWNER_PASSWORD: ""') == text.count('SUPERUSER_PASSWORD: ""') == 2


def test_every_stage_and_command_that_compose_yaml_names_is_there():
    text = COMPOSE.read_text()
    assert all(instructions(stage) for stage in re.findall(r"target: (\w+)", text))
    commands = {path.stem for path in database.ROOT.glob("**/management/commands/*.py")}
    assert set(re.findall(r"manage\.py,? (\w+)(?=[\]\"])", text)) <= commands


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_the_scripts_are_valid_and_can_be_run(path):
    assert os.access(path, os.X_OK)
    assert subprocess.run(["sh", "-n", path], capture_output=True).stderr == b""


def run_script(name: str, folder: Path, hosts: str) -> tuple[int, str]:
    environment = os.environ | {"ALLOWED_HOSTS": hosts}
    done = subprocess.run([sample.DEPLOY / name, folder], env=environment, capture_output=True, text=True)
    return done.returncode, done.stdout


@pytest.fixture
def nginx_folder(tmp_path) -> Path:
    (tmp_path / "sites-enabled").mkdir()
    for name in ("nginx.conf", "sites-enabled/default"):
        (tmp_path / name).write_text("# of the package\n")
    return tmp_path


def test_install_says_that_it_replaces_nginx_conf_and_later_updates_what_it_made(nginx_folder):
    current = nginx_folder / "nginx.conf"
    status, said = run_script("nginx.sh", nginx_folder, "mistyped.example,b.example")
    assert (status, "nginx.conf.before-portal" in said) == (0, True)
    assert (nginx_folder / "nginx.conf.before-portal").read_text() == "# of the package\n"
    assert current.read_text().count("server_name mistyped.example;") == 2
    assert run_script("nginx.sh", nginx_folder, "right.example") == (0, "")
    assert current.read_text().count("server_name right.example;") == 2
    assert (nginx_folder / "nginx.conf.before-portal").read_text() == "# of the package\n"


def test_install_keeps_an_edited_nginx_conf_and_says_once_that_its_own_has_changed(nginx_folder):
    current = nginx_folder / "nginx.conf"
    run_script("nginx.sh", nginx_folder, "a.example")
    edited = current.read_text() + "# edited\n"
    current.write_text(edited)
    assert run_script("nginx.sh", nginx_folder, "a.example") == (0, "")
    status, said = run_script("nginx.sh", nginx_folder, "b.example")
    assert (status, "was edited, so it stays" in said, current.read_text()) == (0, True, edited)
    assert run_script("nginx.sh", nginx_folder, "b.example") == (0, "")


@pytest.mark.parametrize("name", ["sites-enabled/intranet", "conf.d/intranet.conf"])
def test_install_takes_no_other_site_away(nginx_folder, name):
    (nginx_folder / "conf.d").mkdir()
    (nginx_folder / name).write_text("server {}\n")
    status, said = run_script("nginx.sh", nginx_folder, "a.example")
    assert (status, name in said) == (1, True)
    assert (nginx_folder / "nginx.conf").read_text() == "# of the package\n"
    (nginx_folder / name).write_text("upstream portal {}\n")
    assert run_script("nginx.sh", nginx_folder, "a.example") == (0, "")


def test_the_certificate_that_is_signed_by_itself_follows_the_host_and_another_one_stays(tmp_path):
    file = tmp_path / "fullchain.pem"
    assert "put another one for a.example there" in run_script("certificate.sh", tmp_path, "a.example")[1]
    first = file.read_text()
    assert run_script("certificate.sh", tmp_path, "a.example,c.example") == (0, "")
    assert file.read_text() == first
    expire = ["openssl", "x509", "-in", file, "-signkey", tmp_path / "privkey.pem", "-days", "-1", "-out", file]
    subprocess.run(expire, check=True)
    assert "put another one for a.example there" in run_script("certificate.sh", tmp_path, "a.example")[1]
    run_script("certificate.sh", tmp_path, "b.example")
    assert x509.load_pem_x509_certificate(file.read_bytes()).subject.rfc4514_string() == "CN=b.example"
    request = ["openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    subprocess.run([*request, "-keyout", tmp_path / "k", "-subj", "/CN=c.example", "-out", tmp_path / "r"], check=True)
    sign = [
        "openssl",
        "x509",
        "-req",
        "-in",
        "r",
        "-CA",
        "fullchain.pem",
        "-CAkey",
        "privkey.pem",
        "-out",
        "signed.pem",
    ]
    subprocess.run(sign, cwd=tmp_path, check=True)
    (tmp_path / "signed.pem").rename(file)
    signed = file.read_text()
    assert "is not for b.example" in run_script("certificate.sh", tmp_path, "b.example")[1]
    assert file.read_text() == signed


@pytest.mark.slow
def test_systemd_takes_the_units(folder, tmp_path):
    for path in UNITS:
        (tmp_path / path.name).write_text(path.read_text().replace(PLACE, str(folder)))
    units = [tmp_path / path.name.replace("@.", "@8001.") for path in UNITS]
    done = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True)
    ours = [line for line in (done.stdout + done.stderr).splitlines() if "mix-portal" in line]
    assert (done.returncode, ours) == (0, [])


@pytest.mark.slow
def test_the_first_start_migrates_and_prints_a_link_until_the_curator_has_signed_in(roles, folder, settings_file):
    command = [folder / ".venv/bin/python", "manage.py", "upgrade", "--web-role", NAMES["mix_web"]]
    owner = settings_file | {"DATABASE_URL": url_of("mix_owner")}
    said = [subprocess.run(command, cwd=folder, env=owner, capture_output=True, text=True).stdout for _ in range(2)]
    links = [re.search(r"https://portal\.example\.org(/account/invitation/\S+)", each)[1] for each in said]
    assert links[0] != links[1]
    with closing(psycopg2.connect(url_of("mix_owner"))) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT email, is_superuser FROM members_user")
        assert cursor.fetchall() == [("curator@example.org", True)]
        cursor.execute("UPDATE members_user SET last_login = now()")
        connection.commit()
    assert "https://" not in subprocess.run(command, cwd=folder, env=owner, capture_output=True, text=True).stdout


@pytest.mark.slow
def test_passwords_sh_gives_both_roles_a_password(roles):
    script = (sample.DEPLOY / "passwords.sh").read_text()
    for name in ("mix_owner", "mix_web"):
        script = script.replace(f'"{name}"', f'"{NAMES[name]}"')
    script = script.replace("--dbname=postgres", f"--dbname={url_of_database('postgres')}")
    with closing(psycopg2.connect(url_of_database("postgres"))) as connection, connection.cursor() as cursor:
        passwords = "SELECT rolname, rolpassword FROM pg_authid WHERE rolname LIKE %s ORDER BY rolname"
        cursor.execute(passwords, [f"mix_%{os.getpid()}"])
        before = cursor.fetchall()
        given = os.environ | {"OWNER_PASSWORD": 'it\'s "one"', "WEB_PASSWORD": "another"}
        done = subprocess.run(["sh", "-c", script], env=given, capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, "")
        cursor.execute(passwords, [f"mix_%{os.getpid()}"])
        after = cursor.fetchall()
    assert len({*before, *after}) == 4


@pytest.mark.slow
def test_the_container_answers_its_health_check_behind_the_nginx_of_compose_yaml(roles, folder, settings_file):
    portal, port = dict(instructions("portal")), free_port(24_000)
    web = settings_file | {"DATABASE_URL": url_of("mix_web"), "PATH": f"{folder}/.venv/bin:{os.environ['PATH']}"}
    command = [word.replace("0.0.0.0:8000", f"127.0.0.1:{port}") for word in json.loads(portal["CMD"])]
    with running(command, folder, web, port):
        check = [word.replace(":8000", f":{port}") for word in json.loads(portal["HEALTHCHECK"].partition("CMD")[2])]
        assert subprocess.run(check, cwd=folder, env=web, capture_output=True).returncode == 0
    assert subprocess.run(check, cwd=folder, env=web, capture_output=True).returncode != 0
    (script,) = re.findall(r"sed (\".*?\") ", COMPOSE.read_text())
    adapt = ["sh", "-ec", f"sed {script.replace('$$', '$')} nginx.conf"]
    changed = subprocess.run(
        adapt, cwd=sample.DEPLOY, env={**web, "ALLOWED_HOSTS": "a.example,b.example"}, capture_output=True
    )
    text = changed.stdout.decode()
    assert re.findall(r"server_name (\S+);", text) == ["a.example", "a.example"]
    assert re.findall(r"^ +server (\S+) max", text, re.M) == ["web:8000"]


@pytest.mark.slow
def test_64_governments_lose_no_cast_ballot_while_the_portal_starts_again(
    portal_database, folder, settings_file, count
):
    """Three times what deploy/install does with a new version, while each government casts about every ten seconds."""
    owner, web = ({**settings_file, "DATABASE_URL": url_of(role)} for role in ("mix_owner", "mix_web"))
    upgrade = [folder / ".venv/bin/python", "manage.py", "upgrade", "--web-role", NAMES["mix_web"]]
    subprocess.run(upgrade, cwd=folder, env=owner, capture_output=True, check=True)
    superuser = {**os.environ, **settings_file, "DATABASE_URL": url_of_database(NAMES["mixportal"])}
    make = [sys.executable, "-c", MAKE_MEMBERS, str(MAX_SEATS)]
    made = subprocess.run(
        make, cwd=database.ROOT, capture_output=True, text=True, check=True,
        env=superuser | {"DJANGO_SETTINGS_MODULE": "mixportal.settings"},
    )  # fmt: skip
    sessions = json.loads(made.stdout)
    sources = {government: f"127.0.1.{number}" for number, government in enumerate(sessions, 1)}
    (pause,) = re.findall(r"^sleep (\d+)$", (sample.DEPLOY / "install").read_text(), re.M)
    ports = [free_port(25_000)]
    ports.append(free_port(ports[0] + 1))
    with ExitStack() as worker, ExitStack() as first, ExitStack() as second:
        worker.enter_context(running(command_of("mix-portal-worker.service", folder), folder, web))
        instances = {ports[0]: first, ports[1]: second}

        def start(port: int) -> None:
            instances[port].enter_context(
                running(command_of("mix-portal-web@.service", folder, port), folder, web, port)
            )

        for port in ports:
            start(port)
        with proxy(ports[0], second=ports[1]) as nginx:
            page = nginx.ask("/about/")
            assert (page.status, page.headers["Strict-Transport-Security"]) == (200, "max-age=31536000")
            assert nginx.ask(re.search(r"/static/css/app\.\w+\.css", page.text)[0]).status == 200
            assert nginx.ask("/readyz").text == "ready"

            def ask(government: str, method: str, form: str | None) -> tuple[int, str]:
                headers = HEADERS | {
                    "Cookie": f"__Host-sessionid={sessions[government]}; __Host-csrftoken={TOKEN}",
                    "Origin": f"https://{sample.NAME}",
                    "Content-Type": "application/x-www-form-urlencoded",
                }
                try:
                    answer = nginx.ask(URL, method, sources[government], body=form, **headers)
                except (OSError, HTTPException):
                    return 0, ""
                return answer.status, answer.text

            savers = Savers(
                superuser["DATABASE_URL"], ask, list(sessions), form={"action": "cast"}, pause=10, column="cast_place"
            )
            with savers.at_work():
                savers.await_more(200, len(sessions))
                for _ in range(3):
                    subprocess.run(upgrade, cwd=folder, env=owner, capture_output=True, check=True)
                    for port in ports:
                        instances[port].close()
                        start(port)
                        time.sleep(float(pause))
                    savers.await_more(200, len(sessions))
    answers, lost = savers.answered(), savers.lost()
    unread = sum(saver.unread for saver in savers.all)
    seconds = [each for saver in savers.all for each in saver.seconds]
    count(
        "casts while the portal starts again", governments=len(sessions), restarts=3, casts=answers.total(),
        failed=answers.total() - answers[200], pages_failed=unread, lost=lost,
        p95_milliseconds=round(1000 * statistics.quantiles(seconds, n=20)[-1]),
        slowest_milliseconds=round(1000 * max(seconds)),
    )  # fmt: skip
    assert (lost, unread) == (0, 0)
    assert set(answers) == {200}
