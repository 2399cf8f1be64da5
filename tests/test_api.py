"""docs/api.md lists what is public, and what is public is explained."""

import re
from enum import Enum
from importlib import import_module
from importlib.resources import files
from inspect import getattr_static, isclass
from pathlib import Path
from typing import Any

import pytest

import moderation
from moderation import Comment, InvalidCommentError, Moderator, StoreError
from tests.support import scorers

PAGE = (Path(__file__).parents[1] / "docs/api.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## `([\w.]+)`\n(.*?)(?=^## )", PAGE, re.MULTILINE | re.DOTALL))
LISTED = {room: re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE) for room, text in SECTIONS.items()}
PUBLIC = [(room, name) for room, names in LISTED.items() for name in names]
INTERNAL = {
    "Moderator": {"pipeline", "check_many", "score_many", "take", "trying"}
}  # what our own doors call


def classes():
    found = [getattr(import_module(room), name) for room, name in PUBLIC]
    return [one for one in found if isclass(one)]


def members(kind):
    """Return the methods and properties that a class has by itself."""
    own = [
        name for name in vars(kind) if not name.startswith("_") and name not in getattr(kind, "__slots__", ())
    ]
    return own if not issubclass(kind, Enum) else [name for name in own if name not in kind.__members__]


def test_the_page_lists_what_the_package_exports():
    assert sorted(LISTED["moderation"]) == sorted(moderation.__all__)


@pytest.mark.parametrize(("room", "name"), PUBLIC)
def test_what_the_page_lists_is_exported(room, name):
    assert name in import_module(room).__all__


@pytest.mark.parametrize("room", ["moderation.rules", "moderation.scoring", "moderation.language"])
def test_a_package_that_exports_more_says_which_names_are_stable(room):
    package = import_module(room)
    sentence = re.search(r"Stable \(docs/api\.md\): (.*?)\. What else", package.__doc__ or "", re.DOTALL)
    assert sentence
    assert set(re.findall(r"`(\w+)`", sentence[1])) == set(LISTED[room]) < set(package.__all__)


def test_the_page_lists_what_a_moderator_does():
    sentence = re.search(r"Of `Moderator` these are public: (.*?), and its use", SECTIONS["moderation"])
    assert sentence
    listed = set(re.findall(r"`(\w+)`", sentence[1]))
    assert listed == set(members(Moderator)) - INTERNAL["Moderator"]


def test_the_page_lists_members_of_a_ruleset_that_it_has():
    sentence = re.search(r"Of `Ruleset` these are public: (.*?)\.\n", SECTIONS["moderation.rules"])
    assert sentence
    ruleset = import_module("moderation.rules").Ruleset.default()
    listed = re.findall(r"`(\w+)`", sentence[1])
    assert len(listed) > 3
    assert all(hasattr(ruleset, name) for name in listed)


@pytest.mark.parametrize("kind", classes(), ids=lambda kind: kind.__name__)
def test_a_public_class_is_explained_and_so_is_what_it_does(kind):
    assert vars(kind)["__doc__"]
    assert not vars(kind)["__doc__"].startswith(f"{kind.__name__}(")  # a dataclass's own
    unexplained = [name for name in members(kind) if not explained(kind, name)]
    assert unexplained == []


def explained(kind, name):
    member = getattr_static(kind, name)
    if isinstance(member, (classmethod, staticmethod)):
        member = member.__func__
    data = not callable(member) and not isinstance(member, property)
    return data or bool(member.__doc__)


def test_the_types_are_shipped():
    assert (files("moderation") / "py.typed").is_file()


def block(containing):
    (source,) = [code for code in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL) if containing in code]
    names: dict[str, Any] = {}
    exec(compile(source, "api.md", "exec"), names)  # noqa: S102 - our own document
    return names


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (InvalidCommentError("no id"), "a fault of ours: no id\n"),
        (StoreError("locked"), "not taken, the author should try again: store\n"),
    ],
)
def test_the_example_of_errors_runs(capsys, error, said):
    class Broken:
        def submit(self, comment):
            raise error

    assert block("def post")["post"](Broken(), Comment("x")) is None
    assert capsys.readouterr().out == said


def test_the_example_of_a_scorer_runs():
    scorer = block("class LengthScorer")["LengthScorer"]()
    with Moderator.open(scorer=scorer) as moderator:
        decision = moderator.check(Comment("This is a text that has a language of its own."))
    assert decision.scores == {"toxicity": pytest.approx(46 / 300, abs=1e-6)}
    assert set(vars(type(scorer))) >= {name for name in vars(scorers.FakeScorer) if not name.startswith("_")}
