"""Reading a ruleset from disk and from text, and what its hash stands for."""

from dataclasses import FrozenInstanceError
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import ValidationError

from moderation.domain import Comment
from moderation.errors import RulesError
from moderation.rules import Ruleset, Severity, check_rules
from moderation.rules.reading.source import MAX_BYTES

WITH_LIST = """version: 1
word_lists: {slurs: lists/slurs.txt, shipped: "builtin:words_en"}
rules: [{name: a, when: {words: [slurs, shipped]}, action: hold}]
"""


@pytest.fixture
def site(tmp_path):
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "slurs.txt").write_text("idiot\nmoron\n", encoding="utf-8")
    (tmp_path / "rules.yaml").write_text(WITH_LIST, encoding="utf-8")
    return tmp_path


def refusal(source, **files):
    with pytest.raises(RulesError) as error:
        Ruleset.parse(source, files=files)
    return error.value.what


def test_a_ruleset_is_read_with_its_word_lists(site):
    ruleset = Ruleset.load(site / "rules.yaml")
    assert ruleset.source == WITH_LIST
    assert list(ruleset.files) == ["lists/slurs.txt", "builtin:words_en"]
    assert ruleset.files["lists/slurs.txt"] == "idiot\nmoron\n"
    assert len(ruleset.words["slurs"]) == 2
    assert len(ruleset.words["shipped"]) > 2
    assert check_rules(site / "rules.yaml")[1] == []


def test_a_stored_ruleset_is_rebuilt_without_touching_the_disk(site):
    loaded = Ruleset.load(site / "rules.yaml")
    (site / "lists" / "slurs.txt").unlink()
    rebuilt = Ruleset.parse(loaded.source, files=loaded.files)
    assert (rebuilt.hash, rebuilt.words, rebuilt.files) == (loaded.hash, loaded.words, loaded.files)


def test_lists_of_the_package_are_taken_from_the_record_first():
    files = {"lists/slurs.txt": "idiot\n", "builtin:words_en": "recorded\n"}
    assert Ruleset.parse(WITH_LIST, files=files).files["builtin:words_en"] == "recorded\n"


def test_a_list_that_was_not_given_is_a_problem_of_the_line_that_names_it():
    shown = refusal(WITH_LIST, **{"lists/slur.txt": "idiot\n"})
    assert "rules.yaml:2:21" in shown
    assert "did you mean `lists/slur.txt`?" in shown


def test_the_hash_depends_on_every_file_and_not_on_their_order():
    def hashed(source=WITH_LIST, **files):
        return Ruleset.parse(source, files={"builtin:words_en": "a1\n", **files}).hash

    base = hashed(**{"lists/slurs.txt": "b2\n"})
    assert (
        base == Ruleset.parse(WITH_LIST, files={"lists/slurs.txt": "b2\n", "builtin:words_en": "a1\n"}).hash
    )
    assert base != hashed(**{"lists/slurs.txt": "b3\n"})
    assert base != hashed(WITH_LIST + "# changed\n", **{"lists/slurs.txt": "b2\n"})
    assert (
        base != Ruleset.parse(WITH_LIST, files={"lists/slurs.txt": "a1\n", "builtin:words_en": "b2\n"}).hash
    )


def test_line_ends_and_a_byte_order_mark_do_not_change_the_hash():
    plain = "version: 1\nlength: {max: 5}\n"
    windows = b"\xef\xbb\xbf" + plain.replace("\n", "\r\n").encode()
    assert Ruleset.parse(windows).hash == Ruleset.parse(plain).hash
    assert Ruleset.parse(windows).source == plain


def test_a_ruleset_cannot_be_changed():
    ruleset = Ruleset.default()
    with pytest.raises(FrozenInstanceError):
        ruleset.hash = ""  # type: ignore[misc]
    with pytest.raises(ValidationError):
        ruleset.config.length.max = 5  # type: ignore[misc]
    with pytest.raises(TypeError):
        ruleset.files["x"] = ""  # type: ignore[index]


def test_a_ruleset_shows_its_hash_and_no_text():
    ruleset = Ruleset.default()
    assert ruleset.hash in repr(ruleset)
    assert len(repr(ruleset)) < 120 + len(str(ruleset.folder))


def test_a_word_lists_own_problems_are_located_in_it(site, monkeypatch):
    (site / "lists" / "slurs.txt").write_text("idiot\n*\n", encoding="utf-8")
    monkeypatch.chdir(site)
    (problem,) = check_rules(Path("rules.yaml"))[1]
    assert (problem.file, problem.line, problem.source_line) == ("lists/slurs.txt", 2, "*")


def test_warnings_do_not_stop_a_ruleset(tmp_path):
    path = tmp_path / "rules.yaml"
    path.write_text("version: 1\nword_lists: {shipped: 'builtin:words_en'}\n", encoding="utf-8")
    assert [problem.severity for problem in check_rules(path)[1]] == [Severity.WARNING]
    assert Ruleset.load(path).config.rules == ()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        pytest.param(Path.exists, "there is no such file", id="missing"),
        pytest.param(lambda path: path.mkdir(), "this is a folder", id="folder"),
        pytest.param(
            lambda path: path.write_bytes(b"\xff"), "the file is not UTF-8: see line 1", id="not UTF-8"
        ),
        pytest.param(lambda path: path.write_bytes(b""), "the file is empty", id="empty"),
        pytest.param(
            lambda path: path.write_bytes(b"#" * (MAX_BYTES + 1)),
            "the file is larger than 256 KiB",
            id="huge",
        ),
        pytest.param(lambda path: path.symlink_to(path), "the file can't be read", id="link to itself"),
    ],
)
def test_a_file_that_is_no_ruleset_is_refused(tmp_path, make, message):
    path = tmp_path / "rules.yaml"
    make(path)
    (problem,) = check_rules(path)[1]
    assert problem.message.startswith(message)
    assert problem.hint
    assert problem.render().startswith(f"error: {problem.message}\n --> {path}")


def test_a_missing_file_is_looked_for_under_similar_names(tmp_path):
    (tmp_path / "rules.yml").touch()
    (problem,) = check_rules(tmp_path / "rules.yaml")[1]
    assert problem.hint == f"did you mean `{tmp_path / 'rules.yml'}`?"
    (elsewhere,) = check_rules(tmp_path / "nowhere" / "rules.yaml")[1]
    assert elsewhere.hint == "check the path"


def test_a_path_that_no_file_can_have_is_refused(tmp_path):
    (problem,) = check_rules(Path(f"{tmp_path}/rules\0.yaml"))[1]
    assert "can't be read" in problem.message
    assert "\0" not in problem.render()


def test_a_large_text_is_refused_before_it_is_read():
    assert "larger than 256 KiB" in refusal("#" * (MAX_BYTES + 1))


def test_nesting_without_end_is_refused():
    assert "nested too deeply" in refusal("a: " + "[" * 20_000)


def test_conditions_are_nested_as_deep_as_they_can_be_weighed():
    def nested(depth):
        nots = "".join(f"{' ' * (6 + n)}not:\n" for n in range(depth))
        return f"version: 1\nrules:\n  - name: a\n    action: hold\n    when:\n{nots}{' ' * (7 + depth)}links: '> 2'\n"

    assert Ruleset.parse(nested(54)).weigh(Comment("x"), {}, now=datetime.now(UTC)).reasons == ()
    assert "nested too deeply" in refusal(nested(60))


def test_aliases_that_multiply_are_refused():
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9)
    )
    assert "aliases of aliases multiply" in refusal(bomb)


def test_anchors_and_merged_maps_are_understood():
    config = Ruleset.parse(
        "version: 1\n"
        "toxicity:\n"
        "  thresholds:\n"
        "    threat: &strict {flag: 0.1, hold: 0.4, reject: 0.8}\n"
        "    insult: {hold: 0.5, <<: *strict}\n"
        "    obscene: {<<: [*strict, {flag: 0.3}]}\n"
        "    toxicity: *strict\n"
    ).config
    assert config.toxicity
    levels = {
        name: (found.flag, found.hold, found.reject) for name, found in config.toxicity.thresholds.items()
    }
    assert levels == {
        "threat": (0.1, 0.4, 0.8),
        "insult": (0.1, 0.5, 0.8),
        "obscene": (0.1, 0.4, 0.8),
        "toxicity": (0.1, 0.4, 0.8),
    }


def test_numbers_are_read_as_yaml_1_2_has_them():
    length = Ruleset.parse("version: 0x1\nlength: {min: 010, max: 0o20, max_bytes: 1_000}").config.length
    assert (length.min, length.max, length.max_bytes) == (10, 16, 1000)


def test_an_anchor_may_be_used_again():
    config = Ruleset.parse("version: 1\nlength: {min: &n 2}\nrepetition: {author: &n 3, thread: *n}").config
    assert config.repetition
    assert (config.length.min, config.repetition.author, config.repetition.thread) == (2, 3, 3)


def test_a_directive_for_yaml_1_1_does_not_make_no_false():
    assert "an unquoted `no`" in refusal("%YAML 1.1\n---\nversion: 1\nrepetition: no\n")
    assert Ruleset.parse("%YAML 1.1\n---\nversion: 1\nrepetition: false\n").config.repetition is None
