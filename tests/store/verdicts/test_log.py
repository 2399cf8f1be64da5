"""What moderators decided, as it is stored."""

from uuid import uuid4

from sqlalchemy import text

from moderation.domain import Action, Reason, Verdict, VerdictKind
from moderation.store import NewRow, add_verdict, standing_verdicts, text_hash, verdicts_of
from tests.store.samples import comment, decision, save


def saved(store, *decisions):
    """Store a comment with each decision, and return their numbers."""
    rows = [NewRow(comment(f"c-{place}"), made) for place, made in enumerate(decisions)]
    return [stored.comment_id or 0 for stored in save(store, *rows)]


def verdict(kind, **fields):
    return Verdict(kind, "ann", text_hash("Well said."), str(uuid4()), **fields)


def test_a_verdict_comes_back_as_it_was_given(store):
    (number,) = saved(store, decision())
    given = verdict(
        VerdictKind.REJECT, reason="insult", note="\ud800 see #4", batch=str(uuid4()), seconds=3.5
    )
    with store.transaction() as session:
        added = add_verdict(number, given, session=session)
    with store.reading() as session:
        assert verdicts_of(number, session=session) == [added]
    assert (added.note, added.reason, added.seconds, added.by) == ("\ud800 see #4", "insult", 3.5, "ann")
    assert added.created_at is not None
    assert added.created_at.tzinfo is not None


def test_the_latest_final_verdict_that_nobody_took_back_stands(store):
    one, two, three = saved(store, *[decision()] * 3)
    with store.transaction() as session:
        add_verdict(one, verdict(VerdictKind.APPROVE), session=session)
        wrong = add_verdict(one, verdict(VerdictKind.REJECT), session=session)
        add_verdict(one, verdict(VerdictKind.UNDO, undoes=wrong.id), session=session)
        add_verdict(two, verdict(VerdictKind.REJECT, blind=True), session=session)
        add_verdict(two, verdict(VerdictKind.SKIP), session=session)
    with store.reading() as session:
        found = standing_verdicts([one, two, three], session=session)
    assert {number: item.kind for number, item in found.items()} == {one: VerdictKind.APPROVE}


def test_every_rule_that_fired_is_a_hit_once(store):
    from dataclasses import replace

    made = decision(Action.HOLD)
    made = replace(made, reasons=made.reasons * 2, shadow=(Reason("try-out", Action.REJECT, "No."),))
    (stored,) = save(store, NewRow(comment(), made))
    with store.reading() as session:
        hits = session.connection().execute(text("SELECT rule, action, shadow FROM rule_hit ORDER BY id"))
        assert [tuple(hit) for hit in hits] == [("toxicity.insult", "hold", 0), ("try-out", "reject", 1)]
        assert stored.shadow[0].rule == "try-out"
