"""docker-compose.yml: what it promises, and the very commands it names over a real PostgreSQL and Redis."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
import yaml

from tests.support.processes import ROOT, WAIT, free_port, fresh_database

FILE = ROOT / "docker-compose.yml"
EXAMPLE = {
    "SECRET_KEY": "0123456789" * 6,
    "SITE_URL": "https://tracker.example.org",
    "EMAIL_URL": "smtp+tls://user:password@mail.example.org:587",
    "POSTGRES_PASSWORD": "not-a-secret",
    "REDIS_PASSWORD": "not-a-secret",
}
REFERENCE = re.compile(r"\$(?:\$|\{(\w+)(?::([?-])([^}]*))?\})")


def interpolate(node, variables):
    """Do with ``$$``, ``${NAME:-default}`` and ``${NAME:?message}`` in a parsed file what compose does."""
    if isinstance(node, dict):
        return {key: interpolate(value, variables) for key, value in node.items()}
    if isinstance(node, list):
        return [interpolate(value, variables) for value in node]
    if not isinstance(node, str):
        return node

    def value(found):
        name, kind, rest = found.groups()
        if name is None:
            return "$"
        if not variables.get(name):
            assert kind == "-", f"{name} is required: {rest}"
            return rest
        return variables[name]

    return REFERENCE.sub(value, node)


@pytest.fixture(scope="module")
def services():
    """The services of the file, with the example's values filled in."""
    return interpolate(yaml.safe_load(FILE.read_text()), EXAMPLE)["services"]


@pytest.mark.parametrize("name", sorted(EXAMPLE))
def test_it_refuses_to_start_without_each_secret(name):
    with pytest.raises(AssertionError, match=f"{name} is required"):
        interpolate(yaml.safe_load(FILE.read_text()), {**EXAMPLE, name: ""})


def test_the_image_is_given_each_file_of_requirements_that_it_installs():
    named = re.findall(r"^COPY (requirements.*) \./$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    passed_on = (ROOT / ".dockerignore").read_text().splitlines()
    assert named and all(f"!{name}" in passed_on for line in named for name in line.split())


def test_no_secret_stands_in_the_file():
    for name, service in yaml.safe_load(FILE.read_text())["services"].items():
        for key, value in service.get("environment", {}).items():
            if re.search("KEY|PASSWORD|AUTH", key):
                assert value.startswith("${"), f"{name}: {key} holds a value"
                assert ":?" in value or value.endswith(":-}"), f"{name}: {key} has a default"
    assert not re.search(r"://[^$\s]*:[^$\s]+@", FILE.read_text())


def test_the_example_of_the_environment_names_every_variable():
    wanted = {name for name, _, _ in REFERENCE.findall(FILE.read_text()) if name}
    example = (ROOT / ".env.example").read_text()
    assert wanted == set(re.findall(r"^(\w+)=", example, re.MULTILINE))
    assert not re.search(r"^(SECRET_KEY|\w*PASSWORD|AWS_\w+)=.", example, re.MULTILINE)


def test_every_lasting_service_is_watched_and_comes_back(services):
    for name, service in services.items():
        if name != "migrate":
            assert service["restart"] == "unless-stopped", name
            assert service["healthcheck"]["test"], name


def test_only_the_web_can_be_reached_and_only_from_this_computer(services):
    assert {name for name, service in services.items() if "ports" in service} == {"web"}
    assert services["web"]["ports"] == ["127.0.0.1:8000:8000"]


def test_ours_run_without_privileges_and_after_the_preparation(services):
    for name in ("web", "worker", "mailer", "beat"):
        assert services[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
        assert services[name]["cap_drop"] == ["ALL"]
        assert services[name]["read_only"] is True
    users = re.findall(r"^USER (\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert users == ["tracker"]


def test_the_image_and_the_web_service_serve_alike(services):
    command = re.search(r"^CMD (\[.*\])$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)[1]
    assert yaml.safe_load(command) == services["web"]["command"]


@pytest.mark.skipif(not shutil.which("docker"), reason="no docker here to validate the file with")
def test_docker_accepts_the_file():
    done = subprocess.run(
        ["docker", "compose", "--file", str(FILE), "config", "--quiet"],
        env={**os.environ, **EXAMPLE},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


# --- The commands, run -------------------------------------------------------------------------------

POSTGRES = os.environ.get("DATABASE_URL", "").startswith("postgres")
needs_services = pytest.mark.skipif(
    not (POSTGRES and os.environ.get("REDIS_URL")),
    reason="the commands need PostgreSQL and Redis: set DATABASE_URL and REDIS_URL",
)


@pytest.fixture(scope="module")
def database():
    """The address of a new, empty database; dropped at the end."""
    with fresh_database("compose") as address:
        yield address


class Stack:
    """The commands of the file on this computer, with the addresses of what runs here."""

    def __init__(self, services, database, folder):
        self.services, self.folder = services, folder
        self.port = free_port()
        self.here = {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "DATABASE_URL": database,
            "REDIS_URL": os.environ["REDIS_URL"],
            "DATA_DIR": str(folder / "data"),
            "EMAIL_URL": "",
            "GRANIAN_HOST": "127.0.0.1",
            "GRANIAN_PORT": str(self.port),
            "BEHIND_PROXY": "yes",
            "TICK_SECONDS": "5",
            "HOSTNAME": socket.gethostname(),
        }
        self.running = {}

    def environment(self, name):
        return {**self.services[name].get("environment", {}), **self.here}

    def run(self, name):
        return subprocess.run(
            self.services[name]["command"],
            cwd=ROOT,
            env=self.environment(name),
            capture_output=True,
            text=True,
            timeout=WAIT,
        )

    def start(self, name):
        with self.log(name).open("w") as log:
            self.running[name] = subprocess.Popen(
                self.services[name]["command"],
                cwd=ROOT,
                env=self.environment(name),
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def log(self, name):
        return self.folder / f"{name}.log"

    def is_healthy(self, name):
        kind, *command = self.services[name]["healthcheck"]["test"]
        command = ["sh", "-c", *command] if kind == "CMD-SHELL" else command
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment(name), capture_output=True, timeout=WAIT
        )
        return done.returncode == 0

    def wait_for(self, name, condition):
        deadline = time.monotonic() + WAIT
        while not condition():
            assert self.running[name].poll() is None, self.log(name).read_text()
            assert time.monotonic() < deadline, self.log(name).read_text()
            time.sleep(0.5)

    def end(self, name):
        process = self.running.pop(name)
        process.terminate()
        return process.wait(WAIT)


@pytest.fixture(scope="module")
def stack(services, database, tmp_path_factory):
    """The prepared stack; whatever still runs at the end is killed."""
    stack = Stack(services, database, tmp_path_factory.mktemp("compose"))
    yield stack
    for process in stack.running.values():
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.mark.processes
@needs_services
def test_the_preparation_can_be_repeated(stack):
    first, second = stack.run("migrate"), stack.run("migrate")
    assert first.returncode == 0, first.stderr
    assert second.returncode == 0, second.stderr


@pytest.mark.processes
@needs_services
def test_each_service_becomes_healthy_and_its_check_can_fail(stack):
    assert stack.run("migrate").returncode == 0
    lasting = ("web", "worker", "mailer", "beat")
    for name in lasting:
        assert not stack.is_healthy(name), f"{name} is called healthy before it runs"
        stack.start(name)
    for name in lasting:
        stack.wait_for(name, lambda name=name: stack.is_healthy(name))
    for name, task in (("worker", "tick"), ("mailer", "send_outbox")):
        done = re.compile(rf"tasks\.{task}\S* succeeded")
        stack.wait_for(name, lambda name=name, done=done: done.search(stack.log(name).read_text()))

    request = urllib.request.Request(
        f"http://127.0.0.1:{stack.port}/accounts/login/", headers={"X-Forwarded-Proto": "https"}
    )
    with urllib.request.urlopen(request) as answer:
        assert answer.status == 200
    assert {name: stack.end(name) for name in lasting} == dict.fromkeys(lasting, 0)
    assert not stack.is_healthy("web")
