"""Coral's settings as rules."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.domain import Action
from moderation.errors import ImportFileError
from moderation.importers.coral import import_coral
from moderation.rules import Ruleset

SETTINGS = {
    "locale": "de-DE",
    "moderation": "PRE",
    "premodLinksEnable": True,
    "charCount": {"enabled": True, "min": 3, "max": 1500},
    "wordList": {"banned": ["Trottel", "trottel", "f*ck", "#x", "halt's  maul"], "suspect": "nazi\nidiot\n"},
    "integrations": {
        "akismet": {"enabled": True},
        "perspective": {"enabled": True, "threshold": 0.85, "model": "SEVERE_TOXICITY@2", "doNotStore": True},
    },
    "recentCommentHistory": {"enabled": True, "timeFrame": 604800, "triggerRejectionRate": 0.3},
    "newCommenters": {"premodEnabled": True, "approvedCommentsThreshold": 2},
}


def imported(**changes):
    return import_coral(json.dumps({**SETTINGS, **changes}))


def config_of(result):
    return Ruleset.parse(result.source, files=result.files).config


def test_settings_become_a_ruleset():
    result = imported()
    config = config_of(result)
    assert {rule.name: rule.action for rule in config.rules} == {
        "banned-words": Action.REJECT,
        "suspect-words": Action.FLAG,
        "new-commenters": Action.HOLD,
        "recent-history": Action.HOLD,
        "links": Action.HOLD,
        "pre-moderation": Action.HOLD,
    }
    assert result.live == len(config.rules)
    assert (config.locale, config.length.min, config.length.max) == ("de", 3, 1500)
    assert config.language
    assert (config.language.expected, config.language.unexpected) == (("de",), Action.APPROVE)
    assert config.toxicity
    assert {name: levels.hold for name, levels in config.toxicity.thresholds.items()} == {
        "severe_toxicity": 0.85
    }


def test_words_become_lists_without_what_a_list_can_not_hold():
    result = imported()
    assert result.files["lists/banned.txt"].splitlines()[1:] == ["Trottel", "halt's maul"]
    assert result.files["lists/suspect.txt"].splitlines()[1:] == ["nazi", "idiot"]
    left_out = [note.message for note in result.notes if note.about == "wordList.banned"]
    assert len(left_out) == 2
    assert left_out[0].startswith("`f*ck` was left out")


def test_suspect_words_wait_where_coral_let_them_wait():
    rules = {rule.name: rule.action for rule in config_of(imported(premoderateSuspectWords=True)).rules}
    assert rules["suspect-words"] is Action.HOLD


@pytest.mark.parametrize(
    ("perspective", "attribute", "threshold"),
    [
        ({"enabled": True}, "toxicity", 0.8),
        ({"enabled": True, "threshold": 65, "model": "PROFANITY"}, "obscene", 0.65),
        ({"enabled": True, "threshold": 0.5, "model": "ATTACK_ON_AUTHOR"}, "toxicity", 0.5),
    ],
    ids=["defaults", "percent", "no equivalent"],
)
def test_perspectives_threshold_becomes_one_of_ours(perspective, attribute, threshold):
    toxicity = config_of(imported(integrations={"perspective": perspective})).toxicity
    assert toxicity
    assert {name: levels.hold for name, levels in toxicity.thresholds.items()} == {attribute: threshold}


def test_what_was_off_stays_off():
    result = import_coral('{"data": {"settings": {"wordList": {"banned": [], "suspect": null}}}}')
    config = config_of(result)
    assert (config.rules, config.toxicity, config.length.max) == ((), None, 100_000)
    assert {note.about for note in result.notes} == {"charCount", "integrations.perspective"}


def test_what_has_no_equivalent_is_listed():
    result = imported(
        integrations={"akismet": {"enabled": True}, "external": {"phases": [{}]}},
        emailDomainModeration=[{"domain": "x.com"}],
        locale="tlh",
    )
    about = {note.about for note in result.notes}
    assert {
        "integrations.akismet.enabled",
        "integrations.external.phases",
        "emailDomainModeration",
        "locale",
    } <= about


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"settings": {"locale": "en"}}', "[" * 100_000])
def test_what_is_none_of_corals_settings_is_refused(text):
    with pytest.raises(ImportFileError) as error:
        import_coral(text)
    assert error.value.hint


scalars = st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8)
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3), max_leaves=4)


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "locale": values,
            "moderation": values,
            "charCount": st.dictionaries(st.sampled_from(["enabled", "min", "max"]), values),
            "wordList": st.dictionaries(st.sampled_from(["banned", "suspect"]), values),
            "integrations": st.dictionaries(
                st.just("perspective"),
                st.dictionaries(st.sampled_from(["enabled", "threshold", "model"]), values),
            ),
            "recentCommentHistory": st.dictionaries(
                st.sampled_from(["enabled", "timeFrame", "triggerRejectionRate"]), values
            ),
            "newCommenters": st.dictionaries(
                st.sampled_from(["premodEnabled", "approvedCommentsThreshold"]), values
            ),
        },
    )
)
def test_whatever_the_settings_hold_the_rules_can_be_used(settings):
    settings.setdefault("wordList", {})
    result = import_coral(json.dumps(settings))
    Ruleset.parse(result.source, files=result.files)
