"""A version is tagged once, from a clean tree, and with its section in the changelog."""

import subprocess
from pathlib import Path

import pytest

from moderation.version import __version__
from tools.release import obstacles

ROOT = Path(__file__).parents[1]


@pytest.fixture
def git(tmp_path):
    """Run git in a repository of the test's own, which has a changelog of version 1.2.0."""

    def run(*arguments):
        names = ["-c", "user.name=Ann", "-c", "user.email=ann@example.com", "-c", "commit.gpgsign=false"]
        command = ["git", *names, *arguments]
        subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)

    (tmp_path / "CHANGELOG.md").write_text("# Changelog\n\n## [1.2.0] - 2026-11-30\n", encoding="utf-8")
    run("init")
    run("add", ".")
    run("commit", "--message", "Begin")
    return run


@pytest.mark.usefixtures("git")
def test_a_clean_tree_with_a_changelog_is_tagged(tmp_path):
    assert obstacles(tmp_path, "1.2.0") == []


@pytest.mark.usefixtures("git")
def test_a_version_without_a_section_is_not_tagged(tmp_path):
    assert obstacles(tmp_path, "1.2.1") == ["CHANGELOG.md has no section [1.2.1]."]
    assert obstacles(tmp_path, "1.2") == ["CHANGELOG.md has no section [1.2]."]


@pytest.mark.usefixtures("git")
def test_a_tree_with_changes_is_not_tagged(tmp_path):
    (tmp_path / "new.py").touch()
    assert obstacles(tmp_path, "1.2.0") == ["The tree has changes that are not committed."]


def test_a_version_is_tagged_once(git, tmp_path):
    git("tag", "--annotate", "v1.2.0", "--message", "Release 1.2.0")
    (told,) = obstacles(tmp_path, "1.2.0")
    assert told.startswith("The tag v1.2.0 exists")


def test_the_changelog_has_the_present_version():
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## [{__version__}]" in text
