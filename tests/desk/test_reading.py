"""What is known of a comment, its author and its thread; and appeals."""

from datetime import timedelta
from uuid import uuid4

import pytest

from moderation.desk import AppealAnswer, Revision, User
from moderation.domain import Action, Author, VerdictKind
from moderation.errors import AppealError, CommentNotFoundError, PermissionDeniedError
from tests.desk.support import ANN, BOB, EVE, queue, request
from tests.store.samples import NOON, comment, decision, new_row, save

UPHOLD, OVERTURN = AppealAnswer


def rejected(store, external_id="c-1"):
    return save(store, new_row(comment(external_id), decision(Action.REJECT)))[0].comment_id


def test_a_history_has_everything_in_order_of_time(store, desk):
    queue(store, 1)
    (card,) = desk.next_batch(ANN)
    desk.decide(ANN, request(card, VerdictKind.REJECT))
    appeal = desk.appeal(card.comment.id, "Why?")
    desk.answer_appeal(BOB, appeal.id, OVERTURN)
    (edited,) = queue(store, 1, revision=1)
    found = desk.history(card.comment.id)
    assert [item.comment.revision for item in found.revisions] == [0, 1]
    assert [item.comment_id for item in found.decisions] == [card.comment.id, edited.comment_id]
    assert [verdict.by for verdict in found.verdicts] == ["ann", "bob"]
    assert [item.answered_by for item in found.appeals] == ["bob"]
    assert found.published
    assert len(found.events) == 7
    assert isinstance(found.events[0], Revision) or found.events[0].created_at <= found.events[-1].created_at
    with pytest.raises(CommentNotFoundError):
        desk.history(999)


def test_an_appeal_is_answered_once_and_never_by_who_decided(store, desk):
    number = rejected(store)
    desk.judge(ANN, number, VerdictKind.REJECT)
    appeal = desk.appeal(number, "<b>Why?</b>\x00")
    assert desk.queue_counts().appeals == 1
    with pytest.raises(AppealError, match="open already"):
        desk.appeal(number, "Why??")
    with pytest.raises(PermissionDeniedError):
        desk.answer_appeal(ANN, appeal.id, UPHOLD)
    answered = desk.answer_appeal(BOB, appeal.id, UPHOLD, note="rude")
    assert (answered.message, answered.answer, answered.note) == ("<b>Why?</b>\x00", UPHOLD, "rude")
    assert not desk.history(number).published
    for again in (appeal.id, 999):
        with pytest.raises(AppealError, match="no open appeal"):
            desk.answer_appeal(EVE, again, OVERTURN)
    second = desk.appeal(number, "Please.")
    assert [item.id for item in desk.appeals()] == [second.id]
    assert [item.id for item in desk.appeals(answered=True)] == [appeal.id]


def test_an_appeal_that_is_overturned_publishes_the_comment(store, desk):
    number = rejected(store)
    appeal = desk.appeal(number, "Why?")
    desk.answer_appeal(ANN, appeal.id, OVERTURN)
    found = desk.history(number)
    assert found.published
    assert [(verdict.kind, verdict.by, verdict.reason) for verdict in found.verdicts] == [
        (VerdictKind.APPROVE, "ann", "appeal")
    ]
    with pytest.raises(AppealError, match="is published"):
        desk.appeal(number, "Again!")


def test_an_appeal_about_what_waits_for_an_admin_is_an_admins(store, desk):
    queue(store, 1)
    (card,) = desk.next_batch(ANN)
    desk.decide(ANN, request(card, VerdictKind.ESCALATE))
    appeal = desk.appeal(card.comment.id, "Why?")
    with pytest.raises(PermissionDeniedError):
        desk.answer_appeal(BOB, appeal.id, OVERTURN)
    assert desk.appeals() == [appeal]
    desk.answer_appeal(EVE, appeal.id, OVERTURN)
    assert desk.history(card.comment.id).published


def test_appeals_are_paged_by_number(store, desk):
    appeals = [desk.appeal(rejected(store, f"c-{n}"), "Why?").id for n in range(3)]
    assert [item.id for item in desk.appeals(size=2)] == appeals[:2]
    assert [item.id for item in desk.appeals(before=appeals[1])] == appeals[2:]


def test_an_authors_card_counts_each_comment_once(store, desk):
    ann = Author(id="u-7", name="Newer name")
    rows = [
        new_row(comment("a", author=Author(id="u-7", name="Old"), created_at=NOON), decision(Action.REJECT)),
        new_row(comment("a", "edited", author=Author(id="u-7"), revision=1), decision(Action.HOLD)),
        new_row(comment("b", author=ann, created_at=NOON + timedelta(hours=1)), decision(Action.REJECT)),
        new_row(comment("c", author=ann, created_at=NOON), decision()),
        new_row(comment("d", author=ann, created_at=NOON - timedelta(days=1)), decision(Action.REJECT)),
        new_row(comment("e", author=ann, site="other"), decision(Action.REJECT)),
        new_row(comment("f"), decision(Action.REJECT)),
    ]
    made = {
        row.comment.external_id: item.comment_id for row, item in zip(rows, save(store, *rows), strict=True)
    }
    desk.judge(ANN, made["b"], VerdictKind.APPROVE)
    desk.judge(ANN, made["c"], VerdictKind.REJECT)
    card = desk.author_card("default", "u-7")
    assert (card.name, card.comments, card.first_seen) == ("Newer name", 4, NOON - timedelta(days=1))
    assert card.by_action == {Action.HOLD: 1, Action.REJECT: 2, Action.APPROVE: 1}
    assert (card.approved, card.rejected, card.rejection_rate) == (1, 1, 0.5)
    assert [item.comment.external_id for item in card.last] == ["b", "c", "a", "d"]
    assert [verdict.comment_id for verdict in card.verdicts] == [made["c"], made["b"]]


def test_nothing_is_known_of_an_author_who_never_wrote(desk):
    card = desk.author_card("default", "nobody")
    assert (card.comments, card.name, card.rejection_rate, card.first_seen, list(card.last)) == (
        0,
        None,
        None,
        None,
        [],
    )


def test_a_thread_is_shown_around_a_comment(store, desk):
    rows = [
        new_row(comment(f"c-{n}", created_at=NOON + timedelta(minutes=n)), decision())
        for n in (3, 0, 5, 1, 4, 2)
    ]
    made = {
        row.comment.external_id: item.comment_id for row, item in zip(rows, save(store, *rows), strict=True)
    }
    save(
        store,
        new_row(comment("c-1", "edited", revision=1, created_at=NOON + timedelta(minutes=1)), decision()),
        new_row(comment("other", thread="article-2"), decision()),
        new_row(comment("elsewhere", site="other"), decision()),
    )
    around = desk.neighbours(made["c-3"], size=2)
    assert [(item.comment.external_id, item.comment.revision) for item in around] == [
        ("c-1", 1), ("c-2", 0), ("c-3", 0), ("c-4", 0), ("c-5", 0),
    ]  # fmt: skip
    (alone,) = save(store, new_row(comment("alone", thread=None), decision()))
    assert len(desk.neighbours(alone.comment_id)) == 1


def test_a_search_finds_text_numbers_and_ids(store, desk):
    texts = {"x-1": "100 % free_money", "x-2": "FREE money", "x-3": "nothing", "x-4": "돈이 최고야 ÄPFEL"}
    rows = [new_row(comment(name, text), decision()) for name, text in texts.items()]
    made = {
        row.comment.external_id: item.comment_id for row, item in zip(rows, save(store, *rows), strict=True)
    }

    def found(text, **options):
        return [item.comment.external_id for item in desk.search(text, **options).comments]

    assert found("free") == ["x-2", "x-1"]
    assert found("free_") == ["x-1"]
    assert found("0 %") == ["x-1"]
    assert found("최고") == ["x-4"]
    assert found("x-3") == ["x-3"]
    assert found(str(made["x-2"])) == ["x-2"]
    assert found("free", site="other") == []
    assert found("") == ["x-4", "x-3", "x-2", "x-1"]


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("Eine neue Größe", "GRÖSSE"),
        ("EINE NEUE GRÖSSE", "größe"),
        ("äpfel", "ÄPFEL"),
        ("Un ÉTÉ à Paris", "été"),
        ("un e\u0301te\u0301", "ÉTÉ"),
        ("ΟΔΥΣΣΕΥΣ", "Οδυσσευς"),
        ("Привет", "ПРИВЕТ"),
        ("ı\u0307stanbul 100 %", "STANBUL 100 %"),
        ("\ud800 Ünal", "ÜNAL"),
    ],
)
def test_a_search_folds_the_case_of_every_letter_alike_on_every_database(store, desk, written, wanted):
    save(store, new_row(comment("c-1", written), decision()), new_row(comment("c-2", "other"), decision()))
    assert [item.comment.text for item in desk.search(wanted).comments] == [written]


@pytest.mark.parametrize(("written", "wanted"), [("é", "e"), ("공", "고"), ("größer", "Grosse")])
def test_a_search_takes_no_other_letter_for_the_same(store, desk, written, wanted):
    save(store, new_row(comment("c-1", written), decision()))
    assert desk.search(wanted).comments == ()


def test_a_search_goes_on_where_the_page_before_ended(store, desk, monkeypatch):
    monkeypatch.setattr("moderation.store.comments.search.WINDOW", 3)
    save(store, *(new_row(comment(f"c-{n}", "odd" if n % 2 else "even"), decision()) for n in range(10)))
    seen, before = [], None
    while True:
        page = desk.search("odd", before=before, size=1)
        seen += [item.comment.external_id for item in page.comments]
        before = page.before
        if before is None:
            break
    assert seen == ["c-9", "c-7", "c-5", "c-3", "c-1"]


def test_an_id_that_several_sites_have_is_looked_for_in_texts_alone(store, desk):
    save(
        store, new_row(comment("same", site="a"), decision()), new_row(comment("same", site="b"), decision())
    )
    assert desk.search("same").comments == ()
    assert [item.comment.site for item in desk.search("same", site="a").comments] == ["a"]


def test_users_of_any_name_may_work(store, desk):
    queue(store, 1)
    odd = User("'; DROP TABLE --\ud800", ANN.role)
    (card,) = desk.next_batch(odd)
    assert desk.decide(odd, request(card, note=str(uuid4()))).verdict.by == odd.name
