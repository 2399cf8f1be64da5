"""What moderators decided, as it is stored."""

from uuid import uuid4

from sqlalchemy import text

from moderation.domain import Action, Reason, Verdict, VerdictKind
from moderation.store import NewRow, add_verdict, standing_verdicts, text_hash, verdicts_of
from tests.store.samples import comment, decision, save


def verdict(kind, **fields):
    return Verdict(kind, "ann", text_hash("Well said."), str(uuid4()), **fields)


def test_a_verdict_comes_back_as_it_was_given(store):
    (stored,) = save(store, NewRow(comment(), decision()))
    given = verdict(
        VerdictKind.REJECT, reason="insult", note="\ud800 see #4", batch=str(uuid4()), seconds=3.5
    )
    with store.transaction() as session:
        added = add_verdict(stored.comment_id, given, session=session)
    with store.reading() as session:
        assert verdicts_of(stored.comment_id, session=session) == [added]
    assert (added.note, added.reason, added.seconds, added.by) == ("\ud800 see #4", "insult", 3.5, "ann")
    assert added.created_at.tzinfo is not None


def test_the_latest_final_verdict_that_nobody_took_back_stands(store):
    one, two, three = save(store, *(NewRow(comment(f"c-{n}"), decision()) for n in range(3)))
    with store.transaction() as session:
        add_verdict(one.comment_id, verdict(VerdictKind.APPROVE), session=session)
        wrong = add_verdict(one.comment_id, verdict(VerdictKind.REJECT), session=session)
        add_verdict(one.comment_id, verdict(VerdictKind.UNDO, undoes=wrong.id), session=session)
        add_verdict(two.comment_id, verdict(VerdictKind.REJECT, blind=True), session=session)
        add_verdict(two.comment_id, verdict(VerdictKind.SKIP), session=session)
    with store.reading() as session:
        found = standing_verdicts([one.comment_id, two.comment_id, three.comment_id], session=session)
    assert {number: item.kind for number, item in found.items()} == {one.comment_id: VerdictKind.APPROVE}


def test_every_rule_that_fired_is_a_hit_once(store):
    from dataclasses import replace

    made = decision(Action.HOLD)
    made = replace(made, reasons=made.reasons * 2, shadow=(Reason("try-out", Action.REJECT, "No."),))
    (stored,) = save(store, NewRow(comment(), made))
    with store.reading() as session:
        hits = session.connection().execute(text("SELECT rule, action, shadow FROM rule_hit ORDER BY id"))
        assert [tuple(hit) for hit in hits] == [("toxicity.insult", "hold", 0), ("try-out", "reject", 1)]
        assert stored.shadow[0].rule == "try-out"
