"""`moderation serve`: what it says before it starts, how it ends, its workers, and what a proxy tells it."""

import http.client
import json
import os
import re
import signal
import socket
from contextlib import closing

import pytest
import uvicorn
from starlette.testclient import TestClient

from moderation.api.app import create_app
from moderation.cli.serving import Serving, _Workers, config_of, listen, run
from moderation.errors import ListenError, RulesError
from tests.support.logs import untouched
from tests.support.serving import connected, free_port, get, program, rest_of, serving, until

__all__ = ["untouched"]


@pytest.fixture
def taken():
    """A port that another program has."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    """Leave no option of one service to the next."""
    for name in ("RULES", "DATABASE", "PUBLIC_URL"):
        monkeypatch.setenv(f"MODERATION_SERVE_{name}", "")
        monkeypatch.delenv(f"MODERATION_SERVE_{name}")


def test_a_port_that_is_taken_is_named(run, taken):
    done = run("serve", "--port", taken)
    assert done.code == 2
    assert f"error[listen]: can't listen at 127.0.0.1, port {taken}" in done.err
    assert "--port" in done.err
    assert done.out == ""


@pytest.mark.parametrize("host", ["192.0.2.1", "no-such-host.invalid"], ids=["not ours", "no such name"])
def test_an_address_that_cannot_be_had_is_named(run, host):
    done = run("serve", "--host", host, "--port", free_port())
    assert done.code == 2
    assert f"error[listen]: can't listen at {host}" in done.err


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize(
    ("option", "content", "code"),
    [("--rules", "version: 1\nrules: [", "rules"), ("--database", "no database " * 999, "store_unreachable")],
    ids=["rules", "database"],
)
def test_what_cannot_be_used_is_said_by_the_command(run, tmp_path, workers, option, content, code):
    broken = tmp_path / "broken"
    broken.write_text(content)
    named = broken if option == "--rules" else f"sqlite:///{broken}"
    done = run("serve", "--port", free_port(), "--workers", workers, option, named)
    assert done.code == 2
    assert done.err.startswith(f"error[{code}]")
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--root-path", "moderation"),
        ("--root-path", "/a b"),
        ("--trusted-proxies", "nginx"),
        ("--trusted-proxies", "10.0.0.1/8"),
        ("--trusted-proxies", "127.0.0.1,*"),
        ("--port", "0"),
        ("--workers", "0"),
    ],
)
def test_an_option_that_would_do_nothing_is_refused(run, option, value):
    done = run("serve", option, value)
    assert done.code == 2
    assert option in done.err


def test_a_missing_extra_is_named(run, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "fastapi", None)
    done = run("serve")
    assert (done.code, "error[missing_extra]: the service needs fastapi" in done.err) == (2, True)
    assert "comment-moderation[api]" in done.err


@pytest.mark.postgres
@pytest.mark.parametrize("keys", [0, 1])
def test_a_password_in_the_databases_address_is_not_printed(run, postgres_url, monkeypatch, keys):
    monkeypatch.setattr("moderation.cli.serving.run", lambda *_: None)
    address = postgres_url.replace("test@", "test:swordfish@")
    if keys:
        run("keys", "add", "blog", "--scope", "analyze", "--database", address)
    done = run("serve", "--port", free_port(), "--database", address)
    assert done.code == 0
    assert "`moderation keys " in done.out
    assert "swordfish" not in done.out + done.err


@pytest.mark.parametrize(
    ("host", "address"),
    [("127.0.0.1", "http://127.0.0.1:1/x"), ("::1", "http://[::1]:1/x")],
    ids=["v4", "v6"],
)
def test_the_address_is_one_that_can_be_opened(host, address):
    assert Serving(host, 1, root_path="/x").address == address


def test_it_listens_on_the_local_host_by_name():
    with listen(Serving("localhost", free_port())) as listener:
        assert listener.getsockname()[0] in {"127.0.0.1", "::1"}
    with pytest.raises(ListenError):
        listen(Serving("192.0.2.1", free_port()))


async def echo(scope, receive, send):
    """Answer with what the service takes for the client, and for the address."""
    if scope["type"] != "http":
        return
    told = {name: scope[name] for name in ("scheme", "path", "root_path")} | {"client": scope["client"][0]}
    body = json.dumps(told).encode()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": body})


FORWARDED = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}


@pytest.mark.parametrize(
    ("trusted", "scheme", "client"),
    [
        ("127.0.0.1", "https", "203.0.113.9"),
        ("10.0.0.1, 127.0.0.0/8", "https", "203.0.113.9"),
        ("*", "https", "203.0.113.9"),
        ("10.0.0.1", "http", "127.0.0.1"),
        ("", "http", "127.0.0.1"),
    ],
    ids=["address", "network", "anybody", "another", "nobody"],
)
def test_what_a_proxy_says_counts_only_if_it_is_trusted(monkeypatch, trusted, scheme, client):
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "*")  # uvicorn's own variable has no say
    with serving(echo, trusted_proxies=trusted) as served:
        told = json.loads(get(served.port, "/", **FORWARDED)[2])
    assert (told["scheme"], told["client"]) == (scheme, client)


def test_a_sub_path_that_the_proxy_takes_off_is_known_to_the_routes(sqlite_url, monkeypatch):
    monkeypatch.setenv("MODERATION_SERVE_DATABASE", sqlite_url)
    with serving(create_app(), root_path="/moderation") as served:
        assert get(served.port, "/healthz")[0] == 200
        status, headers, body = get(served.port, "/nothing")
    assert (status, headers["content-type"]) == (404, "application/problem+json")
    assert json.loads(body)["title"] == "there is nothing at this address"


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_answers_head_without_a_body_on_a_connection_that_stays(sqlite_url, monkeypatch, path):
    monkeypatch.setenv("MODERATION_SERVE_DATABASE", sqlite_url)
    with serving(create_app()) as served:
        with closing(http.client.HTTPConnection("127.0.0.1", served.port)) as connection:
            for method in ("HEAD", "GET", "HEAD"):
                connection.request(method, path)
                answer = connection.getresponse()
                body = answer.read()
                assert (answer.status, bool(body)) == (200, method == "GET")
        assert get(served.port, "/healthz")[1].get("server") is None


def test_a_worker_that_cannot_open_says_so_and_ends(sqlite_url, tmp_path, monkeypatch, capsys):
    (tmp_path / "rules.yaml").write_text("version: 2")
    monkeypatch.setenv("MODERATION_SERVE_DATABASE", sqlite_url)
    monkeypatch.setenv("MODERATION_SERVE_RULES", str(tmp_path / "rules.yaml"))
    with pytest.raises(RulesError):
        create_app()
    monkeypatch.setattr("moderation.api.app.parent_process", object)
    with pytest.raises(SystemExit) as ended:
        create_app()
    assert ended.value.code == 3
    assert "error[rules]" in capsys.readouterr().err


def test_a_service_that_cannot_be_opened_leaves_signals_as_they_were(monkeypatch):
    before = signal.getsignal(signal.SIGTERM)
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", "/of/another/program")

    def fail():
        raise ListenError("x")

    said = Serving("127.0.0.1", free_port())
    with listen(said) as listener, pytest.raises(ListenError):
        run(config_of(fail, said), listener)
    assert signal.getsignal(signal.SIGTERM) is before
    assert "PROMETHEUS_MULTIPROC_DIR" not in os.environ


def test_the_service_is_opened_once_and_closed_at_the_end(sqlite_url, monkeypatch):
    monkeypatch.setenv("MODERATION_SERVE_DATABASE", sqlite_url)
    app = create_app()
    with TestClient(app) as client:
        service = app.state.service
        assert client.get("/readyz").json()["status"] == "ok"
    assert service.checks._short._threads._shutdown


def accepted(port):
    """Send a request but for the end of its body; the service has begun to read it."""
    client = connected(port)
    head = "POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n"
    client.sendall(head.encode())
    assert client.recv(100).startswith(b"HTTP/1.1 100 ")
    client.sendall(b"te")
    return client


def refuses(port):
    try:
        connected(port).close()
    except OSError:
        return True
    return False


@pytest.mark.slow
@pytest.mark.parametrize(
    ("by", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)], ids=["SIGTERM", "Ctrl-C"]
)
def test_what_was_accepted_is_answered_before_the_end(tmp_path, by, code):
    with program(tmp_path, "--first-key", MODERATION_LOG_LEVEL="info") as service:
        until(service.answers)
        with closing(accepted(service.port)) as client:
            service.process.send_signal(by)
            until(lambda: refuses(service.port))
            client.sendall(b"xt")
            assert rest_of(client).startswith(b"HTTP/1.1 405 ")
        out, err = service.process.communicate(timeout=60)
    assert service.process.returncode == code
    assert re.match(r"Key, shown this once: \S+\nStarting at http://127.0.0.1:\d+ \(", out)
    assert "Traceback" not in err
    assert "INFO moderation.api: POST /healthz: 405, after " in err


@pytest.mark.slow
def test_workers_share_the_work_count_together_and_are_replaced(tmp_path):
    settings = {"TMPDIR": str(tmp_path), "MODERATION_LOG_LEVEL": "info"}
    with program(tmp_path, "--workers", "2", "--first-key", **settings) as service:
        until(service.answers)
        assert service.process.stdout is not None
        key, starting = (service.process.stdout.readline() for _ in range(2))
        assert starting.startswith("Starting at")
        headers = {"Authorization": "Bearer " + key.rpartition(" ")[2].strip()}
        until(lambda: len(re.findall(r"process_start_time_seconds{", told(service.port, headers))) == 2)
        before = counted(told(service.port, headers))
        for _ in range(20):
            get(service.port, "/healthz")
        assert counted(told(service.port, headers)) == before + 20
        workers = until(lambda: len(found := service.workers()) == 2 and found)
        killed = workers.pop()
        os.kill(killed, signal.SIGKILL)
        until(lambda: len(found := service.workers()) == 2 and killed not in found)
        until(service.answers)
        assert list(tmp_path.glob("moderation-metrics-*/*.db"))
        code, out, err = service.end()
    assert code == 0
    assert "Starting at" not in out  # each worker that begins would say it
    assert "Traceback" not in err
    assert "INFO moderation.api: GET /healthz: 200" in err
    assert not list(tmp_path.glob("moderation-metrics-*"))


def test_who_asks_a_worker_that_dies_meanwhile_hears_of_it_at_once(monkeypatch):
    monkeypatch.setattr("uvicorn.supervisors.multiprocess.Process.start", lambda _: None)
    monkeypatch.setattr("signal.signal", lambda *_: None)  # it would take those of the tests
    workers = _Workers(uvicorn.Config("no:app", workers=2), [])
    workers.init_processes()
    for process in workers.processes:  # nobody holds the worker's end of the pipe any more, as if it had died
        assert process.parent_conn.poll(0)
        assert not process.ping(timeout=600)


def told(port, headers):
    status, _, body = get(port, "/metrics", **headers)
    assert status == 200, body
    return body.decode()


def counted(text):
    line = r'^moderation_requests_total{method="GET",route="/healthz",status="200"} (\S+)$'
    return sum(map(float, re.findall(line, text, re.MULTILINE)))


@pytest.mark.slow
def test_workers_end_after_ctrl_c_in_a_terminal(tmp_path):
    with program(tmp_path, "--workers", "2") as service:
        until(service.answers)
        with closing(accepted(service.port)) as client:
            os.killpg(service.process.pid, signal.SIGINT)  # as a terminal does: to all of them
            client.sendall(b"xt")
            assert rest_of(client).startswith(b"HTTP/1.1 405 ")
        _, err = service.process.communicate(timeout=60)
    assert service.process.returncode == 130
    assert "Traceback" not in err


@pytest.mark.slow
def test_a_model_that_workers_cannot_load_ends_the_command(tmp_path):
    (tmp_path / "rules.yaml").write_text("version: 1\ntoxicity: {model: ./nowhere}\n")
    with program(tmp_path, "--workers", "2", "--rules", "rules.yaml") as service:
        _, err = service.process.communicate(timeout=120)
    assert service.process.returncode == 2
    assert "error[" in err
    assert "Traceback" not in err
