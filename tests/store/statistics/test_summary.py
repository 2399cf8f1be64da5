from dataclasses import replace

from moderation.domain import Action, Reason
from moderation.store import summary
from tests.store.samples import comment, decision, new_row, save


def test_an_empty_database_counts_nothing(store):
    with store.reading() as session:
        assert summary(session=session).to_dict() == {
            "comments": 0,
            "by_action": {},
            "by_rule": {},
            "by_shadow_rule": {},
            "by_language": {},
            "queued": 0,
        }


def test_comments_are_counted_by_action_rule_and_language_most_frequent_first(store):
    twice = replace(
        decision(Action.HOLD, language="ko"),
        reasons=(
            Reason("many-links", Action.HOLD, "Links."),
            Reason("toxicity.insult", Action.FLAG, "Insult."),
            Reason("toxicity.insult", Action.FLAG, "Insult again."),
            Reason("odd\x00name", Action.FLAG, "Odd."),
        ),
    )
    rows = [decision(Action.APPROVE), decision(Action.APPROVE), decision(Action.FLAG), twice]
    save(store, *(new_row(comment(f"c-{n}"), row) for n, row in enumerate(rows)))
    with store.reading() as session:
        found = summary(session=session)
    assert found.comments == 4
    assert list(found.by_action.items()) == [("approve", 2), ("flag", 1), ("hold", 1)]
    assert next(iter(found.by_rule.items())) == ("toxicity.insult", 2)
    assert found.by_rule == {"toxicity.insult": 2, "many-links": 1, "odd\x00name": 1}
    assert list(found.by_language.items()) == [("en", 3), ("ko", 1)]
    assert found.queued == 2


def test_only_the_latest_decision_of_a_comment_counts(store):
    save(store, new_row(comment(), decision(Action.HOLD)))
    with store.transaction() as session:
        session.connection().exec_driver_sql(
            "INSERT INTO decision (comment_id, action, language, language_confidence, reasons, checks, scores,"
            " provenance, ruleset, created_at) SELECT comment_id, 'approve', 'ko', 1, '[]', checks, scores,"
            " provenance, ruleset, created_at FROM decision"
        )
    with store.reading() as session:
        found = summary(session=session)
    assert (found.comments, found.by_action, found.by_rule) == (1, {"approve": 1}, {})
    assert found.by_language == {"ko": 1}
