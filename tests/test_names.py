"""One name, one thing: what is public has a name that nothing else in the package has."""

import ast
import re
from collections import defaultdict
from pathlib import Path

import typer

from moderation.cli import app

PACKAGE = Path(__file__).parents[1] / "moderation"
SHARED = {
    "refusal": "each dialect of the service has its own form of an error",
    "routes": "each part of the service, and each dialect, is asked for its own",
}
"""Names that several modules are to have, and why."""


def commands(of):
    """The functions behind the commands: a command is called as people type it."""
    yield from (command.callback.__qualname__ for command in of.registered_commands)
    for group in of.registered_groups:
        yield from commands(group.typer_instance)


def defined(module):
    """The public classes, functions and aliases of a module."""
    for node in ast.parse(module.read_text(encoding="utf-8")).body:
        match node:
            case ast.ClassDef() | ast.FunctionDef() | ast.AsyncFunctionDef():
                yield node.name
            case ast.Assign(targets=[ast.Name(name)]) | ast.AnnAssign(target=ast.Name(name)):
                if re.fullmatch(r"[A-Z]\w*[a-z]\w*", name) and not isinstance(node.value, ast.Call):
                    yield name
            case _:
                pass


def test_nothing_public_is_defined_twice():
    assert isinstance(app, typer.Typer)
    typed = set(commands(app))
    places = defaultdict(list)
    for module in PACKAGE.rglob("*.py"):
        if module.parent.name != "versions":  # of the database: each has its `upgrade`
            where = module.relative_to(PACKAGE)
            for name in defined(module):
                if name[0] != "_" and not (where.parts[0] == "cli" and name in typed):
                    places[name].append(str(where))
    twice = {name: where for name, where in places.items() if len(where) > 1 and name not in SHARED}
    assert twice == {}
