"""What an admin does to the rules: look at a draft from all sides, make it live, go back, lift the brake. No widget in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from moderation.backtest import Diff, Question, diff_stored
from moderation.desk import User
from moderation.desk.people import require_admin
from moderation.moderator import Moderator
from moderation.rollout import make_live, release_rule, revert_to, rule_changes
from moderation.rule_tests import TestReport, run_examples
from moderation.rules import Problem, Ruleset, check_text
from moderation.store import BrakeEvent, RuleChanges, RulesetChange, Store, live_change

COMPARED = 2_000
"""Stored comments that a draft is tried on, those that came in last."""


@dataclass(frozen=True, slots=True)
class Preview:
    """A draft, seen from all sides before it decides.

    Attributes:
        text: the draft.
        files: the other files of it, by name.
        ruleset: what it is; `None` if it has errors.
        problems: its errors and warnings, by place.
        tests: how it did on its own examples; `None` if it has errors.
        changes: which rules it would change; `None` likewise.
        diff: what it would make of the comments that came in last; `None` likewise.
        after: number of the change that was live when all this was looked at; 0 for none.
    """

    text: str
    files: Mapping[str, str]
    ruleset: Ruleset | None
    problems: Sequence[Problem]
    tests: TestReport | None = None
    changes: RuleChanges | None = None
    diff: Diff | None = None
    after: int = 0

    @property
    def usable(self) -> bool:
        """Whether it may be made live."""
        return self.ruleset is not None and self.tests is not None and self.tests.passed


def preview(text: str, files: Mapping[str, str], *, moderator: Moderator, store: Store) -> Preview:
    """Check a draft, try it on its examples, and compare it with what decides now.

    Args:
        text: the draft of a rules.yaml.
        files: the other files that it names.
        moderator: what decides now.
        store: the comments to compare on.

    Raises:
        ModelError: the draft's model can't be loaded.
        StoreError: the database can't be used.
    """
    live = moderator.pipeline.ruleset
    ruleset, problems = check_text(text, files=files, folder=live.folder)
    if ruleset is None:
        return Preview(text, files, None, problems)
    with store.reading() as session:
        change = live_change(session=session)
    return Preview(
        text,
        files,
        ruleset,
        problems,
        _tested(ruleset, moderator),
        rule_changes(ruleset, store=store),
        diff_stored(store, Question(live, ruleset, examine=False), last=COMPARED),
        change.id if change else 0,
    )


def apply(user: User, draft: Preview, message: str, *, store: Store) -> RulesetChange | None:
    """Make a draft live, unless somebody else made another one live since it was looked at.

    Returns:
        The entry of the log; `None` if the same rules are live already.

    Raises:
        PermissionDeniedError: the user is no admin.
        RulesConflictError: another ruleset was made live in the meantime.
        StoreError: the database can't be used.
    """
    require_admin(user, "change the rules")
    if draft.ruleset is None:
        return None
    return make_live(draft.ruleset, store=store, by=user.name, message=message, after=draft.after)


def go_back(user: User, ruleset: str, message: str, *, store: Store) -> RulesetChange | None:
    """Let an earlier ruleset, by its hash, decide again.

    Raises:
        PermissionDeniedError: the user is no admin.
        StoreError: the database can't be used.
    """
    require_admin(user, "change the rules")
    return revert_to(ruleset, store=store, by=user.name, message=message)


def lift_brake(user: User, rule: str, *, store: Store) -> BrakeEvent | None:
    """Give a rule its power to reject back.

    Returns:
        What was recorded; `None` if the brake is on the rule no more.

    Raises:
        PermissionDeniedError: the user is no admin.
        UnknownRuleError: no rule that decides has this name.
        StoreError: the database can't be used.
    """
    require_admin(user, "lift the brake")
    return release_rule(rule, store=store, by=user.name)


def _tested(draft: Ruleset, moderator: Moderator) -> TestReport:
    with moderator.trying(draft) as pipeline:
        return run_examples(draft, pipeline)
