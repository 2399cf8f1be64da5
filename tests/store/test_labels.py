"""Labels: stored as they were said, on both databases, or refused on both."""

from dataclasses import fields
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from moderation.domain import ATTRIBUTES
from moderation.errors import InvalidCommentError
from moderation.store.comments.rows import PAGE
from moderation.store.comments.storable import MAX_ID_BYTES
from moderation.store.labels import MAX_LANGUAGE_BYTES, NewLabel, add_labels, labels
from tests.store.samples import HOSTILE_TEXTS, NOON
from tests.store.strategies import ANY_TEXT
from tests.support.laws import examples

SPAN = {"attribute": "insult", "begin": 4, "end": 9, "score": 0.5}
SCORES = st.dictionaries(st.sampled_from(ATTRIBUTES), st.floats(0, 1) | st.sampled_from([0, 1]), min_size=1)
SPANS = st.lists(
    st.builds(
        lambda attribute, begin, length, score: {
            "attribute": attribute,
            "begin": begin,
            "end": begin + length,
            "score": score,
        },
        st.sampled_from(ATTRIBUTES),
        st.integers(0, 9),
        st.integers(0, 9),
        st.floats(0, 1),
    ),
    max_size=3,
)
TEXTS = ANY_TEXT.map(lambda text: text + "." * 18)  # that have room for any such span


def label(text="You are an idiot", **values):
    known = {"site": "news", "scores": {"toxicity": 0.9}, "source": "api", "by": "coral"}
    return NewLabel(text=text, **(known | values))


def save(store, *new, now=NOON):
    with store.transaction() as session:
        return add_labels(new, now, session=session)


def everything(store, **which):
    with store.reading() as session:
        return list(labels(session=session, **which))


def said(one):
    return {field.name: getattr(one, field.name) for field in fields(NewLabel)}


def test_a_label_is_read_back_as_it_was_said(store):
    new = label(external_id="c-1", language="pt-BR", spans=[SPAN], scores={"toxicity": 1, "insult": 0})
    stored = save(store, new, label("again"), now=NOON + timedelta(seconds=1))
    assert everything(store) == stored
    assert said(stored[0]) == said(new)
    assert [one.id for one in stored] == [1, 2]
    assert stored[0].created_at == NOON + timedelta(seconds=1)
    assert save(store) == []


@pytest.mark.parametrize("text", HOSTILE_TEXTS.values(), ids=HOSTILE_TEXTS)
def test_any_text_is_kept_exactly(store, text):
    save(store, label(text, external_id=text[:99] or None, language=text[:9], by=text[:99]))
    (found,) = everything(store)
    assert (found.text, found.by, found.language) == (text, text[:99], text[:9])


@given(st.lists(st.builds(label, TEXTS, scores=SCORES, spans=st.none() | SPANS, by=ANY_TEXT), max_size=3))
@examples(30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_taken_comes_back_in_order(store, new):
    before = max((one.id for one in everything(store)), default=0)
    assert save(store, *new) == everything(store, after=before)
    assert [said(one) for one in everything(store, after=before)] == [said(one) for one in new]


def test_more_than_a_page_is_read_by_number_and_attribute(store):
    save(
        store,
        *(
            label(f"text {n}", scores={"insult" if n % 2 else "toxicity": 0.5, "threat": 0.1})
            for n in range(2 * PAGE + 3)
        ),
    )
    assert [one.text for one in everything(store)] == [f"text {n}" for n in range(2 * PAGE + 3)]
    odd = everything(store, attribute="insult", after=PAGE)
    assert [one.text for one in odd] == [f"text {n}" for n in range(PAGE + 1, 2 * PAGE + 3, 2)]
    assert everything(store, attribute="obscene") == []


@pytest.mark.parametrize(
    ("values", "field"),
    [
        pytest.param({"text": b"bytes"}, "text", id="bytes"),
        pytest.param({"text": None}, "text", id="no-text"),
        pytest.param({"site": ""}, "site", id="no-site"),
        pytest.param({"site": "x" * (MAX_ID_BYTES + 1)}, "site", id="long-site"),
        pytest.param({"external_id": 7}, "external_id", id="a-number-for-an-id"),
        pytest.param({"external_id": ""}, "external_id", id="empty-id"),
        pytest.param({"language": "x" * (MAX_LANGUAGE_BYTES + 1)}, "language", id="long-language"),
        pytest.param({"source": None}, "source", id="no-source"),
        pytest.param({"by": None}, "by", id="nobody"),
        pytest.param({"scores": {}}, "scores", id="nothing-said"),
        pytest.param({"scores": [0.5]}, "scores", id="a-list"),
        pytest.param({"scores": {"TOXICITY": 0.5}}, "scores", id="a-name-of-Perspective"),
        pytest.param({"scores": {"toxicity": 1.5}}, "scores", id="more-than-1"),
        pytest.param({"scores": {"toxicity": -0.1}}, "scores", id="less-than-0"),
        pytest.param({"scores": {"toxicity": float("nan")}}, "scores", id="nan"),
        pytest.param({"scores": {"toxicity": True}}, "scores", id="a-flag"),
        pytest.param({"scores": {"toxicity": "0.5"}}, "scores", id="a-word"),
        pytest.param({"scores": {"toxicity": Decimal("0.5")}}, "scores", id="a-decimal"),
        pytest.param({"spans": "abc"}, "spans", id="text-for-spans"),
        pytest.param({"spans": [{}]}, "spans", id="empty-span"),
        pytest.param({"spans": [SPAN | {"end": 3}]}, "spans", id="ends-before-it-begins"),
        pytest.param({"spans": [SPAN | {"end": 10**5000}]}, "spans", id="ends-beyond-the-text"),
        pytest.param({"spans": [SPAN | {"begin": 0.5}]}, "spans", id="half-a-letter"),
        pytest.param({"spans": [SPAN | {"score": 2}]}, "spans", id="score-of-a-span"),
        pytest.param({"spans": [SPAN | {"attribute": []}]}, "spans", id="attribute-of-a-span"),
        pytest.param({"spans": [SPAN] * 10_001}, "spans", id="too-many-spans"),
    ],
)
def test_what_a_database_can_not_take_is_refused_and_nothing_is_stored(store, values, field):
    with pytest.raises(InvalidCommentError, match=f"a label's {field} ") as refused:
        save(store, label(), label(**values))
    assert "idiot" not in str(refused.value)
    assert everything(store) == []
