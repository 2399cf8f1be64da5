"""`/metrics`, the access log, and the dashboard that draws them: complete, bounded, and with nothing of anybody in them."""

import asyncio
import json
import logging
import os
import re
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from moderation import Comment, Moderator
from moderation.api.app import app_of
from moderation.api.metrics import Metrics
from moderation.api.routing import ServiceRoute
from moderation.api.service import Scoring, Service
from moderation.api.state import StateFigures
from moderation.api_keys import ApiKeys
from moderation.domain import Scope
from moderation.errors import (
    ApiKeyError,
    DownloadError,
    MissingApiKeyError,
    OverloadedError,
    QuotaError,
    RequestError,
    ScopeError,
    StoreBusyError,
    VerdictError,
)
from moderation.rules import Ruleset
from moderation.store import Store
from tests.support import scorers
from tests.support.logs import untouched
from tests.support.loops import run_async

__all__ = ["untouched"]

ROOT = Path(__file__).parents[2]
TEXT = "zanziquux, you"
RULES = 'version: 1\nrules:\n  - {name: named, when: {"body (includes)": zanziquux}, action: hold}\n'


def opened(url, scorer=None):
    ruleset = Ruleset.parse(RULES)
    moderator = Moderator.open(ruleset, database=url, scorer=scorer or scorers.calm(), follow=False)
    return Service(moderator, Store.open(url))


async def _decide(request):
    """Do with a comment what dialects do."""
    service, body = request.app.state.service, (await request.body()).decode()
    if request.url.path == "/submit":
        answer = await service.submits.ask(Comment(body, external_id=body))
    elif request.url.path == "/check":
        answer = await service.checks.ask(Comment(body))
    else:
        answer = await service.scores.ask(Scoring(body, "en"))
    del answer
    return await _refused(request)


async def _refused(request):
    from starlette.responses import Response

    if request.url.path in RAISED:
        raise RAISED[request.url.path]
    return Response(status_code=204)


RAISED = {
    "/overload": OverloadedError("x", retry_after_s=1),
    "/quota": QuotaError("x", retry_after_s=1),
    "/key": ApiKeyError("x"),
    "/nokey": MissingApiKeyError("x"),
    "/scope": ScopeError("x"),
    "/request": RequestError("x"),
    "/database": StoreBusyError("x"),
    "/model": DownloadError("x"),
    "/other": VerdictError("x"),
    "/fault": ZeroDivisionError("x"),
}


@pytest.fixture
def client(sqlite_url):
    app = app_of(lambda: opened(sqlite_url))
    app.router.routes += [
        ServiceRoute(path, _decide, methods=["POST"]) for path in ("/check", "/submit", "/score")
    ]
    app.router.routes += [ServiceRoute(path, _refused) for path in RAISED]
    app.router.routes += [ServiceRoute("/of/{name}", _refused)]
    with TestClient(app, raise_server_exceptions=False) as made:
        yield made


def key_of(client, *scopes):
    return ApiKeys(client.app.state.service.store).add(f"watcher-{uuid4().hex}", scopes, by="test")


def figures(client):
    """Return what /metrics tells: values by name and labels."""
    made = key_of(client, Scope.ADMIN)
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {made.secret}"})
    assert answer.status_code == 200
    return samples(answer.text)


def samples(text):
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def value(found, name, **labels):
    return found.get((name, *sorted(labels.items())), 0)


@pytest.mark.parametrize("scope", Scope)
def test_a_key_for_admins_opens_the_metrics(client, scope):
    made = key_of(client, scope)
    expected = 200 if scope is Scope.ADMIN else 403
    assert client.get("/metrics", headers={"X-Api-Key": made.secret}).status_code == expected


@pytest.mark.parametrize("headers", [{}, {"X-Api-Key": "cmk_wrong"}], ids=["no key", "wrong key"])
def test_nobody_without_a_key_sees_the_metrics(client, headers):
    answer = client.get("/metrics", headers=headers)
    assert answer.status_code == 401
    assert "moderation_" not in answer.text


def test_requests_are_counted_by_route_method_and_status(client):
    client.get("/healthz")
    client.head("/healthz")
    client.get("/of/anybody")
    client.post("/healthz")
    found = figures(client)
    for route, method, status in [
        ("/healthz", "GET", "200"),
        ("/healthz", "HEAD", "200"),
        ("/healthz", "POST", "405"),
        ("/of/{name}", "GET", "204"),
    ]:
        assert value(found, "moderation_requests_total", route=route, method=method, status=status) == 1
    assert value(found, "moderation_request_seconds_count", route="/healthz") == 3


def test_what_is_answered_before_it_comes_to_its_route_is_counted_there(client):
    client.post("/v1/check", content="x" * 2_000_000)
    preflight = {"Origin": "https://a.example", "Access-Control-Request-Method": "POST"}
    client.options("/batch", headers=preflight)
    client.get("/openapi.json")
    client.post("/v1/nothing", content="x" * 2_000_000)
    found = figures(client)
    for route, method, status in [
        ("/v1/check", "POST", "413"),
        ("/batch", "OPTIONS", "200"),
        ("/openapi.json", "GET", "200"),
        ("(no such path)", "POST", "413"),
    ]:
        assert value(found, "moderation_requests_total", route=route, method=method, status=status) == 1


def test_no_client_can_make_series(client):
    def series():
        return {name for name in figures(client) if not name[0].startswith("process")}

    figures(client)
    client.get("/healthz")
    for number in range(3):
        client.get(f"/of/{number}")
        client.request(f"BREW{number}", "/healthz")
        client.get(f"/nothing/{number}?key={number}")
    before = series()
    for number in range(50):
        client.request(f"STIR{number}", "/healthz")
        client.get(f"/else/{number}")
        client.get(f"/of/{number}")
        client.get("/healthz", headers={"X-Api-Key": f"cmk_{number}"})
    after = series()
    assert after == before


def test_decisions_checks_and_batches_are_counted_for_every_dialect(client):
    for path in ("/check", "/submit", "/score"):
        client.post(path, content=TEXT)
    client.post("/check", content="Nice weather today, and a walk in the park.")
    found = figures(client)
    assert value(found, "moderation_decisions_total", line="checks", action="hold") == 1
    assert value(found, "moderation_decisions_total", line="checks", action="approve") == 1
    assert value(found, "moderation_decisions_total", line="submits", action="hold") == 1
    assert value(found, "moderation_check_outcomes_total", check="links", outcome="ok") == 3
    of_toxicity = [count for name, count in found.items() if ("check", "toxicity") in name]
    assert sum(of_toxicity) == 4
    for line in ("checks", "submits", "scores"):
        many = 2 if line == "checks" else 1
        assert value(found, "moderation_batch_size_sum", line=line, length="short") == many
        assert value(found, "moderation_waiting", line=line, length="short") == 0
        assert value(found, "moderation_batch_size_count", line=line, length="long") == 0


def test_what_waits_is_told(sqlite_url):
    metrics, service = Metrics(), opened(sqlite_url)
    metrics.watch(service.batchers)

    async def ask():
        asked = [asyncio.ensure_future(service.scores.ask(Scoring("short"))) for _ in range(3)]
        asked.append(asyncio.ensure_future(service.scores.ask(Scoring("long " * 1_000))))
        await asyncio.sleep(0)
        told = samples(metrics.exposition().decode())
        await asyncio.gather(*asked)
        return told

    told = run_async(ask())
    assert value(told, "moderation_waiting", line="scores", length="short") == 3
    assert value(told, "moderation_waiting", line="scores", length="long") == 1
    assert (
        value(samples(metrics.exposition().decode()), "moderation_waiting", line="scores", length="short")
        == 0
    )
    service.close()


@pytest.mark.parametrize("path", RAISED)
def test_refusals_are_counted_by_reason(client, path):
    client.get(path)
    reason = {"/nokey": "key", "/fault": "other"}.get(path, path[1:])
    found = figures(client)
    assert value(found, "moderation_refusals_total", reason=reason) == 1
    assert sum(count for name, count in found.items() if name[0] == "moderation_refusals_total") == 1


def test_what_decides_and_what_waits_at_the_desk_is_told(client):
    client.post("/submit", content=TEXT)
    service = client.app.state.service
    found = figures(client)
    ruleset = service.pipeline.ruleset.hash[:12]
    assert value(found, "moderation_ruleset_info", ruleset=ruleset) == 1
    assert value(found, "moderation_model_info", model="fake@000000000000", engine="fake 1") == 1
    assert value(found, "moderation_rules_problem") == 0
    assert value(found, "moderation_queue_pending") == 1
    assert value(found, "moderation_queue_oldest_seconds") > 0
    assert value(found, "moderation_braked_rules") == 0
    if sys.platform == "linux":
        assert value(found, "process_resident_memory_bytes", pid=str(os.getpid())) > 0


def test_the_database_is_asked_only_now_and_then(client, monkeypatch):
    figures(client)
    client.post("/submit", content=TEXT)
    assert value(figures(client), "moderation_queue_pending") == 0
    monkeypatch.setattr(client.app.state.figures, "_again_at", 0.0)
    assert value(figures(client), "moderation_queue_pending") == 1


def test_a_braked_rule_is_named(sqlite_url, monkeypatch):
    monkeypatch.setattr("moderation.api.state.braked_rules", lambda **_: ["named"])
    service = opened(sqlite_url)
    found = samples(Metrics().exposition(StateFigures(service)).decode())
    assert value(found, "moderation_braked_rules") == 1
    assert value(found, "moderation_rule_braked", rule="named") == 1
    service.close()


def test_a_database_that_fails_leaves_its_figures_out_and_the_others_there(sqlite_url):
    service = opened(sqlite_url)
    state = StateFigures(service)
    assert value(samples(Metrics().exposition(state).decode()), "moderation_queue_pending") == 0
    service.store.close()
    Path(sqlite_url.removeprefix("sqlite:///")).write_bytes(b"no database" * 1_000)
    state._again_at = 0.0
    names = {name for name, *_ in samples(Metrics().exposition(state).decode())}
    assert "moderation_ruleset_info" in names
    assert not {"moderation_queue_pending", "moderation_braked_rules"} & names
    service.moderator.close()


def test_while_the_database_is_asked_nobody_else_waits_for_it(sqlite_url):
    service = opened(sqlite_url)
    state = StateFigures(service)
    with state._asking:
        names = {name for name, *_ in samples(Metrics().exposition(state).decode())}
    assert "moderation_queue_pending" not in names
    service.close()


def test_the_scorers_failures_are_outcomes(sqlite_url):
    app = app_of(lambda: opened(sqlite_url, scorers.raising()))
    app.router.routes += [ServiceRoute("/score", _decide, methods=["POST"])]
    with TestClient(app) as client:
        client.post("/score", content=TEXT)
        assert (
            value(figures(client), "moderation_check_outcomes_total", check="toxicity", outcome="failed") == 1
        )


WORKER = """
import sys
from prometheus_client.parser import text_string_to_metric_families
from moderation.api.metrics import Metrics
metrics = Metrics()
metrics.requests.labels("/healthz", "GET", "200").inc(int(sys.argv[1]))
metrics.waiting.labels("scores", "short").set(int(sys.argv[1]))
metrics.batches.labels("scores", "short").observe(int(sys.argv[1]))
print("counted", flush=True)
if input() == "tell":
    print(metrics.exposition().decode())
"""


def worker(folder, count):
    process = subprocess.Popen(
        [sys.executable, "-c", WORKER, str(count)],
        env=os.environ | {"PYTHONPATH": str(ROOT), "PROMETHEUS_MULTIPROC_DIR": str(folder)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stdout.readline() == "counted\n"
    return process


@pytest.mark.slow
def test_workers_count_together_and_what_waited_in_one_that_died_is_forgotten(tmp_path):
    asked, other, dead = (worker(tmp_path, count) for count in (2, 3, 4))
    dead.kill()
    dead.communicate()
    found = samples(asked.communicate("tell\n")[0])
    other.communicate("end\n")
    name = {"route": "/healthz", "method": "GET", "status": "200"}
    assert value(found, "moderation_requests_total", **name) == 9
    assert value(found, "moderation_waiting", line="scores", length="short") == 5
    assert value(found, "moderation_batch_size_count", line="scores", length="short") == 3
    pids = {dict(labels)["pid"] for name, *labels in found if name.startswith("process_")}
    assert pids == ({str(asked.pid), str(other.pid)} if sys.platform == "linux" else set())


def test_the_access_log_tells_of_a_request_and_nothing_of_anybody(client, caplog):
    caplog.set_level(logging.INFO, "moderation.api")
    made = key_of(client, Scope.ANALYZE)
    client.post(f"/submit?key={made.secret}", content=TEXT)
    client.get("/metrics", headers={"Authorization": f"Bearer {made.secret}"})
    client.get(f"/{TEXT}?key={made.secret}")
    first, second, third = caplog.records
    assert (first.method, first.route, first.status, first.bytes) == ("POST", "/submit", 204, len(TEXT))
    assert first.ms > 0
    assert (second.route, second.key) == ("/metrics", made.key.public_id)
    assert (third.route, third.status) == ("(no such path)", 404)
    written = " ".join(repr(vars(record)) for record in caplog.records)
    assert not [secret for secret in (made.secret, "zanziquux", "testclient") if secret in written]


def test_whose_key_was_refused_is_told_by_its_public_id(client, caplog):
    caplog.set_level(logging.INFO, "moderation.api")
    made = ApiKeys(client.app.state.service.store).add("poor", [Scope.SUBMIT], by="test")

    async def spend(request):
        from moderation.api.access import require_key

        await require_key(request, Scope.ANALYZE)

    client.app.router.routes.append(ServiceRoute("/analyze", spend))
    assert client.get("/analyze", headers={"X-Api-Key": made.secret}).status_code == 403
    assert caplog.records[-1].key == made.key.public_id


def test_addresses_are_logged_only_where_that_is_wanted(sqlite_url, monkeypatch, caplog):
    monkeypatch.setenv("MODERATION_LOG_ADDRESSES", "true")
    caplog.set_level(logging.INFO, "moderation.api")
    with TestClient(app_of(lambda: opened(sqlite_url)), client=("192.0.2.7", 1)) as client:
        client.get("/healthz")
    assert caplog.records[-1].address == "192.0.2.7"


DASHBOARD = json.loads((ROOT / "docs/deploy/grafana.json").read_text(encoding="utf-8"))
QUERIES = [target["expr"] for panel in DASHBOARD["panels"] for target in panel.get("targets", [])]
NAME = re.compile(r"\b(?:moderation|process)_[a-z_]+")


def all_names(client):
    for path in ("/check", "/submit", "/score"):
        client.post(path, content=TEXT)
    client.get("/quota")
    return {name for name, *_ in figures(client)}


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells of processes")
def test_the_dashboard_draws_what_there_is(client, monkeypatch):
    monkeypatch.setattr("moderation.api.state.braked_rules", lambda **_: ["named"])
    drawn = {name for query in QUERIES for name in NAME.findall(query)}
    assert drawn
    assert drawn - all_names(client) == set()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells of processes")
def test_every_metric_is_documented_and_no_other(client, monkeypatch):
    monkeypatch.setattr("moderation.api.state.braked_rules", lambda **_: ["named"])
    text = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    section = text.partition("### Metrics\n")[2].partition("\n## ")[0]
    listed = set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE))
    there = {re.sub(r"_(bucket|count|sum)$", "", name) for name in all_names(client)}
    assert {name for name in there if name.startswith("moderation_")} == listed
