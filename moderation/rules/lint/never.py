"""Rules that can never fire, or never change anything."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from moderation.disguise import Entry
from moderation.domain import UNDETERMINED, Action, Outcome
from moderation.language.profiles import FAMILIES
from moderation.rules.lint.facts import Fact, contradict, facts_of
from moderation.rules.reading.diagnostics import Severity
from moderation.rules.reading.faults import Fault, KeyPath, quoted
from moderation.rules.schema.config import RulesConfig
from moderation.rules.schema.rule import Rule, Status
from moderation.text.scripts import LANGUAGE_OF_SCRIPT

DETECTABLE = frozenset(
    {name.partition("-")[0] for names in FAMILIES.values() for name in names}
    | set(LANGUAGE_OF_SCRIPT.values())
    | {UNDETERMINED}
)
"""What the language check can answer."""

_RESTS_ON = {
    "score": "toxicity",
    "language": "language",
    "language_confidence": "language",
    "words": "word_lists",
}
"""Which check a fact rests on, by the first word of its kind."""


def find_never_firing(config: RulesConfig, words: Mapping[str, Sequence[Entry]]) -> Iterator[Fault]:
    """Find conditions that contradict each other or the rest of the ruleset."""
    for place, rule in enumerate(config.rules):
        if rule.status is Status.RETIRED:
            continue
        path: KeyPath = ("rules", place)
        facts = list(facts_of(rule.when, (*path, "when")))
        yield from _contradictions(facts)
        yield from _without_an_answer(facts)
        yield from _unknown_languages(facts, config)
        yield from _empty_lists(facts, words)
        yield from _outside_the_box(rule, facts, config)
        if rule.sample == 0:
            yield _warning(
                "this rule looks at no comment", "write a share, such as `10 %`", (*path, "sample")
            )


def _contradictions(facts: Sequence[Fact]) -> Iterator[Fault]:
    for one, other in combinations(facts, 2):
        if contradict(one, other):
            yield _warning(
                f"this rule can never fire: `{one.path[-1]}` and `{other.path[-1]}` can't both hold",
                "delete one of the two, or put them under `any`",
                other.path,
                key=True,
            )


def _without_an_answer(facts: Sequence[Fact]) -> Iterator[Fault]:
    """Find rules that want a check to have failed, and to have found something."""
    for outcome in facts:
        if outcome.kind != "check_outcome":
            continue
        silent = {check for check, wanted in outcome.value.items() if Outcome.OK not in wanted}
        for fact in facts:
            if _RESTS_ON.get(fact.kind.split()[0]) in silent:
                yield _warning(
                    f"this rule can never fire: without an answer of the check, `{fact.path[-1]}` is not known",
                    "make two rules of it",
                    fact.path,
                    key=True,
                )


def _unknown_languages(facts: Sequence[Fact], config: RulesConfig) -> Iterator[Fault]:
    for fact in facts:
        if fact.kind != "language" or not config.language or not isinstance(fact.value, frozenset):
            continue
        unknown = sorted(fact.value - DETECTABLE)
        if unknown:
            alone = "this rule can never fire" if len(unknown) == len(fact.value) else "this does nothing"
            yield _warning(
                f"{alone}: no detector here tells {quoted(', '.join(unknown))}",
                "delete it",
                fact.path,
                key=True,
            )


def _empty_lists(facts: Sequence[Fact], words: Mapping[str, Sequence[Entry]]) -> Iterator[Fault]:
    for fact in facts:
        if fact.kind == "words" and not any(words.get(name) for name in fact.value):
            yield _warning(
                "this rule can never fire: there is no word in the list",
                "write words into its file, one a line",
                fact.path,
                key=True,
            )


def _outside_the_box(rule: Rule, facts: Sequence[Fact], config: RulesConfig) -> Iterator[Fault]:
    """Find rules about comments that are too long or too short already."""
    length = config.length
    if rule.action is Action.APPROVE or length.action.strength < rule.action.strength:
        return
    for fact in facts:
        if fact.kind != "length":
            continue
        if fact.value.low > length.max:
            yield _outside(f"`length` {_does(length.action)} more than {length.max:,} letters", fact)
        elif fact.value.high < length.min:
            yield _outside(f"`length` {_does(length.action)} fewer than {length.min:,} letters", fact)


def _outside(why: str, fact: Fact) -> Fault:
    return _warning(
        f"this rule changes nothing: {why} already", "delete it, or change `length`", fact.path, key=True
    )


def _does(action: Action) -> str:
    return {Action.REJECT: "rejects", Action.HOLD: "holds", Action.FLAG: "flags"}[action]


def _warning(message: str, hint: str, path: KeyPath, *, key: bool = False) -> Fault:
    return Fault(message, hint, path, key=key, severity=Severity.WARNING)
