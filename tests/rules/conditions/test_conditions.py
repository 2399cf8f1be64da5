"""Conditions on all but text, by table."""

from datetime import datetime, timedelta

import pytest

from moderation.domain import Author, CheckResult, Comment, Outcome, Signal, SignalName, Span
from moderation.errors import RulesError
from moderation.rules import Ruleset
from tests.rules.facts import NOW, language, length, links, no_answer, ok, repeated, scores, words

OLD, YOUNG = Author("u", account_age=timedelta(days=9)), Author("u", account_age=timedelta(hours=1))


def reason(when, results=None, now=NOW, comment=None):
    source = (
        "version: 1\non_failure: {toxicity: approve, links: approve}\nword_lists: {slurs: a.txt}\n"
        f"rules: [{{name: mine, when: {when}, action: flag, moderators_exempt: false}}]"
    )
    ruleset = Ruleset.parse(source, files={"a.txt": "idiot"})
    weighed = ruleset.weigh(comment or Comment("text"), results or {}, now=now)
    return next((one for one in weighed.reasons if one.rule == "mine"), None)


def hosts(*names):
    found = (Signal(SignalName.LINK, name, spans=(Span(n, n + 1),)) for n, name in enumerate(names))
    return {"links": ok(*found)}


@pytest.mark.parametrize(
    ("when", "results", "fires"),
    [
        pytest.param("{links.domain: example.com}", hosts("example.com"), True, id="the domain"),
        pytest.param("{links.domain: [a.org, example.com]}", hosts("x.shop.example.com"), True, id="below it"),
        pytest.param("{links.domain: example.com}", hosts("notexample.com", "example.com.evil.org"), False, id="others"),
        pytest.param("{links.domain: '*.Example.COM'}", hosts("example.com"), True, id="written with a star"),
        pytest.param("{links.domain: 한국.kr}", hosts("xn--3e0b707e.kr"), True, id="in another alphabet"),
        pytest.param("{~links.domain: example.com}", hosts("a.org"), True, id="negated"),
        pytest.param("{~links.domain: example.com}", hosts("a.org", "example.com"), False, id="negated, one of two"),
        pytest.param("{~links.domain: example.com}", {}, False, id="not looked for"),
        pytest.param("{links.domain (includes): casino}", hosts("bestcasino7.com"), True, id="a part of a name"),
        pytest.param("{links.domain (regex): '\\d{3}'}", hosts("a.org", "bet365.com"), False, id="no word"),
        pytest.param("{\"links.domain (regex, includes)\": '\\d{3}'}", hosts("a.org", "bet365.com"), True, id="a pattern"),
        pytest.param("{body_longer_than: 5}", length(6), True, id="longer"),
        pytest.param("{body_longer_than: 5}", length(5), False, id="not longer"),
        pytest.param("{body_shorter_than: 5}", length(4), True, id="shorter"),
        pytest.param("{body_shorter_than: 5}", length(5), False, id="not shorter"),
        pytest.param("{body_shorter_than: 5}", {}, False, id="length unknown"),
        pytest.param("{language: [de, ~en]}", language("fr"), True, id="any but English"),
        pytest.param("{language: [de, ~en]}", language("en"), False, id="English"),
        pytest.param("{language: ~en}", language("und"), False, id="undetermined is not known to be another"),
        pytest.param("{language: [~en, und]}", language("und"), True, id="undetermined, asked for"),
        pytest.param("{language: [~en, ~und]}", language("und"), False, id="undetermined, refused"),
        pytest.param("{not: {language: [~en, ~ko]}}", language("ko"), True, id="neither nor, turned round"),
        pytest.param("{not: {language: ~en}}", language("und"), False, id="turned round, undetermined"),
        pytest.param("{language: en}", language("und"), False, id="undetermined is not known to be this one"),
        pytest.param("{not: {language: en}}", language("und"), False, id="nor not to be it"),
        pytest.param("{not: {language: [en, ko]}}", language("und"), False, id="nor to be none of them"),
        pytest.param("{not: {language: [en, und]}}", language("und"), False, id="turned round, asked for"),
        pytest.param("{not: {language: [en, und]}}", language("de"), True, id="turned round, known"),
        pytest.param("{not: {language: ~und}}", language("und"), True, id="not any known one"),
        pytest.param("{language_confidence: '< 0.7'}", language("en", 0.6), True, id="unsure"),
        pytest.param("{language_confidence: '< 0.7'}", language("en", 0.8), False, id="sure"),
        pytest.param("{language_confidence: '< 70 %'}", {}, False, id="confidence unknown"),
        pytest.param("{repeated: '>= 2 in 10 minutes'}", repeated(**{"author@600": 2}), True, id="repeated"),
        pytest.param("{repeated: '>= 2 in 10 minutes'}", repeated(author=9, **{"author@60": 9}), False, id="window not counted"),
        pytest.param("{repeated: {thread: '= 0 in 1 hour'}}", repeated(**{"thread@3600": 0}), True, id="never in the thread"),
        pytest.param("{repeated: {author: '> 0 in 1 h', thread: '> 1 in 1 h'}}", repeated(**{"author@3600": 1, "thread@3600": 1}), False, id="one of two"),
        pytest.param("{check_outcome: {toxicity: failed}}", no_answer("toxicity", Outcome.FAILED), True, id="failed"),
        pytest.param("{check_outcome: {toxicity: [failed, timed_out]}}", no_answer("toxicity", Outcome.TIMED_OUT), True, id="one of two outcomes"),
        pytest.param("{check_outcome: {toxicity: ok}}", no_answer("toxicity", Outcome.FAILED), False, id="another outcome"),
        pytest.param("{check_outcome: {toxicity: skipped, links: ok}}", {**links(0), "toxicity": CheckResult(Outcome.SKIPPED)}, True, id="two checks"),
        pytest.param("{check_outcome: {toxicity: ok}}", {}, False, id="no such result"),
        pytest.param("{not: {check_outcome: {toxicity: ok}}}", {}, False, id="no such result, turned round"),
        pytest.param("{words: slurs}", {}, False, id="words not looked for"),
        pytest.param("{not: {words: slurs}}", words(), True, id="no words"),
        pytest.param("{not: {words: slurs}}", {}, False, id="words unknown"),
        pytest.param("{any: [{links: '> 5'}, {links: '= 1'}]}", links(1), True, id="any"),
        pytest.param("{any: [{links: '> 5'}, {links: '= 2'}]}", links(1), False, id="none of any"),
        pytest.param("{any: [{scores: {toxicity: '> 0'}}, {links: '= 1'}]}", links(1), True, id="any with an unknown"),
        pytest.param("{not: {any: [{scores: {toxicity: '> 0'}}, {links: '> 5'}]}}", links(1), False, id="not any with an unknown"),
        pytest.param("{not: {any: [{links: '> 7'}, {links: '> 5'}]}}", links(1), True, id="not any"),
        pytest.param("{all: [{links: '> 0'}, {links: '< 2'}]}", links(1), True, id="all"),
        pytest.param("{all: [{links: '> 0'}, {links: '> 1'}]}", links(1), False, id="not all"),
        pytest.param("{not: {all: [{scores: {toxicity: '> 0'}}, {links: '> 5'}]}}", links(1), True, id="not all, one known"),
        pytest.param("{not: {not: {links: '= 1'}}}", links(1), True, id="not not"),
        pytest.param("{not: {scores: {toxicity: '> 0.5'}}}", scores(toxicity=0.4), True, id="not a score"),
        pytest.param("{not: {scores: {toxicity: '> 0.5'}}}", scores(insult=0.4), False, id="not an unknown score"),
    ],
)  # fmt: skip
def test_what_the_checks_found(when, results, fires):
    assert (reason(when, results) is not None) is fires


@pytest.mark.parametrize(
    ("when", "about", "fires"),
    [
        ("{is_top_level: true}", {"is_top_level": True}, True),
        ("{is_top_level: false}", {"is_top_level": True}, False),
        ("{is_top_level: false}", {}, False),
        ("{is_edited: true}", {"revision": 1}, True),
        ("{is_edited: false}", {}, True),
        ("{reports: 3}", {"reports": 4}, True),
        ("{reports: '= 3'}", {"reports": 4}, False),
        ("{reports: '>= 0'}", {}, False),
        ("{author: {is_moderator: true}}", {"author": Author("u", is_moderator=True)}, True),
        ("{author: {is_moderator: false}}", {"author": Author("u")}, False),
        ("{not: {author: {account_age: '< 3 days'}}}", {"author": OLD}, True),
        ("{not: {author: {account_age: '< 3 days'}}}", {"author": Author("u")}, False),
        ("{author: {account_age: '< 1 day', approved_comments: '< 3', satisfy_any_threshold: true}}", {"author": YOUNG}, True),
        ("{author: {account_age: '< 1 day', approved_comments: '< 3', satisfy_any_threshold: true}}", {"author": OLD}, False),
        ("{author: {account_age: '< 1 day', is_trusted: false, satisfy_any_threshold: true}}", {"author": YOUNG}, False),
        ("{author: {account_age: '< 1 day', approved_comments: '< 3'}}", {"author": YOUNG}, False),
        ("{author: {is_trusted: false, satisfy_any_threshold: true}}", {"author": Author("u", is_trusted=False)}, True),
    ],
)  # fmt: skip
def test_facts_that_come_with_the_comment(when, about, fires):
    assert (reason(when, comment=Comment("text", **about)) is not None) is fires


@pytest.mark.parametrize(
    ("time", "written", "fires"),
    [
        ('{after: "22:00", before: "06:00"}', "2026-11-25T22:00+00:00", True),
        ('{after: "22:00", before: "06:00"}', "2026-11-25T05:59+00:00", True),
        ('{after: "22:00", before: "06:00"}', "2026-11-25T06:00+00:00", False),
        ('{after: "09:00", before: "17:00"}', "2026-11-25T09:00+00:00", True),
        ('{after: "09:00", before: "17:00"}', "2026-11-25T17:00+00:00", False),
        ('{after: "22:00", before: "06:00", zone: Asia/Seoul}', "2026-11-25T14:00+00:00", True),
        ('{after: "22:00"}', "2026-11-25T23:00+00:00", True),
        ('{before: "06:00"}', "2026-11-25T23:00+00:00", False),
        ("{days: wed}", "2026-11-25T12:00+00:00", True),
        ("{days: [thu], zone: Asia/Seoul}", "2026-11-25T15:00+00:00", True),
        ("{days: [sat, sun]}", "2026-11-25T12:00+00:00", False),
        ("{days: [fri, sat], zone: Asia/Seoul}", "9999-12-31T23:59+00:00", False),
    ],
)
def test_when_it_was_written(time, written, fires):
    assert (reason(f"{{time: {time}}}", now=datetime.fromisoformat(written)) is not None) is fires


def test_evidence_and_spans_of_nested_conditions_are_joined():
    found = reason(
        "{any: [{links: '> 0'}, {scores: {toxicity: '> 0.9'}}, {scores: {toxicity: '> 0.1'}}], is_edited: false}",
        {**links(2), **scores(toxicity=0.5)},
    )
    assert found.evidence == {"is_edited": False, "links": 2, "toxicity": 0.5}
    assert found.spans == (Span(0, 5), Span(10, 15))


@pytest.mark.parametrize(
    ("when", "hint"),
    [
        ('{after: "22:00", zone: KST}', "did you mean `Asia/Seoul`?"),
        ('{after: "22:00", zone: GMT+9}', "did you mean `Asia/Seoul`?"),
        ('{after: "22:00", zone: UTC+09:00}', "did you mean `Asia/Seoul`?"),
        ('{after: "22:00", zone: "+0900"}', "did you mean `Asia/Seoul`?"),
        ('{after: "22:00", zone: gmt-5}', "did you mean `America/New_York`?"),
        ('{after: "22:00", zone: UTC+5:30}', "did you mean `Asia/Kolkata`?"),
        ('{after: "22:00", zone: IST}', "did you mean `Asia/Kolkata`?"),
        ('{after: "22:00", zone: BST}', "did you mean `Europe/London`?"),
        ('{after: "22:00", zone: edt}', "did you mean `America/New_York`?"),
        ('{after: "22:00", zone: GMT+15}', "write a place, such as `Asia/Seoul`, or `UTC`"),
        ('{after: "22:00", zone: XYZ}', "write a place, such as `Asia/Seoul`, or `UTC`"),
        ('{after: "22:00", zone: new york}', "did you mean `America/New_York`?"),
        ('{after: "22:00", zone: Asia/Soul}', "did you mean `Asia/Seoul`?"),
        ('{after: "9:00"}', 'write the hour with two digits: "09:00"'),
        ('{before: "24:00"}', 'write "00:00": the day begins and ends there'),
        ('{before: "25:00"}', 'write hours and minutes: "22:00"'),
        ('{before: "9am"}', 'write hours and minutes: "22:00"'),
    ],
)
def test_the_hint_for_a_time_is_one_that_is_meant(when, hint):
    with pytest.raises(RulesError) as error:
        Ruleset.parse(f"version: 1\nrules: [{{name: night, action: hold, when: {{time: {when}}}}}]\n")
    assert f"hint: {hint}" in str(error.value)
