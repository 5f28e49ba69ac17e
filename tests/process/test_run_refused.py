"""`manage.py run` that cannot start: it ends by itself, and says in words what is wrong."""

import socket

import pytest

from tests.support.trackers import Tracker

pytestmark = pytest.mark.processes


def test_a_port_in_use_is_said(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        code, output = Tracker(tmp_path, "").refused(PORT=str(port))
    assert code == 1
    assert f"PORT: another program already serves port {port}" in output
    assert "Traceback" not in output


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "http"),
        ("DATABASE_URL", "postgres://nobody@127.0.0.1:1/none"),
        ("REDIS_URL", "http://127.0.0.1:1/0"),
        ("ADMIN_EMAIL", "nobody"),
        ("DATA_DIR", "/proc/tracker"),
        ("SECRET_KEY", "short"),
        ("SITE_URL", "tracker"),
    ],
)
def test_a_wrong_setting_stops_the_start_and_is_named(tmp_path, name, value):
    code, output = Tracker(tmp_path, "").refused(**{name: value})
    assert code == 1, output
    assert name in output
    assert "Traceback" not in output
