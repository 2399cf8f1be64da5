"""Times how long a large ruleset takes for a comment: 500 rules, 50,000 words.

    python -m tools.benchmarks.rules

Half of the words stand in word lists, half in conditions of rules; one rule in five has patterns. A comment is
searched for the words of the lists (the check's part) and weighed by all rules. The machine should have nothing
else to do.
"""

import argparse
import random
import statistics
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from time import perf_counter

from moderation.checks import LengthCheck, Subject
from moderation.checks.links import LinksCheck
from moderation.checks.word_lists import WordListsCheck
from moderation.disguise import WordMatcher
from moderation.domain import Author, CheckResult, Comment, Outcome, Signal, SignalName
from moderation.rules import Ruleset

_LISTS = 10
_PATTERNS = (r"{0}\s?\d+", r"({0}|{1}) (now|today)", r"\b{0}.{{0,20}}{1}\b", r"{0}s?!+", r"[$€]\d+ {0}")
_SYLLABLES = [a + b for a in "bcdfghjklmnprstvw" for b in "aeiou"]
_HANGUL = [chr(code) for code in range(0xAC00, 0xD7A4, 7)]


def main() -> None:
    """Build the ruleset, time comments of the usual length and print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rules", type=int, default=500, help="how many rules (default: 500)")
    parser.add_argument("--words", type=int, default=50_000, help="how many words in all (default: 50000)")
    parser.add_argument("--comments", type=int, default=3000, help="how many comments (default: 3000)")
    asked = parser.parse_args()
    chance = random.Random(7)  # noqa: S311 - the same ruleset each time, no secret
    words = list(_words(asked.words, chance))
    started = perf_counter()
    ruleset = _ruleset(asked.rules, words, chance)
    matcher = WordListsCheck(WordMatcher(ruleset.words))
    print(f"built in {perf_counter() - started:.1f} s", file=sys.stderr)
    finding, weighing, fired = [], [], 0
    for subject in _subjects(asked.comments, words, chance):
        started = perf_counter()
        found = matcher.examine(subject)
        found_at = perf_counter()
        results = {**subject.results, "word_lists": found}
        fired += len(ruleset.weigh(subject.comment, results, now=subject.now, text=subject.text).reasons)
        weighing.append(perf_counter() - found_at)
        finding.append(found_at - started)
    print(
        f"{asked.rules:,} rules, {asked.words:,} words, {asked.comments:,} comments; {fired:,} rules fired\n"
    )
    print("| ms a comment | p50 | p99 |\n| --- | --- | --- |")
    together = [a + b for a, b in zip(finding, weighing, strict=True)]
    for name, times in (("find words of lists", finding), ("weigh", weighing), ("both", together)):
        cuts = statistics.quantiles(times, n=100)
        print(f"| {name} | {cuts[49] * 1000:.2f} | {cuts[98] * 1000:.2f} |")


def _words(number: int, chance: random.Random) -> Iterator[str]:
    """Make up words: three in four Latin, the others Hangul."""
    seen: set[str] = set()
    while len(seen) < number:
        alphabet = _SYLLABLES if len(seen) % 4 else _HANGUL
        word = "".join(chance.choices(alphabet, k=chance.randint(3, 5)))
        if word not in seen:
            seen.add(word)
            yield word


def _ruleset(number: int, words: list[str], chance: random.Random) -> Ruleset:
    """Write a ruleset of several files: half of the words in lists, the other half in rules."""
    half = len(words) // 2
    files = {f"lists/{n}.txt": "\n".join(words[n:half:_LISTS]) for n in range(_LISTS)}
    own = words[half:]
    share = max(1, len(own) // number)
    rules = [_rule(n, own[n * share : (n + 1) * share], chance) for n in range(number)]
    size = 25  # rules a file: a file holds 20,000 values at most
    files |= {f"rules/{n}.yaml": "rules:\n" + "".join(rules[n : n + size]) for n in range(0, number, size)}
    lists = "".join(f"  list{n}: lists/{n}.txt\n" for n in range(_LISTS))
    return Ruleset.parse(f"version: 1\ninclude: rules/*.yaml\nword_lists:\n{lists}", files=files)


def _rule(number: int, words: list[str], chance: random.Random) -> str:
    extra = chance.choice(
        [
            f"words: list{number % _LISTS}",
            'links: "> 0"',
            'author: {approved_comments: "< 3"}',
            'scores: {toxicity: ">= 0.4"}',
            "not: {is_edited: true}",
        ]
    )
    text = f"      body: [{', '.join(words)}]\n"
    if number % 5 == 0:
        latin = [word for word in words if word.isascii()]
        patterns = [chance.choice(_PATTERNS).format(*chance.sample(latin, 2)) for _ in range(3)]
        text += f"      body#2 (regex): [{', '.join(repr(one) for one in patterns)}]\n".replace("\\\\", "\\")
    action = chance.choice(["flag", "hold", "reject"])
    return f"  - name: rule-{number}\n    when:\n{text}      {extra}\n    action: {action}\n"


def _subjects(number: int, words: list[str], chance: random.Random) -> Iterator[Subject]:
    """Write comments of 5 to 60 words, one in ten of them from the rules, and run the cheap checks on them."""
    checks = (LengthCheck(), LinksCheck())
    common = [
        chance.choice(["the", "and", "this", "오늘", "comment", "article", "정말", "people"])
        for _ in range(50)
    ]
    score = CheckResult(Outcome.OK, (Signal(SignalName.SCORE, 0.5, key="toxicity"),))
    for _ in range(number):
        said = [
            chance.choice(words) if chance.random() < 0.1 else chance.choice(common)  # noqa: PLR2004 - one in ten
            for _ in range(chance.randint(5, 60))
        ]
        comment = Comment(" ".join(said), author=Author("u", approved_comments=1))
        subject = Subject(comment, datetime(2026, 11, 25, tzinfo=UTC))
        results = {check.name: check.examine(subject) for check in checks}
        yield Subject(comment, subject.now, None, {**results, "toxicity": score})


if __name__ == "__main__":
    main()
