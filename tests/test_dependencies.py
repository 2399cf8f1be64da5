"""A module imports only what is installed where it runs: the base, and the extras that it may count on.

`make test` has deptry compare all imports with all declarations. It doesn't know which module may count on which extra.
"""

import ast
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = PYPROJECT["project"]
OURS = {"moderation", "dashboard"}
EXTRAS = {  # what may count on an extra; all else has the base alone
    "dashboard": "dashboard",
    "dashboard/login/oidc.py": "oidc",
    "moderation/api": "api",
    "moderation/cli/serve.py": "api",
    "moderation/cli/serving.py": "api",
    "moderation/client": "client",
    "moderation/comment_files/outputs.py": "parquet",
    "moderation/comment_files/parquet.py": "parquet",
    "moderation/desk/passwords.py": "dashboard",
    "moderation/model_evaluation": "evaluate",
    "moderation/reports/pages.py": "evaluate",
    "moderation/scoring/detoxify.py": "torch",
    "moderation/scoring/download.py": "torch",
    "moderation/scoring/pull.py": "torch",
    "moderation/model_building/graph.py": "compile",
    "moderation/model_building/networks.py": "compile",
    "moderation/model_building/checkpoint_writer.py": "torch",
}
PROVIDED = packages_distributions()
FILES = sorted(path.relative_to(ROOT) for name in OURS for path in (ROOT / name).rglob("*.py"))


def declared(path):
    names = [path.as_posix(), *(parent.as_posix() for parent in path.parents)]
    extras = [EXTRAS[name] for name in names if name in EXTRAS]
    optional = [line for extra in extras for line in PROJECT["optional-dependencies"][extra]]
    return {canonicalize_name(Requirement(line).name) for line in [*PROJECT["dependencies"], *optional]}


def imported(source):
    """Yield the packages that a module imports, wherever in it, but for Python's own and ours."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [one.name for one in node.names]
        else:
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        tops = {name.partition(".")[0] for name in names}
        yield from tops - OURS - sys.stdlib_module_names


def undeclared(path, source):
    known = declared(path)
    return {
        name
        for name in imported(source)
        if not known & {canonicalize_name(one) for one in PROVIDED.get(name, [name])}
    }


@pytest.mark.parametrize("path", FILES, ids=str)
def test_what_is_imported_is_declared(path):
    assert undeclared(path, (ROOT / path).read_text(encoding="utf-8")) == set()


@pytest.mark.parametrize(
    ("path", "source", "found"),
    [
        ("moderation/domain.py", "import json, pydantic.fields", set()),
        ("moderation/domain.py", "import hypothesis", {"hypothesis"}),
        ("moderation/domain.py", "def f():\n    from jinja2.filters import x", {"jinja2"}),
        ("moderation/model_evaluation/pages.py", "from jinja2 import Environment", set()),
        ("dashboard/server.py", "import starlette, torch", {"torch"}),
    ],
)
def test_what_is_not_declared_is_found(path, source, found):
    assert undeclared(Path(path), source) == found


def test_the_lock_has_a_version_that_fits_each_declaration():
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = [Requirement(line) for line in lines if not line.startswith("#")]
    locked = {canonicalize_name(one.name): str(one.specifier).removeprefix("==") for one in pinned}
    lists = [PROJECT["dependencies"], *PROJECT["optional-dependencies"].values()]
    lists += PYPROJECT["dependency-groups"].values()
    wanted = [Requirement(line) for one in lists for line in one if isinstance(line, str)]
    assert [str(one) for one in wanted if not fits(one, locked)] == []


def fits(wanted, locked):
    version = locked.get(canonicalize_name(wanted.name))
    return version is not None and wanted.specifier.contains(version)
