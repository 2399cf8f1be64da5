"""Which rules look at a comment, what approval overrules, the brake, and what is left out."""

from datetime import UTC, datetime, timedelta

import pytest

from moderation.domain import Action, Author, Comment
from moderation.rules import Ruleset, Severity, check_rules
from moderation.rules.weighing.own import sampled
from tests.rules.facts import NOW, comment, language, length, links, scores

MODERATOR = Author("m", is_moderator=True)


def ruleset(*rules):
    return Ruleset.parse("version: 1\nrules:\n" + "".join(f"  - {{{rule}}}\n" for rule in rules))


def linked(name="mine", action="hold", extra="", when='{links: "> 0"}'):
    return f"name: {name}, when: {when}, action: {action}{extra and ', '}{extra}"


def weigh(rules, results=None, about=None, now=NOW, **options):
    return rules.weigh(about or comment(), results or links(1), now=now, **options)


def names(reasons):
    return [reason.rule for reason in reasons]


@pytest.mark.parametrize(
    ("status", "live", "shadow"),
    [("draft", [], []), ("shadow", [], ["mine"]), ("live", ["mine"], []), ("retired", [], [])],
)
def test_a_rule_is_weighed_as_its_status_says(status, live, shadow):
    weighed = weigh(ruleset(linked(extra=f"status: {status}")))
    assert (names(weighed.reasons), names(weighed.shadow)) == (live, shadow)
    assert weighed.action is (Action.HOLD if live else Action.APPROVE)


def test_rules_in_the_shadow_come_strongest_first_and_promise_nothing():
    weighed = weigh(
        ruleset(linked("a", "flag", "status: shadow"), linked("b", "reject", "status: shadow"), linked("c"))
    )
    assert names(weighed.shadow) == ["b", "a"]
    assert all("published" not in reason.message for reason in weighed.shadow)


@pytest.mark.parametrize(
    ("written", "fires"),
    [
        (datetime(2026, 12, 31, 23, 59, tzinfo=UTC), True),
        (datetime(2027, 1, 1, tzinfo=UTC), False),
        (datetime.fromisoformat("2027-01-01T08:59+09:00"), True),
    ],
)
def test_a_rule_is_off_from_the_start_of_the_day_it_expires(written, fires):
    rules = ruleset(linked(extra="expires: 2027-01-01"))
    assert bool(weigh(rules, now=written).reasons) is fires


@pytest.mark.parametrize(("today", "warned"), [("2026-12-31", False), ("2027-01-01", True)])
def test_an_expired_rule_is_warned_about(tmp_path, today, warned):
    path = tmp_path / "rules.yaml"
    path.write_text(
        "version: 1\nrules:\n  - {" + linked(extra="expires: 2027-01-01") + "}\n", encoding="utf-8"
    )
    problems = check_rules(path, today=datetime.fromisoformat(today).date())[1]
    assert [problem.severity for problem in problems] == [Severity.WARNING] * warned


@pytest.mark.parametrize(
    ("extra", "action", "author", "fires"),
    [
        ("", "hold", MODERATOR, False),
        ("", "hold", Author("u", is_moderator=False), True),
        ("", "hold", None, True),
        ("moderators_exempt: false", "hold", MODERATOR, True),
        ("priority: 1", "approve", MODERATOR, True),
        ("priority: 1, moderators_exempt: true", "approve", MODERATOR, False),
    ],
)
def test_moderators_are_exempt_unless_the_rule_says_otherwise(extra, action, author, fires):
    rules = ruleset(linked(action=action, extra=extra))
    assert bool(weigh(rules, about=Comment("text", author=author)).reasons) is fires


def test_a_sample_takes_its_share_and_the_same_comments_each_time():
    rules = ruleset(linked(extra="sample: 10 %"))
    taken = [
        number
        for number in range(2000)
        if weigh(rules, about=Comment("text", external_id=str(number), revision=number % 3)).reasons
    ]
    assert 150 < len(taken) < 250
    again = Comment("another text", external_id=str(taken[0]), revision=9)
    assert weigh(rules, about=again).reasons


def test_a_sample_depends_on_site_comment_and_rule():
    places = {
        sampled(Comment("a"), "r"),
        sampled(Comment("b"), "r"),
        sampled(Comment("a"), "s"),
        sampled(Comment("a", site="other"), "r"),
        sampled(Comment("a", external_id="a1"), "r"),
        sampled(Comment("\ud800"), "r"),
    }
    assert len(places) == 6
    assert all(0 <= place < 1 for place in places)
    assert not weigh(ruleset(linked(extra="sample: 0"))).reasons


FINDINGS = {**length(), **links(1), **language("de"), **scores(insult=0.7)}
"""Fires language.unexpected (hold) and toxicity.insult (flag)."""


@pytest.mark.parametrize(
    ("priorities", "standing", "overruled"),
    [
        pytest.param((10, 0), ["ok"], ["language.unexpected", "mine", "toxicity.insult"], id="all below"),
        pytest.param((10, 10), ["mine", "ok"], ["language.unexpected", "toxicity.insult"], id="equal stays"),
        pytest.param((10, 11), ["mine", "ok"], ["language.unexpected", "toxicity.insult"], id="higher stays"),
        pytest.param((0, -1), ["language.unexpected", "toxicity.insult", "ok"], ["mine"], id="below nought"),
        pytest.param(
            (0, 0), ["language.unexpected", "mine", "toxicity.insult", "ok"], [], id="nothing below"
        ),
    ],
)
def test_approval_overrules_lower_priorities(priorities, standing, overruled):
    own, other = priorities
    rules = ruleset(linked("ok", "approve", f"priority: {own}"), linked("mine", "hold", f"priority: {other}"))
    weighed = weigh(rules, FINDINGS)
    assert names(weighed.reasons) == standing
    assert weighed.reasons[-1].evidence["overruled"] == overruled
    assert weighed.action is (Action.APPROVE if standing == ["ok"] else Action.HOLD)


def test_approval_never_overrules_the_box():
    weighed = weigh(ruleset(linked("ok", "approve", "priority: 99")), {**FINDINGS, **length(999)})
    assert names(weighed.reasons) == ["length.too_long", "ok"]
    assert weighed.action is Action.REJECT


def test_of_several_approving_rules_each_names_what_it_overruled():
    rules = ruleset(
        linked("ok", "approve", "priority: 1"),
        linked("fine", "approve", "priority: 5"),
        linked("mine", extra="priority: 3"),
    )
    weighed = weigh(rules)
    assert {reason.rule: reason.evidence["overruled"] for reason in weighed.reasons} == {
        "ok": [],
        "fine": ["mine"],
    }


def test_approval_in_the_shadow_overrules_nothing():
    rules = ruleset(linked("ok", "approve", "priority: 9, status: shadow"), linked())
    weighed = weigh(rules)
    assert (names(weighed.reasons), names(weighed.shadow)) == (["mine"], ["ok"])


def test_a_rule_under_the_brake_holds_and_says_so():
    rules = ruleset(linked("a", "reject"), linked("b", "flag"))
    (braked, other) = weigh(rules, muted={"a", "b"}).reasons
    assert (braked.rule, braked.action, braked.evidence) == ("a", Action.HOLD, {"links": 1, "braked": True})
    assert "A moderator will look at it" in braked.message
    assert (other.action, other.evidence) == (Action.FLAG, {"links": 1})


def test_a_built_in_rule_can_be_braked_and_left_out():
    rules = Ruleset.parse("version: 1")
    results = scores(toxicity=0.99)
    assert weigh(rules, results, muted={"toxicity.toxicity"}).action is Action.HOLD
    assert weigh(rules, results, without={"toxicity.toxicity"}).reasons == ()


def test_a_rule_that_is_left_out_neither_acts_nor_approves_nor_shadows():
    rules = ruleset(linked("a", "approve", "priority: 1"), linked("b"), linked("c", extra="status: shadow"))
    weighed = weigh(rules, without={"a", "c"})
    assert (names(weighed.reasons), weighed.shadow) == (["b"], ())


def test_what_automoderator_calls_actions_is_understood():
    rules = ruleset(linked("a", "remove"), linked("b", "filter"), linked("c", "report"), linked("d", "spam"))
    assert [rule.action.value for rule in rules.config.rules] == ["reject", "hold", "flag", "reject"]


def test_rules_are_asked_in_their_order_whatever_they_look_for():
    rules = ruleset(
        linked("c", when="{body: text}"),
        linked("b"),
        linked("a", when="{body: text}"),
        linked("d", when="{body: x}"),
    )
    assert names(weigh(rules).reasons) == ["c", "b", "a"]


def test_an_account_age_is_said_in_the_words_of_the_rule():
    rules = ruleset(linked(when='{author: {account_age: "< 3 days"}}', extra='explain: "Wait {{limit}}."'))
    about = Comment("x", author=Author("u", account_age=timedelta(days=1)))
    assert weigh(rules, about=about).reasons[0].message == "Wait 3 days."
