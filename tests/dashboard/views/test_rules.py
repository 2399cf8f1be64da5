"""The rules page: read by moderators, changed by admins."""

from dashboard import resources
from moderation.desk import Role
from moderation.domain import Action
from moderation.moderator import Moderator
from moderation.pipeline import Pipeline
from moderation.rollout import make_live
from moderation.rules import Ruleset
from moderation.store import (
    BrakeKind,
    add_brake_event,
    brake_events,
    changes,
    load_ruleset,
    newest_versions,
)
from tests.dashboard.views.conftest import RULES, press
from tests.store.samples import comment, decision, new_row, save
from tests.support import scorers

STRICTER = RULES.replace("hold: 0.8", "hold: 0.7")


def log(store):
    with store.reading() as session:
        return changes(session=session)


def previewed(page, text):
    page.text_area[0].input(text)
    return press(page, "Check and preview")


def test_a_moderator_reads_the_rules_and_changes_nothing(open_page):
    page = open_page("rules")
    assert not page.exception
    assert page.code[0].value == RULES.strip()
    assert not page.text_area
    assert not page.button


def test_an_admin_previews_a_draft_and_makes_it_live(open_page, site):
    page = previewed(open_page("rules", Role.ADMIN), STRICTER)
    assert not page.error
    next(field for field in page.text_input if field.label == "Why, for the log").input("milder did not do")
    page = press(page, "Make it live")
    assert not page.exception
    (change,) = log(site)
    assert (change.by, change.message) == ("ann", "milder did not do")


def test_a_draft_with_errors_can_not_be_made_live(open_page, site):
    page = previewed(open_page("rules", Role.ADMIN), RULES.replace("toxicity:", "toxicty:", 1))
    assert "unknown key `toxicty`" in "".join(block.value for block in page.code)
    assert "Make it live" not in {button.label for button in page.button}
    assert not log(site)


def test_a_draft_whose_example_fails_can_not_be_made_live(open_page, site):
    tested = RULES.replace("action: hold}", "action: hold, examples: {match: [no link here]}}")
    page = previewed(open_page("rules", Role.ADMIN), tested)
    assert "Make it live" not in {button.label for button in page.button}
    assert any("1 failed" in element.value for element in page.text)


def test_a_draft_that_was_changed_since_has_to_be_looked_at_again(open_page):
    page = previewed(open_page("rules", Role.ADMIN), STRICTER)
    page.text_area[0].input(RULES).run()
    assert "Make it live" not in {button.label for button in page.button}


def test_a_draft_of_several_files_is_looked_at_and_made_live_as_a_whole(
    open_page, site, tmp_path, monkeypatch
):
    files = {
        "rules.yaml": "version: 1\nextends: base.yaml\ninclude: lists/*.yaml\n",
        "base.yaml": RULES,
        "lists/words.yaml": "word_lists: {insults: insults.txt}\n"
        "rules:\n  - {name: insults, when: {words: insults}, action: hold}\n",
        "lists/insults.txt": "fool\n",
    }
    (tmp_path / "lists").mkdir()
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    moderator = Moderator(Pipeline.open(Ruleset.load(tmp_path / "rules.yaml"), scorer=scorers.calm()), site)
    monkeypatch.setattr(resources, "moderator", lambda: moderator)
    page = previewed(open_page("rules", Role.ADMIN), files["rules.yaml"] + "length: {max: 200}\n")
    assert not page.error
    words = next(area for area in page.text_area if area.value == "fool\n")
    words.input("fool\nidiot\n").run()
    assert "Make it live" not in {button.label for button in page.button}  # it is not what was looked at
    page = press(press(page, "Check and preview"), "Make it live")
    assert not page.exception
    with site.reading() as session:
        _, stored = load_ruleset(log(site)[0].ruleset, session=session)
    assert stored == {
        **{name: text for name, text in files.items() if name != "rules.yaml"},
        "lists/insults.txt": "fool\nidiot\n",
    }
    moderator.close()


def test_an_admin_goes_back(open_page, site):
    for text in (STRICTER, RULES):
        press(previewed(open_page("rules", Role.ADMIN), text), "Make it live")
    page = press(open_page("rules", Role.ADMIN, tab="Log"), "Make it live again")
    assert not page.exception
    made = log(site)
    assert [change.kind.value for change in made] == ["revert", "apply", "apply"]
    assert made[0].ruleset == made[2].ruleset


def test_a_draft_keeps_its_own_files_while_others_are_made_live(open_page, monkeypatch):
    page = open_page("rules", Role.ADMIN)
    lists = "word_lists: {insults: insults.txt}\n"
    theirs = Moderator(
        Pipeline.open(Ruleset.parse(lists + RULES, files={"insults.txt": "fool\n"}), scorer=scorers.calm())
    )
    monkeypatch.setattr(resources, "moderator", lambda: theirs)
    page = previewed(page, STRICTER)
    assert [area.value for area in page.text_area] == [STRICTER]  # an empty list of theirs would be made live
    page = press(page, "Start over from the live rules")
    assert "fool\n" in {area.value for area in page.text_area}
    theirs.close()


def test_an_admin_lifts_the_brake(open_page, site):
    make_live(Ruleset.parse(RULES), store=site, by="ann")
    make_live(Ruleset.parse(RULES.replace("hold}", "reject}")), store=site, by="ann")
    with site.transaction() as session:
        version = newest_versions(session=session)["many-links"]
        add_brake_event(version, BrakeKind.BRAKED, hits=21, of=100, session=session)
    assert "may only hold: many" in open_page("rules").warning[0].value.replace("\\", "")
    assert "Let it reject" not in {button.label for button in open_page("rules", tab="Log").button}
    page = press(open_page("rules", Role.ADMIN, tab="Log"), "Let it reject")
    assert not page.exception
    assert "many-links may reject." in {element.value for element in page.text}
    with site.reading() as session:
        latest, *_ = brake_events(session=session)
    assert (latest.kind, latest.by) == (BrakeKind.RELEASED, "ann")
    assert "Let it reject" not in {button.label for button in page.button}


def test_a_moderator_sees_what_rules_do_and_the_log(open_page, site):
    save(site, new_row(comment(), decision(Action.HOLD)))
    page = open_page("rules", tab="What rules do")
    assert not page.exception
    rows = {row["rule"]: row for row in page.dataframe[0].value.to_dict("records")}
    assert rows["toxicity.insult"]["hits"] == 1
    assert rows["many-links"]["hits"] == 0
    page = open_page("rules", tab="Log")
    assert page.text[-1].value.startswith("Nothing was made live here yet")
