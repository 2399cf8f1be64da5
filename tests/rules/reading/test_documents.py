"""Rulesets of several files: what is laid over what, and what is found where."""

from pathlib import Path

import pytest

from moderation.errors import RulesError
from moderation.rules import Ruleset, check_rules
from moderation.rules.reading.documents import MOST_FILES
from moderation.rules.ruleset import check_text

HOLD = '{name: %s, when: {links: "> 0"}, action: hold}'


def write(folder, **files):
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_yaml", ".yaml").replace("_txt", ".txt")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder / "rules.yaml"


def rules(*names):
    return "rules:\n" + "".join(f"  - {HOLD % name}\n" for name in names)


def names(ruleset):
    return [rule.name for rule in ruleset.config.rules]


def again(ruleset):
    """The same ruleset from memory, as from the database."""
    return Ruleset.parse(ruleset.source, files=dict(reversed(ruleset.files.items())))


def test_included_files_add_rules_and_lists(tmp_path):
    path = write(
        tmp_path,
        rules_yaml="version: 1\ninclude: ['lists/*.yaml', more.yaml]\n" + rules("main"),
        more_yaml="version: 1\n" + rules("more"),
        lists__b_yaml=rules("b"),
        lists__a_yaml="word_lists: {slurs: words.txt}\nrules: [{name: a, when: {words: slurs}, action: hold}]\n",
        lists__words_txt="idiot\n",
        lists__deeper__c_yaml=rules("c"),
    )
    ruleset = Ruleset.load(path)
    assert names(ruleset) == ["main", "a", "b", "more"]
    assert list(ruleset.files) == ["lists/a.yaml", "lists/b.yaml", "more.yaml", "lists/words.txt"]
    assert [entry.text for entry in ruleset.words["slurs"]] == ["idiot"]
    assert check_rules(path)[1] == []
    assert (again(ruleset).hash, again(ruleset).config) == (ruleset.hash, ruleset.config)


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("lists/*.yaml", ["a", "b"]),
        ("lists/?.yaml", ["a", "b"]),
        ("lists/[ax].yaml", ["a"]),
        ("lists/[!ax].yaml", ["b"]),
        ("lists/[^b-][.-z]yaml", ["b"]),
        ("lists/[a-c].yaml", ["a", "b"]),
        ("lists/**/*.yaml", ["a", "b", "c"]),
        ("**/c.yaml", ["c"]),
        ("./lists/../lists/a.yaml", ["a"]),
    ],
)
def test_patterns_match_the_same_on_disk_and_in_memory(tmp_path, pattern, found):
    path = write(
        tmp_path,
        rules_yaml=f"version: 1\ninclude: '{pattern}'\n",
        lists__a_yaml=rules("a"),
        lists__b_yaml=rules("b"),
        lists__deeper__c_yaml=rules("c"),
    )
    ruleset = Ruleset.load(path)
    assert sorted(names(ruleset)) == found
    assert names(again(ruleset)) == names(ruleset)


def test_a_pattern_passes_over_the_file_that_it_stands_in(tmp_path):
    path = write(tmp_path, rules_yaml="version: 1\ninclude: '*.yaml'\n" + rules("main"), a_yaml=rules("a"))
    assert names(Ruleset.load(path)) == ["main", "a"]


def test_a_file_that_is_named_twice_is_read_once(tmp_path):
    path = write(
        tmp_path,
        rules_yaml="version: 1\ninclude: [a.yaml, b.yaml, a.yaml]\n",
        a_yaml="include: b.yaml\n",
        b_yaml=rules("b"),
    )
    assert names(Ruleset.load(path)) == ["b"]


def test_a_file_lies_over_the_one_that_it_extends(tmp_path):
    path = write(
        tmp_path,
        rules_yaml="version: 1\nextends: bases/base.yaml\nlength: {max: 500}\nrepetition: {author: 2}\n"
        "toxicity: {thresholds: {insult: {hold: 0.5}}}\nword_lists: {own: own.txt, both: own.txt}\n"
        "rules:\n  - {name: a, when: {words: [own, both, theirs]}, action: reject}\n",
        bases__base_yaml="version: 1\nlocale: ko\nlength: {min: 3, max: 9}\nrepetition: false\n"
        "toxicity: {timeout_ms: 5, thresholds: {threat: {hold: 0.1}}}\n"
        "word_lists: {theirs: t.txt, both: t.txt}\ninclude: x.yaml\n" + rules("a", "b"),
        bases__x_yaml=rules("c"),
        bases__t_txt="moron\n",
        own_txt="idiot\n",
    )
    ruleset = Ruleset.load(path)
    config = ruleset.config
    assert (config.locale, config.length.min, config.length.max) == ("ko", 3, 500)
    assert config.repetition
    assert config.repetition.author == 2
    assert config.toxicity
    assert (config.toxicity.timeout_ms, list(config.toxicity.thresholds)) == (5, ["insult"])
    assert [(rule.name, rule.action.value) for rule in config.rules] == [
        ("b", "hold"),
        ("c", "hold"),
        ("a", "reject"),
    ]
    assert {name: entries[0].text for name, entries in ruleset.words.items()} == {
        "theirs": "moron",
        "both": "idiot",
        "own": "idiot",
    }
    assert check_rules(path)[1] == []
    assert again(ruleset).config == config


def test_a_section_can_be_switched_off_and_a_base_can_extend_in_turn(tmp_path):
    path = write(
        tmp_path,
        rules_yaml="version: 1\nextends: a.yaml\ntoxicity: false\n",
        a_yaml="extends: b.yaml\nlength: {max: 7}\n",
        b_yaml="length: {min: 2}\ntoxicity: {timeout_ms: 5}\nrules:\n",
    )
    config = Ruleset.load(path).config
    assert (config.toxicity, config.length.min, config.length.max) == (None, 2, 7)


def test_a_stored_ruleset_may_extend_a_file_named_as_it_is_named_itself():
    files = {"rules.yaml": "version: 1\nlength: {max: 9}\n"}
    assert Ruleset.parse("version: 1\nextends: rules.yaml\n", files=files).config.length.max == 9


def test_the_hash_covers_every_part():
    def hashed(base="length: {max: 9}", part="a"):
        files = {"base.yaml": base, "part.yaml": rules(part)}
        return Ruleset.parse("version: 1\nextends: base.yaml\ninclude: part.yaml\n", files=files).hash

    assert len({hashed(), hashed(base="length: {max: 8}"), hashed(part="b")}) == 3


@pytest.mark.parametrize(
    ("source", "files", "place", "message"),
    [
        pytest.param("include: a.yaml\nlength: {min: x}", {"a.yaml": rules("A")}, "a.yaml:2:12", "`A` is no name", id="in a part"),
        pytest.param("extends: a.yaml", {"a.yaml": "length: {min: x}"}, "a.yaml:1:15", "a whole number", id="in the base"),
        pytest.param("extends: a.yaml\nlength: {max: 3}", {"a.yaml": "length: {min: 5}"}, "rules.yaml:3:15", "below `min` 5", id="of both"),
        pytest.param("extends: a.yaml\n" + rules("x"), {"a.yaml": rules("x", "Z")}, "a.yaml:3:12", "`Z` is no name", id="beside what is replaced"),
        pytest.param("extends: a.yaml", {"a.yaml": "extends: b.yaml", "b.yaml": "extends: a.yaml"}, "b.yaml:1:10", "leads back", id="bases in a circle"),
        pytest.param("include: a.yaml", {"a.yaml": "include: a.yaml"}, "a.yaml:1:10", "leads back", id="a part of itself"),
        pytest.param("include: a.yaml", {"a.yaml": "- x"}, "a.yaml:1:1", "a map of keys", id="a list"),
        pytest.param("include: a.yaml", {"a.yaml": ""}, "a.yaml", "the file is empty", id="an empty part"),
        pytest.param("include: a.yaml", {"b.yaml": ""}, "rules.yaml:2:10", "there is no such file", id="missing"),
        pytest.param("include: 'C:/a.yaml'", {}, "rules.yaml:2:10", "does not lie in the folder", id="on a drive"),
        pytest.param("include: 'a\\b.yaml'", {}, "rules.yaml:2:10", "does not lie in the folder", id="with backslashes"),
        pytest.param("extends: x/../../a.yaml", {}, "rules.yaml:2:10", "does not lie in the folder", id="out by a detour"),
        pytest.param("include: a.yaml\nrules: 5", {"a.yaml": rules("a")}, "rules.yaml:3:8", "a list must stand here", id="rules of another kind"),
        pytest.param("include: a.yaml", {"a.yaml": "version: 2"}, "a.yaml:1:10", "reads version 1", id="another version"),
    ],
)  # fmt: skip
def test_problems_are_shown_where_they_stand(source, files, place, message):
    with pytest.raises(RulesError) as error:
        Ruleset.parse(f"version: 1\n{source}\n", files=files)
    assert f"--> {place}" in error.value.what
    assert message in error.value.what


def test_files_without_number_are_refused():
    files = {f"f{n}.yaml": "rules:\n" for n in range(MOST_FILES + 5)}
    with pytest.raises(RulesError, match=f"more than {MOST_FILES} files"):
        Ruleset.parse("version: 1\ninclude: '*.yaml'\n", files=files)


@pytest.mark.parametrize("pattern", ["**.yaml", "**", "lists/**", "li**/*.yaml", "***/a.yaml", "[b-a].yaml"])
def test_a_pattern_that_means_nothing_matches_nothing(tmp_path, pattern):
    """Whichever Python reads it, from a folder or from the database."""
    files = {"a.yaml": rules("a"), "lists/a.yaml": rules("b")}
    path = write(
        tmp_path,
        rules_yaml=f"version: 1\ninclude: '{pattern}'\n",
        a_yaml=files["a.yaml"],
        lists__a_yaml=files["lists/a.yaml"],
    )
    told = [f"no file matches `{pattern}`"]
    assert [problem.message for problem in check_rules(path)[1]] == told
    assert [problem.message for problem in check_text(path.read_text(), files=files)[1]] == told


def test_problems_of_the_main_file_come_first(tmp_path, monkeypatch):
    write(tmp_path, rules_yaml="version: 1\ninclude: a.yaml\nlengths: 5\n", a_yaml="rules: [{}]\n")
    monkeypatch.chdir(tmp_path)
    assert [problem.file for problem in check_rules(Path("rules.yaml"))[1]] == ["rules.yaml", *["a.yaml"] * 3]
