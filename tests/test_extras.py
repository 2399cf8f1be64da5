"""What an install without extras does: it imports nothing that it doesn't need, and names what is missing."""

import json
import subprocess
import sys

import pytest

from moderation.comment_files.inputs import open_comments
from moderation.comment_files.outputs import write_export
from moderation.errors import MissingExtraError
from moderation.extras import missing_extra, needing, require

NOT_FOR_EMBEDDING = {
    *("typer", "rich", "pyarrow", "httpx", "streamlit", "torch", "matplotlib", "sklearn", "dashboard"),
}
PROGRAM = """
import json, sys
before = set(sys.modules)
import moderation
words = sorted(set(sys.modules) - before)
moderation.Moderator
print(json.dumps([words, sorted(sys.modules)]))
"""
INSTALL = 'pip install "comment-moderation[parquet]"'


@pytest.fixture
def no_pyarrow(monkeypatch):
    for name in [name for name in sys.modules if name.partition(".")[0] == "pyarrow"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pyarrow", None)


@pytest.fixture
def parquet(tmp_path):
    path = tmp_path / "comments.parquet"
    path.write_bytes(b"PAR1 and so on")
    return path


def test_embedding_imports_neither_terminal_nor_extras():
    """The words alone need no other package, and a moderator none that draws, prints or reads Parquet."""
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    words, all_of_it = (set(names) for names in json.loads(done.stdout))
    assert {name.partition(".")[0] for name in words} - sys.stdlib_module_names == {"moderation"}
    assert not all_of_it & NOT_FOR_EMBEDDING
    assert "moderation.moderator" in all_of_it


def test_the_package_has_no_names_but_its_own():
    import moderation

    assert all(getattr(moderation, name) for name in moderation.__all__)
    with pytest.raises(AttributeError, match="module 'moderation' has no attribute 'Moderater'"):
        moderation.Moderater  # type: ignore[attr-defined]  # noqa: B018 - that is the test


@pytest.mark.parametrize("given", [None, "parquet"])
def test_reading_parquet_names_the_extra(no_pyarrow, parquet, given):
    with pytest.raises(MissingExtraError, match="needs the package `pyarrow`") as caught:
        open_comments(parquet, format=given)
    assert (caught.value.code, caught.value.hint) == ("missing_extra", INSTALL)


def test_writing_parquet_names_the_extra_and_leaves_no_file(no_pyarrow, tmp_path):
    with pytest.raises(MissingExtraError) as caught:
        write_export([], tmp_path / "out.parquet", format="parquet")
    assert caught.value.hint == INSTALL
    assert list(tmp_path.iterdir()) == []


def test_other_formats_need_no_pyarrow(no_pyarrow, tmp_path):
    path = tmp_path / "comments.csv"
    path.write_text("text\nhello\n")
    with open_comments(path) as source:
        assert [row.line for row in source] == [2]
    assert write_export([], tmp_path / "out.csv", format="csv") == 0


def test_what_is_missing_is_named():
    with (
        pytest.raises(MissingExtraError, match="drawing needs the package `no_such_one`") as caught,
        needing("a,b", "drawing needs the package `{package}`"),
    ):
        import no_such_one  # type: ignore[import-not-found]  # noqa: F401
    assert caught.value.hint == 'pip install "comment-moderation[a,b]"'


def test_other_errors_pass():
    with pytest.raises(ZeroDivisionError), needing("a", "it"):
        1 / 0  # noqa: B018 - that is the test


def test_the_first_missing_package_is_named():
    require("a", "it needs `{package}`", "json", "re")
    with pytest.raises(MissingExtraError, match="it needs `no_such_one`"):
        require("a", "it needs `{package}`", "json", "no_such_one", "nor_this")


def test_the_hint_is_a_command():
    assert missing_extra("it", "torch").hint == 'pip install "comment-moderation[torch]"'
