"""The documentation becomes a site: complete, without a broken link, and nothing on it comes from another host."""

import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.support.needs import missing

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
LOADED = re.compile(r"""<(?:script|img|iframe|source)\b[^>]*\bsrc="([^"]+)"|<link\b[^>]*\bhref="([^"]+)""")


@pytest.fixture(scope="module", autouse=True)
def mkdocs():
    """MkDocs, without which there is no site."""
    if find_spec("mkdocs") is None:
        missing("no MkDocs here: make docs")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Build the site as `make docs` does; a warning, as of a broken link or anchor, is an error."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict", "--site-dir", str(folder)]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return folder


def test_every_page_is_there_and_the_readme_comes_first(site):
    pages = {path.stem for path in site.glob("*.html")}
    assert {path.stem for path in (ROOT / "docs").glob("*.md")} < pages
    assert {"index", "changelog", "contributing", "security"} < pages
    title = (ROOT / "README.md").read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ")
    assert f'<h1 id="comment-moderation">{title}' in (site / "index.html").read_text(encoding="utf-8")


def test_nothing_is_loaded_from_another_host(site):
    loaded = {
        address
        for page in site.glob("*.html")
        for found in LOADED.findall(page.read_text(encoding="utf-8"))
        for address in found
        if address
    }
    assert any(address.endswith(".css") for address in loaded)
    assert {address for address in loaded if re.match(r"[a-z]+:|//", address)} == set()


def test_no_style_asks_for_another_host(site):
    styles = [path.read_text(encoding="utf-8") for path in site.rglob("*.css")]
    assert styles
    assert not any(re.search(r"(?:url\(|@import)\s*['\"]?(?:https?:)?//", style) for style in styles)


@pytest.mark.parametrize(
    ("page", "link", "expected"),
    [
        ("index.md", "[rules](docs/rules.md)", "[rules](rules.md)"),
        ("index.md", "[brake](docs/rules-live.md#the-brake)", "[brake](rules-live.md#the-brake)"),
        ("index.md", "[changes](CHANGELOG.md)", "[changes](changelog.md)"),
        ("index.md", "[licence](LICENSE)", "licence"),
        ("index.md", "[lost](docs-lost.md)", "[lost](docs-lost.md)"),
        ("index.md", "[out](https://example.com/README.md)", "[out](https://example.com/README.md)"),
        ("rules.md", "[here](#text)", "[here](#text)"),
        ("rules.md", "[how](../CONTRIBUTING.md)", "[how](contributing.md)"),
        (
            "training.md",
            "[config](compact.toml) and [texts](written/README.md)",
            "config and [texts](written.md)",
        ),
        ("written.md", "[figures](../../../docs/evaluating.md)", "[figures](evaluating.md)"),
    ],
)
def test_links_of_the_repository_become_links_of_the_site(page, link, expected):
    from tools.docs.pages import with_links_of_the_site

    assert with_links_of_the_site(link, page) == expected
