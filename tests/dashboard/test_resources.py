"""What the server shares is opened as the environment says."""

from inspect import unwrap

from dashboard import resources
from moderation.desk import VerdictRequest
from moderation.desk.people import User
from moderation.domain import Action, Role, VerdictKind
from moderation.settings import Settings
from tests.store.samples import comment, decision, new_row, save


def test_the_share_of_second_reviews_is_a_setting(store, monkeypatch):
    """With a share of 1, what one moderator decided waits for the next, unseen verdict and all."""
    monkeypatch.setattr(resources, "settings", lambda: Settings(second_review=1))
    monkeypatch.setattr(resources, "store", lambda: store)
    desk = unwrap(resources.desk)()
    save(store, new_row(comment("c-1"), decision(Action.HOLD)))
    (card,) = desk.next_batch(User("ann", Role.MODERATOR))
    asked = VerdictRequest(
        uid="00000000-0000-4000-8000-000000000001",
        kind=VerdictKind.APPROVE,
        item=card.item,
        version=card.version,
        text_hash=card.text_hash,
    )
    assert desk.decide(User("ann", Role.MODERATOR), asked).saved
    assert not desk.next_batch(User("ann", Role.MODERATOR))
    (again,) = desk.next_batch(User("bob", Role.MODERATOR))
    assert again.blind
