"""Who does something, where the command line isn't told."""

import getpass
import os

import pytest

from moderation.cli.rules.options import who_acts
from moderation.desk import Desk
from moderation.domain import Action
from moderation.store import Store
from tests.store.samples import comment, decision, new_row, save

NAMELESS = [OSError("no username"), KeyError("uid not found: 1234"), ImportError("No module named 'pwd'")]


@pytest.fixture(params=NAMELESS, ids=lambda error: type(error).__name__)
def nameless(request, monkeypatch):
    """A user without a name, as Python 3.13 says it, as earlier ones do, and as Windows does."""

    def refuse():
        raise request.param

    monkeypatch.delenv("USER", raising=False)
    monkeypatch.setattr(getpass, "getuser", refuse)


@pytest.mark.usefixtures("nameless")
def test_who_has_no_name_is_told_by_number(monkeypatch):
    assert who_acts(None) == f"user {os.getuid()}"
    monkeypatch.delattr(os, "getuid")  # as on Windows
    assert who_acts(None) == "unknown user"
    assert who_acts("ann") == "ann"


@pytest.mark.usefixtures("nameless")
def test_a_verdict_of_who_has_no_name_is_taken(run):
    with Store.open("sqlite:///moderation.db") as store:
        save(store, new_row(comment("c-1"), decision(Action.HOLD)))
        assert run("verdict", "c-1", "approve").out == f"comment 1: approve by user {os.getuid()}\n"
        assert Desk(store).history(1).verdicts[0].by == f"user {os.getuid()}"
