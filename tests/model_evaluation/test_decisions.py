"""What a ruleset does with toxic and with harmless comments, counted by hand."""

import numpy as np

from moderation.domain import Action
from moderation.model_evaluation.decisions import action_shares, decide, through
from moderation.pipeline import Pipeline
from moderation.rules import Ruleset
from tests.support.scorers import FakeScorer

LABELS = np.array([1.0, 0.5, 1.0, 0.0, 0.2, np.nan])
ACTIONS = [Action.REJECT, Action.HOLD, Action.APPROVE, Action.HOLD, Action.FLAG, Action.REJECT]
GROUPS = ["threat", "threat", "insult", "plain", "plain", "plain"]


def test_shares_are_those_counted_by_hand():
    found = action_shares(ACTIONS, LABELS, GROUPS)
    assert list(found) == ["", "insult", "plain", "threat"]
    everything = found[""]
    assert everything["toxic"]["comments"] == 3
    assert everything["toxic"]["held_or_rejected"] == 2 / 3
    assert everything["toxic"]["reject"] == everything["toxic"]["approve"] == 1 / 3
    assert everything["harmless"]["comments"] == 2
    assert everything["harmless"]["held_or_rejected"] == everything["harmless"]["flag"] == 1 / 2
    assert found["threat"]["toxic"]["held_or_rejected"] == 1.0
    assert found["threat"]["harmless"]["held_or_rejected"] is None
    assert found["plain"]["harmless"]["comments"] == 2


def test_every_comment_is_decided_by_itself_and_by_every_check():
    told: list[int] = []
    pipeline = Pipeline.open(
        Ruleset.default(), scorer=FakeScorer(lambda text: 0.99 if "idiot" in text else 0.01)
    )
    texts = [
        "You are an idiot and a liar",
        "a.com b.com c.com are links",
        "Thank you for the article",
        "",
    ] * 20
    actions, scores = decide(texts, pipeline, told.append)
    assert actions == [Action.REJECT, Action.HOLD, Action.APPROVE, Action.REJECT] * 20
    np.testing.assert_allclose(scores[:3], [0.99, 0.01, 0.01])
    assert sum(told) == len(texts)


def test_what_no_model_scored_ranks_below_all_others():
    scores = np.array([0.9, np.nan, 0.2, 0.1, np.nan, np.nan])
    assert through(scores, LABELS) == {"roc_auc": 4.5 / 6, "not_scored": 2}
    everything = through(np.nan_to_num(scores, nan=0.15), LABELS)
    assert everything == {"roc_auc": 5.5 / 6, "not_scored": 0}
