"""The pure parts of the queue's JavaScript, by Node's own test runner."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.needs import missing

pytestmark = pytest.mark.node

HERE = Path(__file__).parent
SCRIPTS = HERE.parents[1] / "dashboard" / "components" / "queue" / "scripts"


@pytest.fixture(scope="module")
def node():
    found = shutil.which("node")
    if found is None:
        missing("no Node.js here: apt-get install nodejs (18 or newer)")
    return found


def test_the_scripts_pass_their_own_tests(node):
    tests = sorted(str(path) for path in (HERE / "scripts").glob("*.test.js"))
    assert tests
    done = subprocess.run([node, "--test", *tests], capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout[-4000:]


@pytest.mark.parametrize("script", sorted(SCRIPTS.glob("*.js")), ids=lambda path: path.name)
def test_a_script_can_be_read(node, script):
    done = subprocess.run(
        [node, "--check", str(script)], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr


def test_no_script_parses_what_an_author_wrote():
    """Text goes on the page by text nodes; these would parse it."""
    for script in SCRIPTS.glob("*.js"):
        source = script.read_text(encoding="utf-8")
        for parser in (
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "eval(",
            "new Function",
        ):
            assert parser not in source, f"{script.name}: {parser}"
