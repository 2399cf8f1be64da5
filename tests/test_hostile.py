"""Whatever a comment contains, it is decided, stored and read back exactly."""

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from moderation import Comment, Moderator
from moderation.pipeline import Pipeline
from moderation.rules import Ruleset
from moderation.store import Store, get_comment
from tests.support import scorers
from tests.support.laws import examples

PAYLOADS = {
    "script": "<script>window.__xss='script'</script>",
    "img_onerror": "<img src=x onerror=\"window.__xss='img'\">",
    "svg": "<svg onload=\"window.__xss='svg'\"></svg>",
    "iframe": "<iframe srcdoc=\"<script>parent.__xss='iframe'</script>\"></iframe>",
    "style": "<style>body{background:red}</style><form action=http://127.0.0.1:9/f><input name=p></form>",
    "markdown_image": "![p](http://127.0.0.1:9/track.png)",
    "markdown_link": "[click](javascript:window.__xss=1) [ok](http://evil.example/)",
    "autolink": "http://evil.example/auto www.evil2.example",
    "colour": ":red[RED] :blue-background[x] :material/delete: :+1: :streamlit:",
    "latex": "$$\\href{javascript:window.__xss=1}{x}$$ $x^2$",
    "heading": "# BIG\n\n- list\n\n> q\n\n```\ncode\n```",
    "bidi": "abc \u202e evil \u202c def \u0000 zalgo Z\u0351\u036b",
    "terminal": "\x1b[31mred\x1b[0m \x1b]8;;http://evil.example\x07link\x1b]8;;\x07",
    "sql": "'; DROP TABLE comment; --",
    "formula": '=HYPERLINK("http://evil.example","x")',
    "lone_surrogate": "half a \ud83d pair \udc00",
    "nul": "a\x00b",
    "noncharacter": "\uffff\ufffe\U0010ffff",
    "zalgo": "Z" + "\u0351\u036b\u0321" * 500,
    "json": '{"text": "x"}\n{"text": "y"}',
    "template": "{{match}} {limit} %s %(x)s ${HOME}",
}


@pytest.fixture(scope="module")
def moderator(tmp_path_factory):
    path = tmp_path_factory.mktemp("hostile") / "moderation.db"
    with Store.open(f"sqlite:///{path}") as store:
        yield Moderator(Pipeline.open(Ruleset.default()), store), store


def stored_text(store, comment_id):
    with store.reading() as session:
        found = get_comment(comment_id, session=session)
    assert found is not None
    return found.comment.text


def assert_sound(decision, text):
    for reason in decision.reasons:
        assert all(0 <= span.start < span.end <= len(text) for span in reason.spans)
    assert all(0 <= score <= 1 for score in decision.scores.values())


@pytest.mark.parametrize("name", PAYLOADS)
def test_a_hostile_comment_is_decided_and_kept_as_written(moderator, name):
    text = PAYLOADS[name]
    submitting, store = moderator
    decision = submitting.submit(Comment(text, external_id=name))
    assert_sound(decision, text)
    assert all(check.outcome.value in {"ok", "not_covered", "skipped"} for check in decision.checks.values())
    assert stored_text(store, decision.comment_id) == text


@examples(150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_categories=()), max_size=400))
def test_any_text_is_decided(moderator, text):
    decision = moderator[0].check(Comment(text))
    assert_sound(decision, text)
    assert "failed" not in {check.outcome.value for check in decision.checks.values()}


LONG = 200_000
"""Letters; what takes time by the square of them would take minutes."""


@pytest.mark.slow
@pytest.mark.parametrize(
    "unit",
    [
        pytest.param("\u0351", id="marks"),
        pytest.param("a.b.", id="dots"),
        pytest.param("http://", id="schemes"),
        pytest.param("f ", id="letters-apart"),
        pytest.param("\u200b", id="zero-width"),
        pytest.param("@", id="symbols"),
    ],
)
@pytest.mark.no_cover
def test_a_very_long_text_is_decided_even_where_the_rules_allow_it(unit, tmp_path):
    text = "Z" + unit * (LONG // len(unit))
    rules = tmp_path / "rules.yaml"
    rules.write_text(
        "version: 1\nlength: {max: 100000, max_bytes: 9000000}\nword_lists: {words: 'builtin:words_en'}\n"
        "rules: [{name: words, when: {words: words}, action: hold}]\n"
    )
    with Moderator.open(rules, scorer=scorers.calm()) as moderator:
        decision = moderator.check(Comment(text))
    assert "failed" not in {check.outcome.value for check in decision.checks.values()}
