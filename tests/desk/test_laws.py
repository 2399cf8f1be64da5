"""What holds whatever moderators do, in whatever order."""

from uuid import UUID

import hypothesis.strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from sqlalchemy import text
from typing_extensions import override

from moderation.desk import Desk, VerdictStatus
from moderation.domain import VerdictKind
from moderation.store import Store
from tests.desk.support import ANN, BOB, EVE, Clock, queue, request
from tests.support.laws import examples

PEOPLE = st.sampled_from([ANN, BOB, EVE])
KINDS = st.sampled_from([VerdictKind.APPROVE, VerdictKind.REJECT, VerdictKind.ESCALATE, VerdictKind.SKIP])
COMMENTS = 6


class Shift(RuleBasedStateMachine):
    """Three people at one desk. What each was shown is remembered: they may decide it late."""

    def __init__(self):
        super().__init__()
        self.clock = Clock()
        self.store = Store.open("sqlite://")
        self.desk = Desk(self.store, clock=self.clock, second_review=0.5)
        self.shown = []
        self.sent = []
        self.verdicts = 0
        queue(self.store, COMMENTS)

    @override
    def teardown(self):
        self.store.close()

    @rule(person=PEOPLE, size=st.integers(1, 4))
    def take(self, person, size):
        cards = self.desk.next_batch(person, size=size)
        assert len(cards) <= size
        now = self.clock.now
        assert {(card.leased_by, (card.leased_until or now) > now) for card in cards} <= {(person.name, True)}
        assert person.is_admin or not any(card.escalated for card in cards)
        self.shown += [(person, card) for card in cards]

    @rule(data=st.data(), kind=KINDS)
    def decide(self, data, kind):
        if self.shown:
            person, card = data.draw(st.sampled_from(self.shown))
            asked = request(card, kind, uid=str(UUID(int=len(self.sent) + 1)))
            result = self.desk.decide(person, asked)
            self.sent.append((person, asked, result))
            self.verdicts += result.status is VerdictStatus.APPLIED

    @rule(data=st.data())
    def send_again(self, data):
        if self.sent:
            person, asked, result = data.draw(st.sampled_from(self.sent))
            if result.saved:
                again = self.desk.decide(person, asked)
                assert (again.status, again.verdict) == (VerdictStatus.REPEATED, result.verdict)

    @rule(person=PEOPLE, number=st.integers(1, 1000))
    def undo(self, person, number):
        results = self.desk.undo(person, uid=str(UUID(int=number + 1000)))
        self.verdicts += sum(result.status is VerdictStatus.APPLIED for result in results)

    @rule(person=PEOPLE)
    def leave(self, person):
        self.desk.release(person)

    @rule(minutes=st.integers(1, 90))
    def wait(self, minutes):
        self.clock.forward(minutes=minutes)

    @invariant()
    def nothing_is_lost_and_nothing_deleted(self):
        with self.store.reading() as session:
            connection = session.connection()
            items = connection.execute(text("SELECT count(*) FROM queue_item")).scalar_one()
            stored = connection.execute(text("SELECT count(*) FROM verdict")).scalar_one()
        assert (items, stored) == (COMMENTS, self.verdicts)

    @invariant()
    def a_comment_waits_or_is_settled(self):
        """Its item says what its verdicts say."""
        with self.store.reading() as session:
            rows = session.connection().execute(text(STATE)).all()
        for comment, status, escalated, blind, standing, effective in rows:
            waits = status == "pending" and not blind
            assert waits == (standing is None or effective == "escalate"), (
                comment,
                status,
                standing,
                effective,
            )
            assert escalated == 0 or effective is not None


STATE = """
SELECT comment_id, status, escalated, blind,
  (SELECT kind FROM verdict v WHERE v.comment_id = q.comment_id AND NOT v.blind AND kind IN ('approve', 'reject')
   AND NOT EXISTS (SELECT 1 FROM verdict u WHERE u.undoes = v.id) ORDER BY id DESC LIMIT 1),
  (SELECT kind FROM verdict v WHERE v.comment_id = q.comment_id AND NOT v.blind
   AND kind IN ('approve', 'reject', 'escalate')
   AND NOT EXISTS (SELECT 1 FROM verdict u WHERE u.undoes = v.id) ORDER BY id DESC LIMIT 1)
FROM queue_item q
"""

TestShift = Shift.TestCase
TestShift.settings = examples(15, stateful_step_count=25)
