"""Coral's external moderation phase: who may ask, what about, and what is answered."""

import hashlib
import hmac
import json
import logging

import pytest

from moderation.api.coral import signature
from moderation.domain import Author
from moderation.errors import OverloadedError
from moderation.settings import settings
from tests.support.serving_dialects import TellingScorer, in_process, opening, rules_of

PATH = "/coral/external"
OLD, NEW = "empsec_" + "a1" * 33, "empsec_" + "b2" * 33
RULES = rules_of(
    toxicity={"thresholds": {"toxicity": {"flag": 0.5, "hold": 0.7, "reject": 0.9}}},
    rules=[{"name": "links", "when": {"links": "> 1"}, "action": "reject", "explain": "Too many links."}],
)


@pytest.fixture
def secrets(monkeypatch):
    """Sets what the service knows."""

    def known(value):
        monkeypatch.setenv(signature.VARIABLE, value)
        settings.cache_clear()

    known(f" {OLD} ,{NEW},")
    signature._say_that_there_are_none.cache_clear()
    yield known
    settings.cache_clear()


@pytest.fixture
def client(sqlite_url, secrets):
    with in_process(opening(sqlite_url, RULES, TellingScorer())) as opened:
        yield opened


def sent(body="Fine.", **changes):
    return {
        "action": "NEW",
        "comment": {"body": body, "parentID": None},
        "author": {"id": "author-1", "role": "COMMENTER"},
        "story": {"id": "story-1", "url": "https://news.example/a"},
        "site": {"id": "site-1"},
        "tenantID": "tenant-1",
        "tenantDomain": "news.example",
    } | changes


def signed(content, secret=NEW):
    return "sha256=" + hmac.new(secret.encode(), content, hashlib.sha256).hexdigest()


def ask(client, body, path=PATH, secret=NEW):
    content = body if isinstance(body, bytes) else json.dumps(body, indent=2, ensure_ascii=False).encode()
    return client.post(path, content=content, headers={signature.HEADER: signed(content, secret)})


def test_a_comment_that_may_go_on_is_204(client):
    answer = ask(client, sent())
    assert (answer.status_code, answer.content) == (204, b"")


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        pytest.param(
            "toxicity=0.6",
            {"actions": [{"actionType": "FLAG", "reason": "COMMENT_DETECTED_TOXIC"}]},
            id="flag",
        ),
        pytest.param(
            "<div>toxicity=0.7</div>",
            {
                "actions": [{"actionType": "FLAG", "reason": "COMMENT_DETECTED_TOXIC"}],
                "status": "SYSTEM_WITHHELD",
            },
            id="hold",
        ),
        pytest.param(
            '<a href="http://a.com">a.com</a> <a href="http://b.com">this</a>',
            {
                "actions": [{"actionType": "FLAG", "reason": "COMMENT_DETECTED_SPAM"}],
                "status": "REJECTED",
                "moderationAction": {
                    "status": "REJECTED",
                    "rejectionReason": {"code": "SPAM", "detailedExplanation": "Too many links."},
                },
            },
            id="reject",
        ),
    ],
)
def test_a_comment_is_answered_as_the_rules_say(client, body, answer):
    given = ask(client, sent(body))
    assert given.status_code == 200
    assert given.json() == answer


@pytest.mark.parametrize("place", ["body", "author", "unknown"])
def test_half_a_surrogate_pair_lets_no_comment_pass(client, place):
    """Coral publishes what it gets an error for, and its JSON writes half a pair as it is."""
    half = "\ud83d"
    comment = sent("toxicity=0.95 " + (half if place == "body" else ""))
    if place == "author":
        comment["author"]["id"] = half
    if place == "unknown":
        comment[half] = half
    answer = ask(client, json.dumps(comment).encode())
    assert answer.json()["status"] == "REJECTED"


def test_a_link_that_coral_made_counts_once(client):
    assert ask(client, sent('See <a href="http://a.com">a.com</a>')).status_code == 204


@pytest.mark.parametrize("body", ["", "<div></div>", "<div>&#32;<br></div>"])
def test_a_comment_without_a_text_is_a_picture_or_a_rating(client, body):
    assert ask(client, sent(body)).status_code == 204


@pytest.mark.parametrize(
    ("path", "status"),
    [
        pytest.param(PATH, 204, id="HTML, in which it is an element"),
        pytest.param(f"{PATH}?format=html", 204, id="HTML, said"),
        pytest.param(f"{PATH}?format=plain", 200, id="plain text, in which it stands"),
        pytest.param(f"{PATH}?format=rtf", 422, id="another"),
    ],
)
def test_the_address_says_whether_bodies_are_plain_text(client, path, status):
    assert ask(client, sent("So <style> toxicity=0.8 </style>"), path).status_code == status


@pytest.fixture
def asked(client, monkeypatch):
    """Comments that were asked about."""
    seen = []
    real = client.app.state.service.checks.ask

    async def ask_and_note(comment, gone=None):
        seen.append(comment)
        return await real(comment, gone)

    monkeypatch.setattr(client.app.state.service.checks, "ask", ask_and_note)
    return seen


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        pytest.param(
            {}, {"site": "site-1", "thread": "https://news.example/a", "revision": 0}, id="as Coral sends it"
        ),
        pytest.param({"action": "EDIT"}, {"revision": 1, "is_edited": True}, id="an edit"),
        pytest.param({"site": {}}, {"site": "news.example"}, id="no site"),
        pytest.param({"site": {}, "tenantDomain": None}, {"site": "default"}, id="no domain either"),
        pytest.param({"story": {"id": "s"}}, {"thread": "s"}, id="a story without address"),
        pytest.param({"comment": {"body": "a", "parentID": None}}, {"is_top_level": True}, id="top level"),
        pytest.param({"comment": {"body": "a", "parentID": "c-1"}}, {"is_top_level": False}, id="a reply"),
        pytest.param({"later": {"more": None}}, {"text": "Fine."}, id="what a later Coral sends"),
        pytest.param({"comment": {"body": "a &amp; <b>b</b>"}}, {"text": "a & b"}, id="HTML"),
    ],
)
def test_rules_see_what_coral_says(client, asked, changes, fields):
    assert ask(client, sent(**changes)).status_code == 204
    (comment,) = asked
    assert {name: getattr(comment, name) for name in fields} == fields


@pytest.mark.parametrize(
    ("role", "trusted", "moderator"),
    [
        ("COMMENTER", False, False),
        ("MEMBER", False, False),
        ("STAFF", True, False),
        ("MODERATOR", True, True),
        ("ADMIN", True, True),
        ("EDITOR_IN_CHIEF", None, None),
    ],
)
def test_roles_are_what_rules_call_them(client, asked, role, trusted, moderator):
    ask(client, sent(author={"id": "x", "role": role}))
    assert asked[0].author == Author("x", is_trusted=trusted, is_moderator=moderator)


def test_nothing_is_stored(client):
    assert ask(client, sent("toxicity=0.95")).json()["status"] == "REJECTED"
    with client.app.state.service.store.reading() as session:
        from sqlalchemy import text

        assert session.connection().execute(text("SELECT count(*) FROM comment")).scalar() == 0


CONTENT = json.dumps(sent(), indent=2).encode()


@pytest.mark.parametrize(
    "header",
    [
        pytest.param(signed(CONTENT, NEW), id="one"),
        pytest.param(signed(CONTENT, OLD), id="the old one"),
        pytest.param(f"{signed(CONTENT, 'empsec_x')},{signed(CONTENT, NEW)}", id="the second"),
        pytest.param(f"{signed(CONTENT, OLD)}, sha256=", id="the first, with a blank"),
        pytest.param(f"v2=\xff,{signed(CONTENT)}".encode("latin-1"), id="beside what is not ASCII"),
    ],
)
def test_any_signature_that_fits_is_enough(client, header):
    assert client.post(PATH, content=CONTENT, headers=[(signature.HEADER, header)]).status_code == 204


@pytest.mark.parametrize(
    "header",
    [
        pytest.param("", id="empty"),
        pytest.param(",,,", id="commas"),
        pytest.param("sha256=", id="no digits"),
        pytest.param(signed(CONTENT)[:-1], id="too short"),
        pytest.param(signed(CONTENT) + "0", id="too long"),
        pytest.param(signed(CONTENT).removeprefix("sha256="), id="no prefix"),
        pytest.param(signed(CONTENT).replace("sha256", "sha1"), id="another prefix"),
        pytest.param(signed(CONTENT, NEW.removeprefix("empsec_")), id="half the secret"),
        pytest.param(signed(CONTENT, ""), id="an empty secret"),
        pytest.param(signed(CONTENT + b" "), id="of another body"),
        pytest.param("sha256=\xff\xfe".encode("latin-1"), id="not ASCII"),
        pytest.param("sha256=٣".encode(), id="digits of another script"),
        pytest.param(None, id="none at all"),
    ],
)
def test_a_signature_that_does_not_fit_is_401(client, header):
    headers = [] if header is None else [(signature.HEADER, header)]
    refused = client.post(PATH, content=CONTENT, headers=headers)
    assert refused.status_code == 401
    assert refused.json()["code"] == "signature"
    assert NEW not in refused.text


def test_without_a_secret_everything_is_refused_and_the_log_says_so_once(client, secrets, caplog):
    secrets(" , ")
    with caplog.at_level(logging.WARNING, "moderation.api"):
        refused = [ask(client, sent(), secret=secret) for secret in ("", NEW)]
    assert [one.status_code for one in refused] == [401, 401]
    assert signature.VARIABLE in refused[0].json()["detail"]
    assert [record.message for record in caplog.records if "Coral" in record.message] == [
        "requests in Coral's form are refused: MODERATION_CORAL_SECRETS is not set"
    ]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        pytest.param(b"", 400, id="nothing"),
        pytest.param(b"{", 400, id="cut off"),
        pytest.param(b'{"a": NaN}', 400, id="NaN"),
        pytest.param(b"[" * 50_000, 400, id="nested without end"),
        pytest.param(b"\xff", 400, id="no UTF-8"),
        pytest.param({}, 422, id="an empty object"),
        pytest.param([], 422, id="a list"),
        pytest.param(None, 422, id="null"),
        pytest.param(sent(action="DELETE"), 422, id="another action"),
        pytest.param(sent(comment=None), 422, id="no comment"),
        pytest.param(sent(None), 422, id="no body"),
        pytest.param(sent(5), 422, id="a number for a body"),
        pytest.param(sent(comment={"body": "a", "parentID": 5}), 422, id="a number for a parent"),
        pytest.param(sent(author={"id": "a"}), 422, id="no role"),
        pytest.param(sent(story="a"), 422, id="a text for a story"),
    ],
)
def test_a_signed_body_of_another_form_is_refused(client, body, status):
    refused = ask(client, body)
    assert refused.status_code == status
    assert refused.headers["content-type"] == "application/problem+json"


def test_an_overload_is_503_at_once(client, monkeypatch):
    async def refuse(comment, gone):
        raise OverloadedError("more requests wait", retry_after_s=1)

    monkeypatch.setattr(client.app.state.service.checks, "ask", refuse)
    assert ask(client, sent()).status_code == 503


def test_another_method_is_405(client):
    assert client.get(PATH).status_code == 405


def test_hostile_markup_is_answered(client):
    for body in (
        "<" * 9000,
        "<a " * 9000,
        "<![foo[",
        "\0",
        "&#" + "9" * 5000 + ";",
        "\u202e\x1e",
        "&#xD800;",
    ):
        assert ask(client, sent(body)).status_code in {200, 204}
