"""Each thing that can stand in the way of a start is said in a sentence that names what to change."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.support.processes import ROOT
from tracker.process import preflight
from tracker.process.preflight import CannotStart


def test_a_usable_folder_passes_and_nothing_is_left_in_it(tmp_path):
    before = set(tmp_path.iterdir())
    preflight.check_data_dir(tmp_path)
    assert set(tmp_path.iterdir()) == before


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs /proc, a folder that nobody can write to")
def test_a_folder_that_cannot_be_written_to_is_named():
    with pytest.raises(CannotStart, match=r"DATA_DIR: /proc cannot be written to"):
        preflight.check_data_dir(Path("/proc"))


def test_a_full_disk_is_said_with_what_is_needed(tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(free=3 * 1024**2))
    with pytest.raises(CannotStart, match=r"only 3 MB are free .* needs at least 100 MB"):
        preflight.check_data_dir(tmp_path)


def test_a_file_of_another_user_is_named_with_the_way_to_get_it_back(tmp_path, monkeypatch):
    database = tmp_path / "tracker.sqlite3"
    database.touch()
    # The superuser may write anywhere, so the answer is given here.
    monkeypatch.setattr(os, "access", lambda path, mode: path != database)
    with pytest.raises(CannotStart, match=rf"{database} belongs to another user .*sudo chown -R"):
        preflight.check_data_dir(tmp_path)


def test_a_port_in_use_is_said_and_another_proposed():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(CannotStart, match=rf"PORT: another program already serves port {port} .*PORT="):
            preflight.check_port("127.0.0.1", port)
    preflight.check_port("127.0.0.1", port)


def test_an_address_that_is_not_ours_is_said():
    with pytest.raises(CannotStart, match=r"HOST: 192\.0\.2\.1 is not an address of this computer"):
        preflight.check_port("192.0.2.1", 8000)


def test_the_embedded_broker_is_asked_nothing_and_said_nothing_of(monkeypatch):
    asked = []
    monkeypatch.setattr(socket.socket, "connect", lambda _socket, address: asked.append(address))
    assert preflight.check_broker("") == "" and asked == []


@contextlib.contextmanager
def redis_that_says(line):
    """A server that greets like Redis if it greets at all, and answers each other command with ``line``."""
    greeting = b"%1\r\n+proto\r\n:3\r\n" if line.startswith(b"+") else line

    def answer():
        connected, _address = server.accept()
        with connected:
            while said := connected.recv(4096):
                hellos = said.count(b"HELLO")
                connected.sendall(greeting * hellos + line * (said.count(b"*") - hellos))

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=answer, daemon=True).start()
        yield server.getsockname()[1]


def test_a_redis_that_answers_is_said_nothing_of():
    with redis_that_says(b"+PONG\r\n") as port:
        assert preflight.check_broker(f"redis://127.0.0.1:{port}/0") == ""


@contextlib.contextmanager
def deaf():
    """A server that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@contextlib.contextmanager
def nobody():
    with deaf() as port:
        pass
    yield port


@pytest.mark.parametrize("where", [deaf, nobody])
def test_a_redis_that_does_not_answer_yet_is_named_and_refuses_no_start(where, monkeypatch):
    monkeypatch.setattr(preflight, "BROKER_TIMEOUT", 0.2)
    with where() as port:
        words = preflight.check_broker(f"redis://:hush@127.0.0.1:{port}/0")
    assert words.startswith("REDIS_URL: ") and "does not answer" in words and "hush" not in words


def test_a_redis_that_refuses_the_password_is_named_without_it():
    refusal = b"-WRONGPASS invalid username-password pair or user is disabled.\r\n"
    with (
        redis_that_says(refusal) as port,
        pytest.raises(CannotStart, match=r"REDIS_URL: .* cannot be used: .*invalid username") as refused,
    ):
        preflight.check_broker(f"redis://:hush@127.0.0.1:{port}/0")
    assert "hush" not in str(refused.value)


def test_an_address_of_a_redis_that_cannot_be_read_is_refused():
    with pytest.raises(CannotStart, match=r"REDIS_URL: .* cannot be used"):
        preflight.check_broker("redis://127.0.0.1:6379/0?socket_timeout=soon")


HOLD = """
import sys, time
from pathlib import Path
from tracker.process.preflight import hold_lock
hold_lock(Path(sys.argv[1]))
print("held", flush=True)
time.sleep(3600)
"""


@pytest.fixture
def holder(tmp_path):
    """Another process that holds the lock of the folder."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, tmp_path], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def test_a_second_start_on_the_same_data_is_refused_at_once(tmp_path, holder):
    with pytest.raises(
        CannotStart, match=rf"is already running on the data in {tmp_path} \(process {holder.pid}\)"
    ):
        preflight.hold_lock(tmp_path, patience=60)


def test_a_lock_ends_with_its_process(tmp_path, holder):
    holder.kill()
    holder.wait()
    descriptor = preflight.hold_lock(tmp_path, patience=0)
    assert (tmp_path / "run.lock").read_text() == str(os.getpid())
    os.close(descriptor)


def test_what_a_killed_start_has_left_is_waited_for(tmp_path, holder):
    (tmp_path / "run.lock").write_text("999999999")  # a process that is gone
    with pytest.raises(CannotStart, match="process 999999999"):
        preflight.hold_lock(tmp_path, patience=0.3)
