"""The server: what it says about itself, what it compresses, and whom it lets in."""

import gzip
import re
import socket
from base64 import b64encode
from hashlib import sha256
from http.client import HTTPResponse
from ipaddress import ip_address
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
import streamlit as st
from hypothesis import given
from hypothesis import strategies as some
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.live import refusal, serve
from ui.players import code
from ui.serving.addresses import own_addresses, urls
from ui.serving.hosts import Allowed
from ui.serving.policy import frame_ancestors

STATIC = Path(st.__file__).parent / "static"
LARGEST = max((STATIC / "static/js").glob("*.js"), key=lambda file: file.stat().st_size)
SCRIPT = LARGEST.relative_to(STATIC).as_posix()
PATHS = ["", "_stcore/health", SCRIPT, "app/static/stix-two-math.woff2", "no_such_page"]
GZIP = {"Accept-Encoding": "gzip, deflate, br"}


@pytest.fixture(scope="module")
def server():
    with serve() as url:
        yield url


def get(url: str, headers: dict[str, str] | None = None) -> tuple[HTTPResponse, bytes]:
    with urlopen(Request(url, headers=headers or {})) as answer:
        return answer, answer.read()


def policy(url: str) -> dict[str, str]:
    text = get(url)[0].headers["Content-Security-Policy"]
    return dict(part.split(" ", 1) for part in text.split("; "))


def test_it_is_healthy(server):
    assert get(f"{server}/_stcore/health")[1] == b"ok"


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_carries_each_security_header_once(server, path):
    headers = get(f"{server}/{path}", GZIP)[0].headers
    assert headers.get_all("X-Content-Type-Options") == ["nosniff"]
    assert headers.get_all("Referrer-Policy") == ["same-origin"]
    assert len(headers.get_all("Content-Security-Policy")) == 1
    assert "clipboard-write=(self)" in headers["Permissions-Policy"]
    assert headers["Server"] is None


def test_the_policy_names_no_other_host_and_lets_no_text_become_code(server):
    rules = policy(server)
    assert rules["default-src"] == "'none'"
    assert rules["frame-ancestors"] == "'self'"
    assert not re.search(r"//|\*|unsafe-eval", str(rules))
    assert "unsafe" not in rules["script-src"]


def test_the_inline_scripts_of_the_page_are_allowed_by_their_hashes(server):
    page = get(server)[1].decode()
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    assert scripts
    for script in scripts:
        assert b64encode(sha256(script.encode()).digest()).decode() in policy(server)["script-src"]


def test_scripts_travel_compressed_and_arrive_whole(server):
    for _ in ("compressed", "replayed"):
        answer, body = get(f"{server}/{SCRIPT}", GZIP)
        assert answer.headers["Content-Encoding"] == "gzip"
        assert len(body) < LARGEST.stat().st_size / 3
        assert gzip.decompress(body) == LARGEST.read_bytes()


def test_compression_leaves_the_caching_as_streamlit_sets_it(server):
    plain, packed = get(f"{server}/{SCRIPT}")[0], get(f"{server}/{SCRIPT}", GZIP)[0]
    assert "Content-Encoding" not in plain.headers
    assert "immutable" in plain.headers["Cache-Control"]
    assert plain.headers["Cache-Control"] == packed.headers["Cache-Control"]
    assert get(server, GZIP)[0].headers["Cache-Control"] == "no-cache"
    assert "Accept-Encoding" in packed.headers["Vary"]


def test_a_part_of_a_file_and_an_unchanged_file_are_answered_as_such(server):
    answer, body = get(f"{server}/{SCRIPT}", {**GZIP, "Range": "bytes=0-99"})
    assert (answer.status, body) == (206, LARGEST.read_bytes()[:100])
    etag = get(f"{server}/{SCRIPT}", GZIP)[0].headers["ETag"]
    with pytest.raises(HTTPError, match="304"):
        get(f"{server}/{SCRIPT}", {**GZIP, "If-None-Match": etag})


@pytest.mark.parametrize("name", code.files())
def test_the_players_files_are_named_after_their_bytes_and_kept_for_ever(server, name):
    kind, text = code.files()[name]
    for _ in ("made", "replayed"):
        answer, body = get(f"{server}/code/{name}", GZIP)
        assert answer.headers["Content-Type"].startswith(kind)
        assert "immutable" in answer.headers["Cache-Control"]
        assert len(body) < len(text) / 2.5
        assert gzip.decompress(body) == text
    assert sha256(text).hexdigest()[:16] in name


def test_below_any_page_the_files_are_the_same_and_the_server_keeps_no_copy_of_them(server):
    name = next(iter(code.files()))
    for prefix in ("train", "behind/a/prefix"):
        answer, body = get(f"{server}/{prefix}/code/{name}")
        assert body == code.files()[name][1]
        assert "max-age=31536000" in answer.headers["Cache-Control"]
        assert "immutable" not in answer.headers["Cache-Control"]


@pytest.mark.parametrize("name", ["stage-0000000000000000.js", "..%2fapp.py", "stage.js"])
def test_no_other_file_is_there(server, name):
    with pytest.raises(HTTPError, match=r"40[04]"):
        get(f"{server}/code/{name}")


@pytest.mark.parametrize("origin", ["http://example.org", "null"])
def test_another_site_cannot_open_the_socket_of_the_app(server, origin):
    url = f"{server.replace('http', 'ws')}/_stcore/stream"
    with connect(url, origin=server, subprotocols=["streamlit"]):
        pass
    with pytest.raises(InvalidStatus, match="403"), connect(url, origin=origin):
        pass


@pytest.mark.parametrize(
    "sites", ["https://moodle.example.org", "http://localhost:8080 https://*.school.edu"]
)
def test_sites_that_may_frame_the_app_are_added_to_its_own(monkeypatch, sites):
    monkeypatch.setenv("BACKSTEP_FRAME_ANCESTORS", sites)
    assert frame_ancestors() == f"'self' {sites}"


@pytest.mark.parametrize(
    "site",
    ["*", "moodle.example.org", "https://", "https://a/b", "https://a;script-src", "x:y", "'none'"],
)
def test_a_site_that_is_no_address_is_refused_by_name(monkeypatch, site):
    monkeypatch.setenv("BACKSTEP_FRAME_ANCESTORS", f"https://a.org {site}")
    with pytest.raises(SystemExit, match=r"BACKSTEP_FRAME_ANCESTORS must be .*\(got") as refused:
        frame_ancestors()
    assert repr(site) in str(refused.value)


def test_the_named_site_reaches_the_policy():
    with serve(BACKSTEP_FRAME_ANCESTORS="https://moodle.example.org") as url:
        assert policy(url)["frame-ancestors"] == "'self' https://moodle.example.org"


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"PORT": "0"}, "PORT must be a whole number from 1 to 65535 (got '0')"),
        ({"PORT": "http"}, "PORT must be a whole number from 1 to 65535 (got 'http')"),
        ({"PORT": "１２"}, "PORT must be a whole number from 1 to 65535 (got '１２')"),
        ({"PORT": "8501" * 99}, "PORT must be a whole number from 1 to 65535 (got '85018501"),
        ({"BACKSTEP_ALLOWED_HOSTS": "a.org http://b"}, "BACKSTEP_ALLOWED_HOSTS must be names"),
        ({"HOST": "no-such-host.invalid"}, "Cannot listen on no-such-host.invalid port 8501"),
        ({"BACKSTEP_FRAME_ANCESTORS": "x"}, "BACKSTEP_FRAME_ANCESTORS must be"),
    ],
)
def test_a_bad_setting_is_refused_in_one_sentence(environment, sentence):
    said = refusal(**environment)
    assert said.startswith(sentence)
    assert said.count("\n") == 1
    assert len(said) < 250


def test_a_taken_port_is_named():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert refusal(PORT=port).startswith(f"Cannot listen on 127.0.0.1 port {port}: Address")


def test_a_taken_port_is_named_for_all_addresses_and_those_of_ipv6_too():
    with socket.create_server(("::1", 0), family=socket.AF_INET6) as taken:
        port = str(taken.getsockname()[1])
        for host in ("::1", "::"):
            said = refusal(HOST=host, PORT=port)
            assert said.startswith(f"Cannot listen on {host} port {port}: Address")
            assert said.count("\n") == 1


def test_the_machine_has_addresses_that_others_reach_and_are_found_without_a_packet():
    """An address for others is none that every machine has, and can be listened on here."""
    for address in own_addresses():
        known = ip_address(address)
        assert not any((known.is_loopback, known.is_unspecified, known.is_link_local))
        family = socket.AF_INET6 if known.version == 6 else socket.AF_INET
        socket.create_server((address, 0), family=family).close()


@pytest.mark.parametrize(("host", "first"), [
    ("127.0.0.1", "http://127.0.0.1:80"), ("::1", "http://[::1]:80"), ("a.org", "http://a.org:80"),
    ("0.0.0.0", "http://127.0.0.1:80"), ("::", "http://127.0.0.1:80"),
])
def test_the_first_address_is_one_that_works_on_this_machine(host, first):
    assert urls(host, 80)[0] == first
    assert len({*urls(host, 80)}) == len(urls(host, 80))


NAMES = some.from_regex(r"[a-z0-9]{1,8}(\.[a-z0-9]{1,8}){0,2}", fullmatch=True)


@given(NAMES, NAMES, some.sampled_from(["", ":1", ":65535"]))
def test_a_host_is_allowed_by_its_whole_name_and_by_no_other(known, other, port):
    allowed = Allowed((known,))
    assert allowed.allows(known + port)
    assert allowed.allows(known.upper() + port)
    assert allowed.allows(other + port) == (other == known)
    assert not allowed.allows(f"{known}.{other}{port}")
    assert not allowed.allows(f"{known}@{other}{port}")
    assert Allowed((), (f"*.{known}",)).allows(f"{other}.{known}{port}")
    assert not Allowed((), (f"*.{known}",)).allows(f"{other}{known}"[-len(known):])


@given(some.text(max_size=30))
def test_any_host_header_is_looked_at_without_an_exception(host):
    for allowed in (Allowed(("localhost",)), Allowed((), ("*.a",), any_address=True)):
        assert allowed.allows(host) in (True, False)


@given(some.ip_addresses())
def test_an_address_in_digits_is_no_name_that_could_be_rebound(address):
    host = f"[{address}]" if address.version == 6 else str(address)
    assert Allowed((), any_address=True).allows(f"{host}:8501")
    assert not Allowed(("localhost",)).allows(f"{host}:8501")
