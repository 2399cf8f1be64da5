"""Which rules decide, and how they are exchanged; looked at step by step, without the thread."""

import logging
import threading

import pytest

from moderation import Action, Moderator
from moderation.errors import ModelError, RulesError, StoreError
from moderation.rollout import LiveRules, open_rules, revert_to, sources
from moderation.rollout import follower as follower_module
from moderation.rollout import live as following
from moderation.rules import Ruleset
from moderation.store import Store
from tests.rollout.sites import BASE, LINKS, link, live, rules, rules_text
from tests.support import scorers

BROKEN = "version: 1\nlenght: {max: 3}\n"
NO_SUCH_MODEL = "version: 1\nlanguage: false\ntoxicity: {model: ./not-here}\n"


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    """Ask and try again whenever a test looks."""
    monkeypatch.setattr(sources, "ASK_EVERY_S", 0)
    monkeypatch.setattr(following, "RETRY_S", 0)
    monkeypatch.setattr(following, "_EFFORT", 0)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "rules.yaml"
    path.write_text(rules_text())
    return path


@pytest.fixture
def opened():
    """Open what decides; nothing looks but the test."""
    made: list[LiveRules] = []

    def _open(*args, **options):
        made.append(open_rules(*args, follow=False, **options))
        return made[-1]

    yield _open
    for each in made:
        each.close()


def decides(followed):
    return followed.pipeline.ruleset.hash


def look_twice(followed):
    """Look until a file that was changed has been the same at two looks."""
    followed.look()
    followed.look()


def test_a_file_that_changes_decides_once_it_has_stopped_changing(file, opened):
    followed = opened(file)
    first = decides(followed)
    file.write_text(rules_text(LINKS))
    followed.look()
    assert decides(followed) == first
    followed.look()
    assert decides(followed) == rules(LINKS).hash


def test_a_file_that_stays_is_not_read_again(file, opened, monkeypatch):
    followed = opened(file)
    monkeypatch.setattr(Ruleset, "load", None)
    look_twice(followed)
    assert followed.problem is None


@pytest.mark.parametrize(
    "written",
    [
        pytest.param(BROKEN, id="a-mistake"),
        pytest.param("", id="empty"),
        pytest.param(rules_text(LINKS)[:-10], id="in-the-middle-of-a-rule"),
        pytest.param(rules_text(LINKS + " # and why")[:-4], id="in-the-middle-of-a-remark"),
        pytest.param("\x00\x01", id="no-text"),
    ],
)
def test_a_broken_or_half_written_file_changes_nothing_and_is_reported_once(file, opened, written, caplog):
    followed = opened(file)
    first = decides(followed)
    file.write_text(written)
    with caplog.at_level(logging.ERROR, "moderation.rollout"):
        for _ in range(4):
            followed.look()
    assert decides(followed) == first
    assert isinstance(followed.problem, RulesError)
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    file.write_text(rules_text(LINKS))
    look_twice(followed)
    assert decides(followed) == rules(LINKS).hash
    assert followed.problem is None


def test_a_broken_file_that_is_put_back_is_no_problem_any_more(file, opened):
    followed = opened(file)
    file.write_text(BROKEN)
    look_twice(followed)
    assert followed.problem
    file.write_text(rules_text())
    look_twice(followed)
    assert followed.problem is None


def test_a_file_that_is_taken_away_changes_nothing(file, opened):
    followed = opened(file)
    file.unlink()
    look_twice(followed)
    assert isinstance(followed.problem, RulesError)
    assert decides(followed) == rules().hash


def test_a_file_that_never_ended_in_a_line_end_need_not(file, opened):
    file.write_text(BASE.rstrip("\n"))
    followed = opened(file)
    file.write_text(BASE.rstrip("\n") + "\nlocale: ko")
    look_twice(followed)
    assert followed.problem is None
    assert followed.pipeline.ruleset.config.locale == "ko"


def test_a_word_list_that_changes_changes_the_rules(file, opened):
    words = file.with_name("words.txt")
    words.write_text("gnome\n")
    rule = "{name: no-gnomes, when: {words: w}, action: hold}"
    file.write_text(rules_text(rule, word_lists="{w: words.txt}"))
    followed = opened(file)
    first = decides(followed)
    words.write_text("gnome\ntroll\n")
    look_twice(followed)
    assert decides(followed) != first
    words.write_text("gno")
    look_twice(followed)
    assert isinstance(followed.problem, RulesError)
    assert "words.txt ends in the middle of a line" in str(followed.problem)


def test_a_file_that_comes_into_an_included_folder_counts(file, opened):
    folder = file.with_name("more")
    folder.mkdir()
    (folder / "a.yaml").write_text("rules:\n- {name: a, when: {links: '> 5'}, action: hold}\n")
    file.write_text(BASE + "include: [more/*.yaml]\n")
    followed = opened(file)
    (folder / "b.yaml").write_text(f"rules:\n- {LINKS}\n")
    look_twice(followed)
    assert [rule.name for rule in followed.pipeline.ruleset.config.rules] == ["a", "no-links"]


def test_what_is_made_live_decides_and_the_file_is_a_draft(store, file, opened):
    followed = opened(file, store=store)
    live(rules(LINKS), store)
    followed.look()
    assert decides(followed) == rules(LINKS).hash
    file.write_text(BROKEN)
    look_twice(followed)
    assert (decides(followed), followed.problem) == (rules(LINKS).hash, None)


def test_going_back_decides_too(store, opened):
    live(rules(), store)
    live(rules(LINKS), store)
    followed = opened(None, store=store)
    revert_to(rules().hash[:12], store=store, by="ann")
    followed.look()
    assert decides(followed) == rules().hash


def test_the_live_version_wins_over_a_file_and_says_so(store, file, opened, caplog):
    live(rules(LINKS), store)
    with caplog.at_level(logging.WARNING, "moderation.rollout"):
        assert decides(opened(file, store=store)) == rules(LINKS).hash
    assert rules(LINKS).hash[:12] in caplog.text
    assert "is but a draft" in caplog.text


@pytest.mark.parametrize("broken", [False, True])
def test_a_file_that_is_the_same_or_broken_is_mentioned_only_if_it_differs(
    store, file, opened, caplog, broken
):
    live(rules(), store)
    if broken:
        file.write_text(BROKEN)
    opened(file, store=store)
    assert ("is but a draft" in caplog.text) is broken


def test_a_ruleset_that_is_given_decides_for_good(store, opened):
    live(rules(LINKS), store)
    followed = opened(rules(), store=store)
    followed.look()
    assert decides(followed) == rules().hash


def test_a_model_that_is_not_there_changes_nothing_until_it_is(store, opened, caplog, tmp_path):
    live(rules(), store)
    followed = opened(None, store=store)
    live(Ruleset.parse(NO_SUCH_MODEL), store)
    look_twice(followed)
    assert decides(followed) == rules().hash
    assert isinstance(followed.problem, ModelError)
    assert caplog.text.count("the rules stay as they are") == 1
    live(rules(LINKS), store)
    followed.look()
    assert decides(followed) == rules(LINKS).hash
    assert followed.problem is None


def test_a_process_that_starts_takes_the_latest_that_it_can_use(store, opened):
    live(rules(LINKS), store)
    live(Ruleset.parse(NO_SUCH_MODEL), store)
    followed = opened(None, store=store)
    assert decides(followed) == rules(LINKS).hash
    assert isinstance(followed.problem, ModelError)


def test_a_process_that_can_use_nothing_does_not_start(store, opened):
    live(Ruleset.parse(NO_SUCH_MODEL), store)
    with pytest.raises(ModelError):
        opened(None, store=store)


def test_a_database_that_is_gone_changes_nothing(tmp_path, sqlite_url, file, opened):
    with Store.open(sqlite_url) as store:
        live(rules(LINKS), store)
        followed = opened(file, store=store)
        database = tmp_path / "moderation.db"
        database.rename(tmp_path / "away.db")
        followed.look()
        assert isinstance(followed.problem, StoreError)
        assert decides(followed) == rules(LINKS).hash
        (tmp_path / "away.db").rename(database)
        followed.look()
        assert followed.problem is None


def test_a_bug_in_looking_is_logged_and_changes_nothing(file, opened, monkeypatch, caplog):
    followed = opened(file)
    monkeypatch.setattr(sources.FileSource, "newest", None)
    followed.look()
    assert "could not be looked for" in caplog.text
    assert decides(followed) == rules().hash


def test_the_same_model_is_not_loaded_again(tmp_path, opened):
    path = tmp_path / "rules.yaml"
    path.write_text("version: 1\n")
    followed = opened(path)
    scorer, detector = followed.pipeline.scorer, followed.pipeline.detector
    path.write_text("version: 1\nlength: {max: 200}\n")
    look_twice(followed)
    assert followed.pipeline.ruleset.config.length.max == 200
    assert followed.pipeline.scorer is scorer
    assert followed.pipeline.detector is detector


def test_a_draft_is_tried_beside_what_decides_with_the_model_that_is_loaded(opened):
    text = "version: 1\nlanguage: false\n"
    followed = opened(Ruleset.parse(text), scorer=scorers.calm())
    first, scorer = decides(followed), followed.pipeline.scorer
    draft = Ruleset.parse(f"{text}rules:\n- {LINKS}\n")
    with followed.trying(draft) as pipeline:
        assert pipeline.decide([link(1)])[0].action is Action.REJECT
        assert pipeline.scorer is scorer
    assert not scorer.closed
    assert decides(followed) == first


def test_the_model_of_a_draft_alone_is_closed_after_the_trial(opened, monkeypatch):
    own = scorers.calm()
    monkeypatch.setattr("moderation.pipeline.open_scorer", lambda *_, **__: own)
    followed = opened(rules())
    with followed.trying(Ruleset.parse("version: 1\nlanguage: false\n")) as pipeline:
        assert pipeline.scorer is own
        assert not own.closed
    assert own.closed


def test_what_began_with_the_old_rules_ends_with_them_and_their_model_is_then_closed(store, opened):
    old, new = scorers.calm(), scorers.calm()
    text = "version: 1\nlanguage: false\n"
    followed = opened(Ruleset.parse(text), scorer=old)
    with followed.use() as deciding:
        from moderation.pipeline import Pipeline
        from moderation.rollout.brake import Brake
        from moderation.rollout.live import Deciding

        ruleset = Ruleset.parse(text + "locale: ko\n")
        pipeline = Pipeline(ruleset, detector=None, scorer=new)
        followed._exchange(Deciding(pipeline, Brake(ruleset)))
        assert followed.pipeline is pipeline
        assert deciding.pipeline.ruleset.hash == Ruleset.parse(text).hash
        closed = [old.closed]
    closed += [old.closed, new.closed]
    assert closed == [False, True, False]


def test_shadow_hits_are_recorded_apart_and_never_act(store, database_url):
    from moderation.public_form import decision_to_dict
    from moderation.store import summary

    shadow = LINKS.replace("action", "status: shadow, action")
    with Moderator.open(rules(shadow), database=database_url) as moderator:
        decision = moderator.submit(link(1))
    assert (decision.action, decision.reasons) == (Action.APPROVE, ())
    document = decision_to_dict(decision)
    assert [reason["rule"] for reason in document["shadow"]] == ["no-links"]
    with store.reading() as session:
        counted = summary(session=session)
    assert (counted.by_rule, counted.by_shadow_rule) == ({}, {"no-links": 1})


def test_a_moderator_follows_by_itself_and_stops_when_it_is_closed(file):
    before = threading.active_count()
    with Moderator.open(file) as moderator:
        first = moderator.pipeline.ruleset.hash
        file.write_text(rules_text(LINKS))
        waited = threading.Event()
        for _ in range(600):
            if moderator.pipeline.ruleset.hash != first:
                break
            waited.wait(0.05)
        assert moderator.pipeline.ruleset.hash == rules(LINKS).hash
        assert moderator.rules_problem is None
    assert threading.active_count() == before


def test_a_moderator_that_nobody_closed_leaves_no_thread(file, monkeypatch):
    import gc

    monkeypatch.setattr(follower_module, "LOOK_EVERY_S", 0.01)
    moderator = Moderator.open(file)
    follower = moderator._rules._follower
    assert follower
    thread = follower._thread
    del follower
    del moderator
    gc.collect()
    thread.join(30)
    assert not thread.is_alive()
