"""The same decision again: from another folder, with another environment, and long after."""

import json
import sqlite3
from contextlib import closing
from dataclasses import fields
from pathlib import Path

import pytest

import moderation.scoring
from moderation import Comment, Moderator, Provenance
from moderation.backtest.replay import replay_decision
from moderation.cli.rules.naming import ruleset_named
from moderation.errors import UnknownModelError
from moderation.public_form import decision_to_dict
from moderation.scoring.folder import MANIFEST, read_manifest, write_manifest
from moderation.settings import settings
from moderation.store import Store, get_comment
from tests.support import scorers

EMBEDDED = Path(moderation.scoring.__file__).parent / "weights" / "compact"
RULES = """version: 1
toxicity:
  model: models/mine
word_lists:
  own: lists/own.txt
rules:
  - name: own-words
    when: {words: own}
    action: hold
"""
TEXT = "You are a zurbelig idiot"


@pytest.fixture
def site(tmp_path, monkeypatch):
    """A folder with rules.yaml, a word list and a model of its own; the working directory."""
    folder = tmp_path / "site"
    (folder / "models").mkdir(parents=True)
    (folder / "lists").mkdir()
    (folder / "models" / "mine").symlink_to(EMBEDDED, target_is_directory=True)
    (folder / "lists" / "own.txt").write_text("zurbelig\n", encoding="utf-8")
    (folder / "rules.yaml").write_text(RULES, encoding="utf-8")
    monkeypatch.chdir(folder)
    yield folder
    settings.cache_clear()


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path / 'moderation.db'}"


@pytest.fixture
def submitted(site, url):
    """A decision of the site, made where its relative paths lead somewhere."""
    with Moderator.open("rules.yaml", database=url) as moderator:
        return moderator.submit(Comment(TEXT, external_id="c-1"))


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """Another folder to work in, and another environment."""
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    monkeypatch.setenv("MODERATION_MODELS_DIR", str(tmp_path / "no models"))
    monkeypatch.setenv("MODERATION_THREADS", "1")
    monkeypatch.setenv("MODERATION_WINDOW", "16")
    settings.cache_clear()


def replayed(url, folder=None):
    with Store.open(url) as store:
        with store.reading() as session:
            stored = get_comment("c-1", session=session)
        assert stored
        return replay_decision(stored, store=store, folder=folder)


def said(decision):
    """All that a decision says, but for how long it took."""
    document = decision_to_dict(decision)
    for check in document["checks"].values():
        del check["ms"]
    return json.dumps(document)


def change_provenance(url, change):
    """Write other provenance into the database: how it was stored once, or on another machine."""
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection, connection:
        ((text,),) = connection.execute("SELECT provenance FROM decision")
        connection.execute("UPDATE decision SET provenance = ?", [json.dumps(change(json.loads(text)))])


@pytest.mark.usefixtures("elsewhere")
def test_a_replay_elsewhere_gives_the_same_bytes(submitted, url):
    assert [reason.rule for reason in submitted.reasons if reason.rule == "own-words"]
    outcome = replayed(url)
    assert outcome.differences == outcome.changed_provenance == ()
    assert said(outcome.again) == said(submitted)
    assert outcome.again.provenance == submitted.provenance


def test_a_replay_says_which_model_is_missing_and_takes_the_folder_where_it_is_now(
    submitted, site, url, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    site.rename(tmp_path / "moved")
    with pytest.raises(UnknownModelError) as caught:
        replayed(url)
    assert submitted.provenance.model in caught.value.what
    assert str(site / "models" / "mine") in caught.value.what
    assert "--folder" in caught.value.hint
    assert replayed(url, tmp_path / "moved").differences == ()


def test_other_files_at_the_same_place_are_said_though_the_weights_are_the_same(submitted, site, url):
    mine = site / "models" / "mine"
    mine.unlink()
    mine.mkdir()
    for file in EMBEDDED.iterdir():
        if file.name != MANIFEST:
            (mine / file.name).symlink_to(file)
    manifest = read_manifest(EMBEDDED)
    write_manifest(mine, manifest.model_copy(update={"languages": (*manifest.languages, "xx")}))
    (line,) = replayed(url).changed_provenance
    assert line.startswith(f"model_files was {submitted.provenance.model_files}, is ")


@pytest.mark.usefixtures("submitted")
def test_decisions_of_before_are_replayed_from_the_working_directory(url):
    later = {"model_files", "folder", "runtime"}
    change_provenance(url, lambda item: {name: said for name, said in item.items() if name not in later})
    outcome = replayed(url)
    assert outcome.stored.provenance.runtime == ""
    assert outcome.differences == outcome.changed_provenance == ()


@pytest.mark.usefixtures("submitted")
def test_of_the_runtime_what_changed_is_said(url):
    change_provenance(url, lambda item: item | {"runtime": item["runtime"].replace("unicode ", "unicode 9")})
    (line,) = replayed(url).changed_provenance
    assert line.startswith("runtime was unicode 9")
    assert line.count("unicode") == 2
    assert "tokenizers" not in line


@pytest.mark.usefixtures("submitted")
def test_other_rules_that_fire_are_a_difference(url):
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection, connection:
        connection.execute("UPDATE decision SET reasons = '[]'")
    (line,) = replayed(url).differences
    assert line.startswith("rules that fired were none, are own-words (hold)")


def test_the_record_names_what_scores_depend_on(submitted):
    made = submitted.provenance
    assert all(getattr(made, field.name) for field in fields(Provenance))
    for name in ("python", "unicode", "regex", "google-re2", "publicsuffixlist", "tokenizers"):
        assert f"{name} " in made.runtime


def test_a_named_model_and_anybody_s_scorer_need_no_folder(url):
    with Moderator.open(database=url, scorer=scorers.calm()) as moderator:
        made = moderator.check(Comment("hello there")).provenance
    assert (made.model_files, made.folder) == ("", "")
    assert made.runtime


def test_a_stored_ruleset_that_is_named_by_its_hash_finds_its_model(
    submitted, site, url, monkeypatch, tmp_path
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MODERATION_RULES", str(site / "rules.yaml"))
    settings.cache_clear()
    with Store.open(url) as store:
        assert ruleset_named(submitted.provenance.ruleset[:12], store).folder == site
