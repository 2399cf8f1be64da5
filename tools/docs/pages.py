"""Pages of the site that lie elsewhere than in docs/: taken as they are, with links that fit.

MkDocs calls the functions by their names (`hooks` in mkdocs.yml). So README.md is the first page of the site, and there
is no second copy to keep up with. The links of every page work in the repository and on the site.
"""

import posixpath
import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).parents[2]
ELSEWHERE = {
    "README.md": "index.md",
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "SECURITY.md": "security.md",
    "tools/training/README.md": "training.md",
    "tools/training/written/README.md": "written.md",
}
"""Files of the repository, and what they are called on the site."""

_LINK = re.compile(r"\[(?P<text>[^\]]*)\]\((?![a-z]+:|#)(?P<target>[^)#\s]+)(?P<anchor>#[^)]*)?\)")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that lie elsewhere."""
    for source, page in ELSEWHERE.items():
        files.append(File.generated(config, page, content=(ROOT / source).read_text(encoding="utf-8")))
    return files


def on_page_markdown(markdown: str, page: Page, **_: object) -> str:
    """Turn the links of the repository into those of the site."""
    return with_links_of_the_site(markdown, page.file.src_uri)


def with_links_of_the_site(markdown: str, page: str) -> str:
    """Make the relative links of a page fit the site.

    A link to a file that is in the repository and not on the site leaves its text. One that leads nowhere stays, so
    that a strict build stops at it.

    Args:
        markdown: the page's text.
        page: its name on the site.
    """
    source = next((path for path, name in ELSEWHERE.items() if name == page), f"docs/{page}")

    def rewritten(link: re.Match[str]) -> str:
        path = posixpath.normpath(posixpath.join(posixpath.dirname(source), link["target"]))
        on_site = ELSEWHERE.get(path) or (path.startswith("docs/") and path.removeprefix("docs/"))
        if on_site:
            return f"[{link['text']}]({on_site}{link['anchor'] or ''})"
        return link["text"] if (ROOT / path).exists() else link[0]

    return _LINK.sub(rewritten, markdown)
