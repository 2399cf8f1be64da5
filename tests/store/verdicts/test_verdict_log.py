"""What moderators decided, as it is stored."""

from uuid import uuid4

from sqlalchemy import text

from moderation.domain import Action, Reason, VerdictKind
from moderation.store import standing_verdicts
from moderation.store.verdicts.verdict_log import add_verdicts, verdicts_of
from tests.store.samples import comment, decision, new_row, save, verdict


def saved(store, *decisions):
    """Store a comment with each decision, and return their numbers."""
    rows = [new_row(comment(f"c-{place}"), made) for place, made in enumerate(decisions)]
    return [stored.comment_id for stored in save(store, *rows)]


def test_a_verdict_comes_back_as_it_was_given(store):
    (number,) = saved(store, decision())
    given = verdict(
        number, VerdictKind.REJECT, reason="insult", note="\ud800 see #4", batch=str(uuid4()), seconds=3.5
    )
    with store.transaction() as session:
        (added,) = add_verdicts([given], session=session)
    with store.reading() as session:
        assert verdicts_of(number, session=session) == [added]
    assert (added.note, added.reason, added.seconds, added.by) == ("\ud800 see #4", "insult", 3.5, "ann")
    assert added.created_at.tzinfo is not None


def test_the_latest_final_verdict_that_nobody_took_back_stands(store):
    one, two, three = saved(store, *[decision()] * 3)
    with store.transaction() as session:
        given = [verdict(one, VerdictKind.APPROVE), verdict(one, VerdictKind.REJECT)]
        _, wrong = add_verdicts(given, session=session)
        rest = [
            verdict(one, VerdictKind.UNDO, undoes=wrong.id),
            verdict(two, VerdictKind.REJECT, blind=True),
            verdict(two, VerdictKind.SKIP),
        ]
        add_verdicts(rest, session=session)
    with store.reading() as session:
        found = standing_verdicts([one, two, three], session=session)
    assert {number: item.kind for number, item in found.items()} == {one: VerdictKind.APPROVE}


def test_every_rule_that_fired_is_a_hit_once(store):
    from dataclasses import replace

    made = decision(Action.HOLD)
    made = replace(made, reasons=made.reasons * 2, shadow=(Reason("try-out", Action.REJECT, "No."),))
    (stored,) = save(store, new_row(comment(), made))
    with store.reading() as session:
        hits = session.connection().execute(text("SELECT rule, action, shadow FROM rule_hit ORDER BY id"))
        assert [tuple(hit) for hit in hits] == [("toxicity.insult", "hold", 0), ("try-out", "reject", 1)]
        assert stored.shadow[0].rule == "try-out"
