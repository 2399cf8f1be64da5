"""Which ruleset is meant: a file, one that is stored, or the one that is live."""

from pathlib import Path

from moderation.errors import RulesError, UnknownRulesetError
from moderation.rollout.defaults import load_rules, rules_folder
from moderation.rollout.stored import stored_ruleset
from moderation.rules import Ruleset
from moderation.store import Store, find_ruleset, live_change

LIVE = "live"


def ruleset_named(name: str, store: Store) -> Ruleset:
    """Return a ruleset by the path of its file, the beginning of its hash, or the word `live`.

    Live is what was made live in the database; where nothing was, the file that decides.

    Raises:
        RulesError: there is none, or it can't be used.
    """
    if name == LIVE:
        with store.reading() as session:
            change = live_change(session=session)
        return _stored(change.ruleset, store) if change else load_rules(None)
    path = Path(name)
    if path.is_file():
        return Ruleset.load(path)
    if path.suffix or len(path.parts) > 1:
        raise RulesError(f"{name} does not exist", hint="name a file, a ruleset's hash, or `live`")
    try:
        return _stored(name, store)
    except UnknownRulesetError as error:
        raise UnknownRulesetError(
            error.what, hint=f"there is no file of that name either; {error.hint}"
        ) from None


def _stored(prefix: str, store: Store) -> Ruleset:
    with store.reading() as session:
        found = find_ruleset(prefix, session=session)
        return stored_ruleset(found, session=session, folder=rules_folder())
