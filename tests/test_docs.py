"""What the documents show is run."""

import json
import re
import uuid
from pathlib import Path

import pytest

from moderation import ModerationError, Span, errors

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
INSULT = "You are an idiot"
SENT = {"id": "c-1", "text": INSULT, "article": "article-42", "user": "u-7"}


def blocks(path, language):
    return re.findall(rf"```{language}\n(.*?)```", path.read_text(encoding="utf-8"), re.DOTALL)


@pytest.fixture
def site(tmp_path, monkeypatch):
    """A site's folder with its rules, as the documents expect it."""
    (tmp_path / "rules.yaml").write_bytes((ROOT / "rules.yaml").read_bytes())
    monkeypatch.chdir(tmp_path)


def run_block(containing):
    """Run the block of docs/integrating.md that mentions something; return its names."""
    (source,) = [block for block in blocks(DOCS / "integrating.md", "python") if containing in block]
    names = {"__name__": f"integrating_{uuid.uuid4().hex}"}
    exec(compile(source, containing, "exec"), names)  # noqa: S102 - our own document
    return names


def assert_told_why(answer):
    assert answer["action"] in {"hold", "reject"}
    assert answer["messages"][0]


def test_the_flask_example_runs(site):
    names = run_block("from flask")
    with names["moderator"]:
        assert_told_why(names["app"].test_client().post("/comments", json=SENT).get_json())


def test_the_django_example_runs(site):
    from django.conf import settings
    from django.test import RequestFactory

    if not settings.configured:
        settings.configure(DEBUG=False)
    names = run_block("from django")
    with names["moderator"]:
        request = RequestFactory().post("/comments", json.dumps(SENT), content_type="application/json")
        assert_told_why(json.loads(names["post_comment"](request).content))


def test_the_fastapi_example_runs(site):
    from fastapi.testclient import TestClient

    names = run_block("from fastapi")
    with names["moderator"], TestClient(names["app"]) as client:
        assert_told_why(client.post("/comments", json=SENT).json())


@pytest.mark.parametrize(
    ("text", "spans", "expected"),
    [
        ("plain <b>", [], "plain &lt;b&gt;"),
        ("you <idiot>", [Span(4, 11)], "you <mark>&lt;idiot&gt;</mark>"),
        ("abcd", [Span(1, 3), Span(2, 4)], "a<mark>bc</mark><mark>d</mark>"),
    ],
)
def test_the_highlighting_example_escapes_every_piece(text, spans, expected):
    assert run_block("def highlighted")["highlighted"](text, spans) == expected


def test_the_readmes_python_runs_as_it_stands(site, capsys):
    (source,) = blocks(ROOT / "README.md", "python")
    exec(compile(source, "README.md", "exec"), {})  # noqa: S102 - our own document
    assert "toxicity." in capsys.readouterr().out


def test_every_error_is_documented_and_nothing_else():
    listed = re.findall(
        r"^\| `(\w+)` \| `(\w+)`", (DOCS / "errors.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    defined = {
        (kind.code, kind.__name__)
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, ModerationError) and kind is not ModerationError
    }
    assert set(listed) == defined


def test_every_row_of_the_operations_table_names_tests_that_exist():
    text = (DOCS / "operations.md").read_text(encoding="utf-8")
    named = re.findall(r"`([\w/]+\.py)::(\w+)`", text)
    assert len(named) == text.count("::") > 10
    missing = [(file, test) for file, test in named if not any_defines(file, f"def {test}(")]
    assert missing == []


def any_defines(file, definition):
    """Whether a file of tests whose path ends so has a definition."""
    return any(definition in path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob(file))


def test_the_files_of_tests_that_anything_names_exist():
    folders = [ROOT / name for name in ("docs", "moderation", "dashboard", "tests", "tools")]
    places = [path for folder in folders for path in folder.rglob("*") if path.suffix in {".py", ".md"}]
    places += [*ROOT.glob("*.md"), *ROOT.glob("*.yaml"), ROOT / "Makefile", ROOT / "pyproject.toml"]
    named = {
        name
        for path in places
        for name in re.findall(r"(?<![\w/])tests/[\w/]+\.py\b", path.read_text(encoding="utf-8"))
    }
    assert len(named) > 5
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


def test_what_git_is_told_about_files_is_about_some():
    lines = (ROOT / ".gitattributes").read_text(encoding="utf-8").splitlines()
    patterns = [line.split()[0] for line in lines if not line.startswith("#")]
    assert [pattern for pattern in patterns if not any(ROOT.glob(pattern))] == []


def test_the_documents_link_to_files_that_exist():
    for path in [ROOT / "README.md", *DOCS.glob("*.md")]:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), f"{path.name} links to {target}"


def walked():
    """The part of docs/architecture.md that walks through the code."""
    text = (DOCS / "architecture.md").read_text(encoding="utf-8")
    return text.partition("## Three walks\n")[2].partition("\n## ")[0]


def found(name):
    """The path of a file that a walk names."""
    return next(path for path in (ROOT / "moderation" / name, ROOT / name) if path.exists())


def test_the_walks_through_the_code_name_files_that_exist():
    named = re.findall(r"`([\w/]+\.py)`", walked())
    assert len(named) > 30
    missing = [
        name for name in named if not (ROOT / "moderation" / name).exists() and not (ROOT / name).exists()
    ]
    assert missing == []


def test_the_walks_through_the_code_name_methods_of_the_file_before_them():
    file, missing, methods = "", [], 0
    for name in re.findall(r"`([\w/]+\.py|[A-Z]\w+\.\w+)`", walked()):
        if name.endswith(".py"):
            file = found(name).read_text(encoding="utf-8")
        else:
            methods += 1
            kind, method = name.split(".")
            missing += [name] * (f"class {kind}" not in file or f"    def {method}(" not in file)
    assert methods > 4
    assert missing == []


def parts_of(folder):
    """The folders and modules right below a folder, as the map writes them."""
    return {
        f"{path.relative_to(ROOT)}{'/' * path.is_dir()}"
        for path in folder.iterdir()
        if not path.name.startswith("_") and (path.suffix == ".py" or path.is_dir())
    }


def test_the_map_names_every_part_and_nothing_that_is_not_there():
    text = (DOCS / "architecture.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1:3] for line in text.splitlines() if line.startswith("| `")]
    named = {
        name if "/" in name else f"moderation/{name}"
        for cell, _ in rows
        for name in re.findall(r"`([\w/.]+)`", cell)
    }
    assert named == parts_of(ROOT / "moderation") | {"dashboard/"}
    inside = {
        f"{cell.strip().strip('`')}{name}"
        for cell, about in rows
        for name in re.findall(r"`(\w+/|\w+\.py)`", about)
        if cell.strip().endswith("/`")
    }
    assert [name for name in inside if not (ROOT / name).exists()] == []
    deep = parts_of(ROOT / "moderation" / "rules") | parts_of(ROOT / "moderation" / "store")
    assert {name for name in deep if name.endswith("/")} <= inside


def test_the_example_of_the_desk_runs(tmp_path, monkeypatch, capsys):
    from moderation.domain import Action
    from moderation.store import Store
    from tests.store.samples import comment, decision, new_row, save

    monkeypatch.chdir(tmp_path)
    with Store.open("sqlite:///moderation.db") as store:
        save(store, new_row(comment(), decision(Action.HOLD)))
    (source,) = blocks(DOCS / "desk.md", "python")
    exec(compile(source, "desk.md", "exec"), {"__name__": "desk"})  # noqa: S102 - our own document
    assert capsys.readouterr().out == "applied \n"


def test_the_rows_that_the_guide_from_perspective_shows_are_read(tmp_path):
    from moderation.comment_files.perspective import PerspectiveFile

    (rows,) = [block for block in blocks(DOCS / "perspective.md", "json") if block.count("\n") > 1]
    (tmp_path / "scores.jsonl").write_text(rows, encoding="utf-8")
    file = PerspectiveFile(tmp_path / "scores.jsonl")
    survey = file.survey()
    assert (survey.rows, survey.bad, survey.unknown) == (3, 0, {})
    assert [(row.scores["toxicity"], row.language, row.rejected) for row in file.rows()] == [
        (0.94, "en", True),
        (0.02, None, None),
        (0.31, "en", False),
    ]


def test_the_rules_that_the_guide_from_perspective_shows_are_valid():
    from moderation.rules import Ruleset

    shown = blocks(DOCS / "perspective.md", "yaml")
    assert shown
    for block in shown:
        Ruleset.parse(block)


def test_the_commands_that_the_guide_from_perspective_shows_find_thresholds(site, monkeypatch, capsysbinary):
    import shlex
    import sys

    from moderation import cli

    rows = [
        {
            "text": f"{'You are an idiot, and a liar' if n % 3 == 0 else 'Thank you for this'}, number {n}",
            "label": "rejected" if n % 3 == 0 else "published",
            "lang": "en",
            **dict.fromkeys(("TOXICITY", "INSULT"), 0.95 if n % 3 == 0 else 0.05),
        }
        for n in range(120)
    ]
    Path("scores.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    commands = "".join(blocks(DOCS / "perspective.md", "sh")).splitlines()
    assert len(commands) > 2
    for command in commands:
        monkeypatch.setattr(sys, "argv", shlex.split(command))
        with pytest.raises(SystemExit) as end:
            cli.main()
        assert not end.value.code
        assert b"toxicity: {flag: 0.5, hold: " in capsysbinary.readouterr().out
