"""What a visitor can do to others by other means than the pages: a started server, real sockets."""

import asyncio
import re
import shutil
import socket
import subprocess
import sys
import time
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.sync.client import ClientConnection

from tests.live import ROOT, refusal, serve
from tests.ui.serving.sockets import asked, get, socket_of, until
from ui.serving.health import needed
from ui.serving.messages import Messages
from ui.serving.uploads import MB, MOST, SMALLEST

QUICK = 0.5  # seconds that the head of a request may take here
UPLOADED = (b'--x\r\nContent-Disposition: form-data; name="f"; filename="a.csv"\r\n\r\n'
            b"%b\r\n--x--\r\n")


@pytest.fixture(scope="module")
def server():
    with serve(BACKSTEP_HEAD_SECONDS=str(QUICK), BACKSTEP_METRICS="yes") as url:
        yield url


# how long somebody may take


def seconds_until_closed(client: socket.socket, letters: bytes = b"", pause: float = 0.1) -> float:
    """Sends a letter now and then, until the server ends it."""
    start, client_is_open = time.monotonic(), True
    client.settimeout(pause)
    for letter in letters + b"x" * 200:
        try:
            client.send(bytes([letter]))
            client_is_open = client.recv(1000) != b""
        except TimeoutError:
            continue
        except OSError:
            client_is_open = False
        if not client_is_open:
            return time.monotonic() - start
    raise AssertionError("it is still open")


@pytest.mark.parametrize("sent", [b"", b"GET / HTTP/1.1\r\nHost: a\r\nX: ",
                                  b"GET /_stcore/health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\nGET /"])
def test_a_connection_whose_head_does_not_end_is_closed(server, sent):
    with socket.create_connection((urlsplit(server).hostname, urlsplit(server).port)) as client:
        client.sendall(sent)
        if sent.endswith(b"\r\n\r\nGET /"):
            assert client.recv(12) == b"HTTP/1.1 200"
        assert seconds_until_closed(client) < 20


def test_many_who_say_nothing_are_closed(server):
    where = urlsplit(server).hostname, urlsplit(server).port
    silent = [socket.create_connection(where, timeout=20) for _ in range(50)]
    assert [client.recv(1) for client in silent] == [b""] * 50
    for client in silent:
        client.close()


def test_whoever_is_served_may_take_longer(server):
    """A socket that nobody speaks on, and a body that comes late."""
    with socket_of(server) as client:
        with socket.create_connection((urlsplit(server).hostname, urlsplit(server).port)) as late:
            late.sendall(f"PUT /_stcore/upload_file/a/b HTTP/1.1\r\nHost: {urlsplit(server).netloc}"
                         "\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n".encode())
            time.sleep(2 * QUICK)
            late.sendall(b"abc")
            assert late.recv(12) in (b"HTTP/1.1 403", b"HTTP/1.1 100")
        assert asked(client)


@pytest.mark.parametrize("seconds", ["0", "-1", "1e3", "5s", "５", ""])
def test_a_time_that_is_no_number_is_refused(seconds):
    assert refusal(BACKSTEP_HEAD_SECONDS=seconds).startswith(
        f"BACKSTEP_HEAD_SECONDS must be a number above 0 and below 10000 (got {seconds!r})")


# what somebody says


def heard(client: ClientConnection) -> None:
    """All that was said before has been dealt with."""
    message = BackMsg(app_heartbeat=True)
    client.send(message.SerializeToString())
    until(client, lambda m: m.heartbeat_ack)


def cached(server: str) -> set[str]:
    """The caches that hold something for all visitors."""
    text = get(f"{server}/_stcore/metrics?families=cache_memory_bytes")[1].decode()
    return {line.partition("}")[0] for line in text.splitlines() if "st_cache_resource" in line}


def test_nobody_empties_the_caches_of_all(server):
    with socket_of(server) as client, socket_of(server) as other:
        asked(client)
        before = cached(server)
        assert before
        for message in (BackMsg(clear_cache=True), BackMsg(load_git_info=True),
                        BackMsg(set_run_on_save=True)):
            other.send(message.SerializeToString())
        heard(other)
        time.sleep(5.1)  # Streamlit counts what caches hold every five seconds
        assert cached(server) >= before


def let_through(*sent: bytes) -> list[bytes]:
    """What an application behind `Messages` receives of it."""
    came, waiting = [], [{"type": "websocket.receive", "bytes": one} for one in (*sent, b"end")]

    async def receive() -> dict:
        return waiting.pop(0)

    async def app(scope, receive, send) -> None:
        while waiting:
            came.append((await receive())["bytes"])

    asyncio.run(Messages(app)({"type": "websocket"}, receive, None))
    return came[:-1]


def operation(kind: str) -> bytes:
    message = BackMsg()
    getattr(message.backend_operation_request, kind).SetInParent()
    return message.SerializeToString()


def test_of_all_that_streamlit_obeys_only_what_the_pages_need_gets_through():
    """Files beside the app (install_skills), a stop of the server, the caches of all: no."""
    kinds = [f.name for f in BackMsg.DESCRIPTOR.oneofs_by_name["type"].fields]
    plain = {kind: BackMsg(**{kind: True}).SerializeToString() for kind in kinds
             if kind not in ("rerun_script", "file_urls_request", "backend_operation_request")}
    payloads = BackMsg().backend_operation_request.DESCRIPTOR.oneofs_by_name["payload"].fields
    asked = {field.name: operation(field.name) for field in payloads}
    through = let_through(*plain.values(), *asked.values())
    assert through == [plain["stop_script"], plain["app_heartbeat"], asked["deferred_file"],
                       asked["dataframe_chunk"]]


def test_what_is_no_message_ends_the_socket_of_who_sent_it(server):
    with socket_of(server) as client, socket_of(server) as other:
        client.send(b"\xff\xff")
        with pytest.raises(Exception, match="1002"):
            until(client, lambda m: False)
        assert asked(other)


def test_how_the_server_is_inside_is_for_those_who_run_it():
    with serve() as url:
        assert get(f"{url}/_stcore/metrics")[0] == 404
    assert refusal(BACKSTEP_METRICS="1").startswith("BACKSTEP_METRICS must be yes or no (got '1')")


# what somebody leaves


def token(server: str) -> str:
    with urlopen(f"{server}/_stcore/health") as answer:
        return answer.headers["Set-Cookie"].split(";")[0].partition("=")[2]


def put(server: str, session: str, file: str, size: int, method: str = "PUT") -> tuple[int, str]:
    xsrf = token(server)
    headers = {"X-Xsrftoken": xsrf, "Cookie": f"_streamlit_xsrf={xsrf}",
               "Content-Type": "multipart/form-data; boundary=x"}
    request = Request(f"{server}/_stcore/upload_file/{session}/{file}", UPLOADED % (b"0" * size),
                      headers, method=method)
    try:
        with urlopen(request, timeout=60) as answer:
            return answer.status, ""
    except HTTPError as error:
        return error.code, error.read().decode()


def test_the_files_of_a_session_are_bounded_and_what_is_dropped_is_given_back(server):
    with socket_of(server) as client, socket_of(server) as other:
        mine, others = (asked(c)[0].new_session.initialize.session_id for c in (client, other))
        large = MOST["one session"] // 4 + 1
        assert [put(server, mine, str(k), large)[0] for k in range(3)] == [204] * 3
        status, sentence = put(server, mine, "3", large)
        assert status == 413
        assert sentence.startswith(f"the files of one session must be at most "
                                   f"{MOST['one session'] // MB} MB together (got ")
        assert put(server, others, "0", large)[0] == 204
        assert put(server, mine, "0", 0, "DELETE")[0] == 204
        assert put(server, mine, "3", large)[0] == 204


def test_many_empty_files_are_bounded_too(server):
    with socket_of(server) as client:
        mine = asked(client)[0].new_session.initialize.session_id
        most = MOST["one session"] // SMALLEST
        assert [put(server, mine, str(k), 0)[0] for k in range(most)] == [204] * most
        assert put(server, mine, "more", 0)[0] == 413


@pytest.fixture
def copy(tmp_path):
    """The app in a folder of its own."""
    for name in ("app.py", ".streamlit", "engine", "figures", "ui", "pages", "lessons", "assets",
                 "static"):
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, tmp_path / name)
    return tmp_path


FILES = "assets/stage/units.js assets/data/iris.csv lessons/7_the_update.md assets/embed.css"


@pytest.mark.parametrize("file", FILES.split())
def test_a_server_without_a_file_that_it_needs_does_not_start(copy, file):
    (copy / file).unlink()
    ended = subprocess.run([sys.executable, "-m", "ui.server"], cwd=copy, capture_output=True,
                           text=True, timeout=60)
    assert ended.returncode == 1
    name = re.sub(r"_[a-z_]*\.md", "_*.md", file)
    assert ended.stderr == f"{name} is missing: Backstep cannot work without it.\n"


def test_every_file_of_the_app_is_one_that_it_needs():
    there = {file.relative_to(ROOT).as_posix() for folder in ("assets", "lessons", "static")
             for file in (ROOT / folder).rglob("*.*")}
    spare = {"assets/step.png", "assets/stage/types.js", "lessons/README.md"}  # not for the app
    known = {file.relative_to(ROOT).as_posix() for name in needed() for file in ROOT.glob(name)}
    assert {file for file in there - spare if "LICENSE" not in file} == known


def test_a_page_that_is_being_computed_does_not_make_the_server_ill(server):
    """Its script has begun before the question and ends after the answer."""
    with socket_of(server) as client:
        message = BackMsg()
        message.rerun_script.query_string = ("v=1&data=mazur&output=sigmoid&loss=half_sum"
                                             "&hidden=256tanh*20&iterations=2000")
        message.rerun_script.page_name = "train"
        client.send(message.SerializeToString())
        until(client, lambda m: m.WhichOneof("type") == "navigation")
        for _ in range(5):
            assert get(f"{server}/_stcore/health") == (200, b"ok")
