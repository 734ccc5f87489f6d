"""Under which names a server answers, whose pages open its socket, and where it says that it is."""

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from websockets.exceptions import InvalidStatus

from tests.live import command, free_port, is_healthy, serve
from tests.ui.serving.sockets import get, socket_of


@pytest.fixture(scope="module")
def server():
    with serve(BACKSTEP_ALLOWED_HOSTS="backstep.example.org *.school.example") as url:
        yield url


STRANGE = ["evil.example", "127.0.0.1.evil.example", "localhost.evil", "school.example", "10.0.0.1"]


@pytest.mark.parametrize("host", [*STRANGE, "a@localhost", "[::1", "a b", "localhost, localhost"])
def test_a_name_that_nobody_gave_the_server_is_refused(server, host):
    for path in ("", "_stcore/health", "_stcore/host-config", "app/static/stix-two-math.woff2"):
        status, body = get(f"{server}/{path}", Host=host)
        assert status == 403
        assert b"BACKSTEP_ALLOWED_HOSTS" in body


@pytest.mark.parametrize("host", STRANGE)
def test_a_name_that_nobody_gave_the_server_opens_no_socket(server, host):
    """Not even to a page that came from there: this is what DNS rebinding does."""
    port = urlsplit(server).port
    there = socket.create_connection(("127.0.0.1", port))
    with pytest.raises(InvalidStatus, match="403"), socket_of(
            f"http://{host}:{port}", sock=there, origin=f"http://{host}:{port}"):
        pass


@pytest.mark.parametrize("host", ["127.0.0.1:{port}", "localhost:{port}", "LOCALHOST", "[::1]:99",
                                  "backstep.example.org", "a.school.example:443", "localhost."])
def test_the_names_of_the_server_are_taken(server, host):
    host = host.format(port=urlsplit(server).port)
    assert get(server, Host=host)[0] == 200


@pytest.mark.parametrize(("origin", "status"), [
    ("http://127.0.0.1:1", 403), ("http://localhost:{port}", 403), ("http://0.0.0.0:{port}", 403),
    ("null", 403), ("", 403), ("http://[", 403), ("http://evil.example", 403),
    ("http://backstep.example.org", 403), ("http://127.0.0.1:{port}", 101),
])
def test_the_socket_is_open_to_pages_of_this_server_alone(server, origin, status):
    origin = origin.format(port=urlsplit(server).port)
    if status == 101:
        with socket_of(server, origin=origin):
            return
    with pytest.raises(InvalidStatus, match="403"), socket_of(server, origin=origin):
        pass


def test_a_server_for_all_is_known_by_every_address_and_its_own_name():
    with serve(HOST="0.0.0.0") as url:
        for host in ("192.168.1.5", "[fe80::1]:80", socket.gethostname(), "localhost"):
            assert get(url, Host=host)[0] == 200
        assert get(url, Host="evil.example")[0] == 403


@contextmanager
def announced(**environment: str) -> Iterator[list[str]]:
    """The addresses that a server prints."""
    port = str(free_port())
    with subprocess.Popen(**command(**environment, PORT=port), stdout=subprocess.PIPE) as server:
        line = server.stdout.readline()
        try:
            yield [word for word in line.split() if word.startswith("http")]
        finally:
            server.kill()


@pytest.mark.parametrize("host", ["::1", "[::1]", "0.0.0.0", "::", "localhost"])
def test_each_address_that_is_printed_opens_the_app(host):
    with announced(HOST=host) as urls:
        assert urls
        assert not [url for url in urls if "0.0.0.0" in url or "[::]" in url]
        for url in urls:
            wait_for(url)
            assert get(url)[0] == 200
        assert host not in ("0.0.0.0", "::") or "127.0.0.1" in urls[0]


def wait_for(url: str) -> None:
    end = time.monotonic() + 60
    while not is_healthy(url):
        assert time.monotonic() < end, f"{url} does not answer"
        time.sleep(0.05)
