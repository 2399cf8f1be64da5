"""Of Streamlit's own page exactly one script may run, which we know."""

from pathlib import Path

import pytest
import streamlit

from dashboard.login.security import content_security_policy, inline_script
from moderation.errors import MissingExtraError

ONE = '<script type="module" src="./a.js"></script><script>run()</script>'


def test_streamlits_page_has_one_script_of_its_own():
    page = Path(streamlit.__file__).with_name("static") / "index.html"
    assert inline_script(page.read_text(encoding="utf-8")).strip()
    assert content_security_policy().count("'sha256-") == 1


@pytest.mark.parametrize(
    ("page", "script"),
    [
        pytest.param(ONE, "run()", id="beside-one-with-a-source"),
        pytest.param('<script nonce="">\n1\n</script>', "\n1\n", id="with-attributes-and-lines"),
    ],
)
def test_the_script_is_found(page, script):
    assert inline_script(page) == script


@pytest.mark.parametrize(
    "page",
    [
        pytest.param("<p>", id="none"),
        pytest.param(ONE + "<script>more()</script>", id="two"),
        pytest.param(ONE + '<script type="module">more()</script>', id="another-with-attributes"),
    ],
)
def test_another_number_of_scripts_is_refused(page):
    with pytest.raises(MissingExtraError, match="scripts of its own") as caught:
        inline_script(page)
    assert "constraints.txt" in caught.value.hint
