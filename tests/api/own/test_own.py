"""Our own `/v1`, path by path, against a real database."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import col, select

from moderation.domain import Author, Scope, VerdictKind
from moderation.errors import StoreFullError
from moderation.store import standing_verdicts
from moderation.store.comments.finding import by_number
from moderation.store.tables.labels import LabelRow
from moderation.store.verdicts.appeals import list_appeals
from tests.support.service_app import stored_in

UID = "0b0e3a86-9d0c-4b8e-8a3c-0d3f6f1d2c11"
COMMENT = {"text": "Good morning.", "external_id": "c-1", "site": "news"}
EMPTY = {"text": "", "external_id": "c-2", "site": "news"}  # rejected: nothing is in it


@pytest.fixture
def key(site):
    return site.key()


def post(site, key, path, body, **headers):
    return site.client.post(f"/v1{path}", json=body, headers=key | headers)


def test_it_says_what_decides_now(site, key):
    said = site.client.get("/v1", headers=key).json()
    assert said["model"]["name"] == "fake"
    assert said["model"]["hash"] == "000000000000"
    assert said["model"]["languages"] == ["en"]
    assert said["ruleset"] == site.service.pipeline.ruleset.hash


def test_a_check_decides_and_stores_nothing(site, key):
    said = post(site, key, "/check", {"text": "Good morning, dear readers of this site."}).json()
    assert (said["action"], said["published"]) == ("approve", True)
    assert said["scores"]["toxicity"] == 0.01
    with site.store.reading() as session:
        assert by_number(1, session=session) is None


def test_a_comment_is_stored_once_with_all_that_is_known_of_it(site, key):
    author = {"id": "u-1", "name": "Ann", "account_age": 86400, "approved_comments": 3.0, "is_trusted": False}
    body = COMMENT | {"author": author, "created_at": "2026-11-30T08:30:00", "thread": "t", "reports": 0}
    first, again = (post(site, key, "/comments", body) for _ in range(2))
    assert first.status_code == 200
    assert first.content == again.content
    stored = stored_in(site.store, first.json()["comment_id"])
    assert stored.comment.created_at == datetime(2026, 11, 30, 8, 30, tzinfo=UTC)
    known = Author("u-1", "Ann", timedelta(days=1), 3, is_trusted=False)
    assert stored.comment.author == known
    assert stored.decision.id == first.json()["id"]
    assert first.json()["created_at"].endswith("Z")


def test_another_text_is_a_conflict(site, key):
    post(site, key, "/comments", COMMENT)
    answer = post(site, key, "/comments", COMMENT | {"text": "Good night."})
    assert answer.status_code == 409
    assert answer.json()["code"] == "comment_conflict"
    assert "night" not in answer.text


def test_an_id_that_is_too_long_in_bytes_is_pointed_at(site, key):
    answer = post(site, key, "/comments", COMMENT | {"external_id": "한" * 400})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "#/external_id"


@pytest.mark.parametrize(
    ("body", "status", "pointer"),
    [
        (b"", 422, "#"),
        (b"{", 400, None),
        (b"\xff", 400, None),
        (b"[" * 50_000, 400, None),
        (b'{"text": ' * 5_000 + b"1" + b"}" * 5_000, 400, None),
        (b"[]", 422, "#"),
        (b"{}", 422, "#/text"),
        (b'{"text": 1}', 422, "#/text"),
        (b'{"text": NaN}', 422, "#/text"),
        (b'{"text": "\\ud800"}', 422, "#/text"),
        (b'{"text": "a", "author": {"id": "\\ud800"}}', 422, "#/author/id"),
        (b'{"text": "a", "authour": {}}', 422, "#/authour"),
        (b'{"text": "a", "\\ud800": 1}', 422, "#"),
        (b'{"text": "a", "revision": 1e999}', 422, "#/revision"),
        (b'{"text": "a", "revision": 2147483648}', 422, "#/revision"),
        (b'{"text": "a", "revision": ' + b"9" * 400 + b"}", 422, "#/revision"),
        (b'{"text": "a", "revision": ' + b"9" * 9_000 + b"}", 400, None),
        (b'{"text": "a", "revision": true}', 422, "#/revision"),
        (b'{"text": "a", "author": {"id": "", "rejection_rate": ' + b"9" * 400 + b"}}", 422, None),
        (b'{"text": "a", "author": {"id": "", "account_age": 1e300}}', 422, "#/author/account_age"),
        (b'{"text": "a", "created_at": "9999-12-31T23:59:59-14:00"}', 422, "#/created_at"),
        (b'{"text": "a", "created_at": "0000-01-01T00:00:00Z"}', 422, "#/created_at"),
        (b'{"text": "a", "created_at": "2026-02-30T00:00:00Z"}', 422, "#/created_at"),
        (b'{"text": "a", "created_at": 1700000000}', 422, "#/created_at"),
        (b'{"text": "a", "site": ""}', 422, "#/site"),
        (b'{"text": "' + b"a" * 200_001 + b'"}', 422, "#/text"),
        (b'{"text": "' + b"a" * 1_000_001 + b'"}', 413, None),
        (b'{"text": "\\u0000"}', 200, None),
        (b'{"text": "a", "created_at": "0001-01-01T00:00:00Z"}', 200, None),
        (b'{"text": "a", "created_at": "9999-12-31T23:59:59.999999999Z"}', 200, None),
    ],
)
def test_a_body_of_another_form_is_refused_and_not_quoted(site, key, body, status, pointer):
    answer = site.client.post("/v1/check", content=body, headers=key | {"Content-Type": "application/json"})
    assert answer.status_code == status
    if status != 200:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == status
    if pointer:
        assert pointer in [fault["pointer"] for fault in answer.json()["errors"]]


@pytest.mark.parametrize(
    ("path", "body", "scope"),
    [
        ("/check", {"text": "a"}, Scope.ANALYZE),
        ("/comments", COMMENT, Scope.SUBMIT),
        ("/comments/bulk", COMMENT, Scope.SUBMIT),
        ("/verdicts", {"comment_id": 1, "verdict": "approve"}, Scope.MODERATE),
        ("/labels", {"text": "a", "scores": {"toxicity": 1}}, Scope.SUBMIT),
        ("/appeals", {"comment_id": 1, "text": "a"}, Scope.SUBMIT),
    ],
)
def test_each_path_asks_for_a_key_with_its_scope(site, path, body, scope):
    assert post(site, {}, path, body).status_code == 401
    assert post(site, {}, path, body).headers["www-authenticate"] == "Bearer"
    others = site.key(*(set(Scope) - {scope}), name="others")
    assert post(site, others, path, body).status_code == 403
    assert post(site, site.key(scope, name="this"), path, body).status_code in {200, 404}


def test_a_key_is_held_to_its_sites(site):
    key, all_sites = site.key(sites=["news"], name="news"), site.key()
    own = post(site, key, "/comments", {"text": "a", "external_id": "c-1"}).json()
    assert stored_in(site.store, own["comment_id"]).comment.site == "news"
    other = post(site, all_sites, "/comments", EMPTY | {"site": "blog"}).json()["comment_id"]
    assert post(site, key, "/check", {"text": "a", "site": "blog"}).status_code == 403
    bodies: dict[str, dict[str, object]] = {
        "/verdicts": {"verdict": "approve"},
        "/labels": {"scores": {"toxicity": 1}},
        "/appeals": {"text": "a"},
    }
    for path, body in bodies.items():
        assert post(site, key, path, body | {"comment_id": other}).status_code == 404
        assert post(site, key, path, body | {"external_id": "c-2", "site": "blog"}).status_code == 403


def test_a_quota_that_is_used_up_says_when_to_come_back(site):
    key = site.key(quota=1)
    answers = [post(site, key, "/check", {"text": "a"}) for _ in range(3)]  # a minute may end in between
    assert answers[0].status_code == 200
    answer = next(answer for answer in answers if answer.status_code == 429)
    assert answer.json()["retry_after_s"] == int(answer.headers["retry-after"]) > 0


def test_a_verdict_is_applied_once_by_its_uid(site, key):
    number = post(site, key, "/comments", EMPTY).json()["comment_id"]
    body = {"site": "news", "external_id": "c-2", "verdict": "approve", "by": "ann", "uid": UID.upper()}
    body |= {"reason": "r", "note": "n", "at": "2026-11-30T08:30:00Z"}
    first, again = (post(site, key, "/verdicts", body).json() for _ in range(2))
    assert (first.pop("status"), again.pop("status")) == ("applied", "repeated")
    assert first == again
    assert (first["uid"], first["created_at"]) == (UID, "2026-11-30T08:30:00Z")
    with site.store.reading() as session:
        (verdict,) = standing_verdicts([number], session=session).values()
    assert (verdict.kind, verdict.by, verdict.note) == (VerdictKind.APPROVE, "ann", "n")


def test_a_verdict_without_a_name_is_the_keys(site, key):
    number = post(site, key, "/comments", EMPTY).json()["comment_id"]
    post(site, key, "/verdicts", {"comment_id": number, "verdict": "reject"})
    with site.store.reading() as session:
        assert standing_verdicts([number], session=session)[number].by == "blog"


def test_each_of_several_verdicts_has_an_answer(site, key):
    numbers = [post(site, key, "/comments", one).json()["comment_id"] for one in (COMMENT, EMPTY)]
    said = [
        {"comment_id": numbers[0], "verdict": "reject", "uid": UID},
        {"comment_id": 999, "verdict": "reject"},
        {"comment_id": numbers[1], "verdict": "reject", "uid": UID},
        {"comment_id": numbers[0], "external_id": "another", "verdict": "reject"},
        {"comment_id": numbers[0], "site": "news", "external_id": "c-1", "verdict": "approve"},
    ]
    answers = post(site, key, "/verdicts", said).json()
    assert [one.get("status") or one["error"]["code"] for one in answers] == [
        *("applied", "comment_not_found", "verdict", "comment_not_found", "applied"),
    ]


def test_another_verdict_under_the_same_uid_is_a_conflict(site, key):
    number = post(site, key, "/comments", EMPTY).json()["comment_id"]
    answers = [
        post(site, key, "/verdicts", {"comment_id": number, "verdict": verdict, "uid": UID})
        for verdict in ("approve", "reject")
    ]
    assert [answer.status_code for answer in answers] == [200, 409]
    assert answers[1].json()["code"] == "verdict"


@pytest.mark.parametrize(
    ("path", "body", "pointers"),
    [
        ("/verdicts", [{"comment_id": 1, "verdict": "approve"}, {"comment_id": 1, "verdict": "undo"}], ["#/1/verdict"]),
        ("/verdicts", {"comment_id": 1, "verdict": "approve", "uid": "no"}, ["#/uid"]),
        ("/verdicts", {"verdict": "approve"}, ["#"]),
        ("/verdicts", [], ["#"]),
        ("/verdicts", [{"comment_id": 1, "verdict": "approve"}] * 501, ["#"]),
        ("/labels", {"text": "a", "scores": {}}, ["#/scores"]),
        ("/labels", {"text": "a", "scores": {"toxicity": 1.1}}, ["#/scores/toxicity"]),
        ("/labels", {"scores": {"toxicity": 1}}, ["#"]),
        ("/appeals", {"comment_id": 1, "text": ""}, ["#/text"]),
        ("/appeals", {"text": "a"}, ["#"]),
    ],
)  # fmt: skip
def test_a_place_that_is_wrong_is_pointed_at(site, key, path, body, pointers):
    answer = post(site, key, path, body)
    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.json()["errors"]] == pointers


def test_labels_are_of_a_text_or_of_a_stored_comment(site, key):
    number = post(site, key, "/comments", COMMENT).json()["comment_id"]
    assert post(site, key, "/labels", {"text": "b", "scores": {"insult": 1}}).json() == {"status": "stored"}
    several = [
        {"comment_id": number, "scores": {"toxicity": 0.5}, "language": "en-GB"},
        {"external_id": "none", "site": "news", "scores": {"toxicity": 0.5}},
        {"external_id": "c-1", "site": "news", "scores": {"toxicity": 0}},
    ]
    answers = post(site, key, "/labels", several).json()
    assert [one.get("status") for one in answers] == ["stored", None, "stored"]
    with site.store.reading() as session:
        rows = session.exec(select(LabelRow).order_by(col(LabelRow.id))).all()
    assert [(row.site, row.external_id, row.text, row.scores) for row in rows] == [
        ("default", None, "b", {"insult": 1.0}),
        ("news", "c-1", "Good morning.", {"toxicity": 0.5}),
        ("news", "c-1", "Good morning.", {"toxicity": 0.0}),
    ]
    assert {(row.source, row.by) for row in rows} == {("api", "blog")}


def test_an_author_objects_once(site, key):
    number = post(site, key, "/comments", EMPTY).json()["comment_id"]
    body = {"external_id": "c-2", "site": "news", "text": "Why?"}
    taken = post(site, key, "/appeals", body)
    assert taken.json()["comment_id"] == number
    assert post(site, key, "/appeals", body).status_code == 409
    with site.store.reading() as session:
        (appeal,) = list_appeals(answered=False, before=None, size=9, session=session)
    assert (appeal.id, appeal.message) == (taken.json()["id"], "Why?")


def test_a_published_comment_is_not_appealed_against(site, key):
    post(site, key, "/comments", COMMENT)
    answer = post(site, key, "/appeals", {"external_id": "c-1", "site": "news", "text": "Why?"})
    assert answer.json()["code"] == "appeal"


def test_a_database_that_is_full_says_nothing_of_itself(site, key, monkeypatch):
    def full(*args, **named):
        raise StoreFullError("/srv/secret/moderation.db is full")

    monkeypatch.setattr("moderation.api.own.routes.write_verdicts", full)
    answer = post(site, key, "/verdicts", {"comment_id": 1, "verdict": "approve"})
    assert answer.status_code == 503
    assert answer.headers["retry-after"]
    assert "secret" not in answer.text


def test_the_examples_of_the_document_work(site, key):
    document = site.client.get("/openapi.json").json()
    for path in ("/v1/comments", "/v1/check", "/v1/labels", "/v1/verdicts"):
        shown = document["paths"][path]["post"]["requestBody"]["content"]["application/json"]["examples"]
        for example in shown.values():
            answer = site.client.post(path, json=example["value"], headers=key)
            assert answer.status_code == 200, json.dumps(answer.json())
