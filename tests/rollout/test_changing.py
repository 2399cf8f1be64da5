"""Making rules live, going back, lifting the brake; on both databases."""

import pytest

from moderation.errors import RulesConflictError, UnknownRuleError, UnknownRulesetError
from moderation.rollout import make_live, release_rule, revert_to, rule_changes
from moderation.store import ChangeKind, RuleChanges, changes, live_change, remember_ruleset
from tests.rollout.sites import LINKS, MANY_LINKS, live, rules


def log(store):
    with store.reading() as session:
        return changes(session=session)


def test_the_log_says_who_did_what_and_why(store):
    live(rules(LINKS), store, message="first")
    live(rules(MANY_LINKS), store, by="bob", message="too strict")
    latest, first = log(store)
    assert (first.by, first.message, first.rules) == ("ann", "first", RuleChanges())
    assert (latest.by, latest.message, latest.kind) == ("bob", "too strict", ChangeKind.APPLY)
    assert latest.rules == RuleChanges(changed=("no-links",))
    with store.reading() as session:
        assert live_change(session=session) == latest


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param(rules(), rules(LINKS), RuleChanges(added=("no-links",)), id="added"),
        pytest.param(rules(LINKS), rules(), RuleChanges(removed=("no-links",)), id="removed"),
        pytest.param(rules(LINKS), rules(LINKS, locale="ko"), RuleChanges(), id="none"),
    ],
)
def test_which_rules_a_ruleset_changes(store, before, after, expected):
    live(before, store)
    assert rule_changes(after, store=store) == expected
    assert live(after, store).rules == expected


def test_what_is_live_is_not_made_live_again(store):
    live(rules(), store)
    assert live(rules(), store) is None
    assert len(log(store)) == 1


def test_somebody_elses_change_in_between_is_not_overrun(store):
    seen = live(rules(), store)
    live(rules(LINKS), store, by="bob")
    with pytest.raises(RulesConflictError, match="bob made"):
        make_live(rules(MANY_LINKS), store=store, by="ann", after=seen.id)
    assert len(log(store)) == 2


def test_going_back_is_an_entry_of_its_own(store):
    live(rules(), store)
    live(rules(LINKS), store)
    made = revert_to(rules().hash[:8], store=store, by="ann", message="oops")
    assert made
    assert (made.kind, made.ruleset, made.rules.removed) == (ChangeKind.REVERT, rules().hash, ("no-links",))
    assert len(log(store)) == 3
    assert revert_to(rules().hash, store=store, by="ann") is None


@pytest.mark.parametrize(
    ("prefix", "said"),
    [
        pytest.param("ab", "not the beginning", id="too-short"),
        pytest.param("xyzw", "not the beginning", id="no-hash"),
        pytest.param("%%%%", "not the beginning", id="wildcards"),
        pytest.param("ffff", "no stored ruleset", id="unknown"),
        pytest.param("abcd", "several rulesets", id="ambiguous"),
    ],
)
def test_a_hash_that_names_no_single_ruleset_is_refused(store, prefix, said):
    with store.transaction() as session:
        for end in "01":
            remember_ruleset("abcd" + end * 60, "version: 1\n", {}, session=session)
    with pytest.raises(UnknownRulesetError, match=said):
        revert_to(prefix, store=store, by="ann")


def test_releasing_what_is_not_held_does_nothing(store):
    live(rules(LINKS), store)
    assert release_rule("no-links", store=store, by="ann") is None
    with pytest.raises(UnknownRuleError) as caught:
        release_rule("no-link", store=store, by="ann")
    assert "no-links" in caught.value.hint
