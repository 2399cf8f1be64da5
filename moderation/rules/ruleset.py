"""A rules.yaml that was read, checked and prepared, with the files that it names."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from importlib.resources import files as package_files
from pathlib import Path
from types import MappingProxyType

from moderation.disguise import Entry
from moderation.domain import CheckResult, Comment
from moderation.errors import RulesError
from moderation.rules.conditions.facts import Facts
from moderation.rules.fingerprints import fingerprints
from moderation.rules.reading.diagnostics import Problem, Severity, in_order_of_place, render
from moderation.rules.reading.documents import Reading
from moderation.rules.reading.files import Files, Given, OnDisk
from moderation.rules.reading.lists import read_lists
from moderation.rules.reading.merging import Document
from moderation.rules.reading.source import MAX_BYTES, SourceText, Unusable, decode_text, read_bytes
from moderation.rules.schema.config import RulesConfig
from moderation.rules.schema.validate import validate_rules
from moderation.rules.weighing.weigh import CompiledRules, Weighed, compile_rules, weigh_facts
from moderation.text import NormalisedText

RULES_FILE = "rules.yaml"
_HINT = "correct what is marked; `moderation rules check` shows the same and changes nothing"


@dataclass(frozen=True, slots=True, eq=False)
class Ruleset:
    """The rules of a site. Immutable, and safe to use from many threads at once.

    Attributes:
        config: the settings and rules.
        source: the text of rules.yaml.
        files: text of every other file that was read, by its name seen from the folder of rules.yaml.
        words: entries of each word list, by its name.
        hash: SHA-256 (hex) over the source and the files: the same hash, the same decisions.
        fingerprints: per rule, built-in ones too, a hash that changes when the rule itself does.
        folder: where rules.yaml lies, which a model's path is relative to; `None` if it came as text.
        document: what is written, with the place of every value: what else is said about the rules points there.
    """

    config: RulesConfig = field(repr=False)
    source: str = field(repr=False)
    files: Mapping[str, str] = field(repr=False)
    words: Mapping[str, tuple[Entry, ...]] = field(repr=False)
    hash: str
    fingerprints: Mapping[str, str] = field(repr=False)
    folder: Path | None
    document: Document = field(repr=False)
    _rules: CompiledRules = field(repr=False)

    @classmethod
    def load(cls, path: Path) -> "Ruleset":
        """Read a rules.yaml, and the files that it names beside it.

        Raises:
            RulesError: it can't be used; `what` shows every problem with its place.
        """
        return _usable(check_rules(path))

    @classmethod
    def parse(
        cls,
        source: str | bytes,
        *,
        files: Mapping[str, str] | None = None,
        name: str = RULES_FILE,
        folder: Path | None = None,
    ) -> "Ruleset":
        """Build a ruleset from text, such as a stored one; nothing is read from disk.

        Args:
            source: the text of a rules.yaml; bytes are UTF-8.
            files: text of the files that it names, by their names seen from its folder (`Ruleset.files`).
            name: how to call the text in problems.
            folder: what a model's path in it is relative to.

        Raises:
            RulesError: it can't be used; `what` shows every problem with its place.
        """
        return _usable(_from_text(source, name, Given(files or {}), folder))

    @classmethod
    def default(cls) -> "Ruleset":
        """Return the ruleset that comes with this package."""
        return cls.load(_shipped_rules())

    @property
    def repeat_windows(self) -> tuple[timedelta, ...]:
        """How far back the site's own rules ask what was said before, each once."""
        return self._rules.repeat_windows

    def weigh(
        self,
        comment: Comment,
        results: Mapping[str, CheckResult],
        *,
        now: datetime,
        text: NormalisedText | None = None,
        muted: Collection[str] = (),
        without: Collection[str] = (),
    ) -> Weighed:
        """Weigh what the checks found. Pure: the same arguments give the same reasons.

        Args:
            comment: what was checked.
            results: how each check ended, by its name.
            now: when the comment was written, aware; rules expire by it, and conditions on time see it.
            text: the comment's text, normalised; done here, on first need, if it is not given.
            muted: names of rules under the brake: where they would reject, they hold, and their evidence says
                `"braked": true`.
            without: names of rules to leave out altogether.
        """
        rules = self._rules
        facts = Facts(comment, results, now=now, text=text, index=rules.index, max_bytes=rules.max_bytes)
        return weigh_facts(rules, facts, muted=muted, without=without)


CheckedRules = tuple[Ruleset | None, list[Problem]]
"""A ruleset, `None` if it has errors, and every error and warning of it in order of place."""


def check_rules(path: Path, *, today: date | None = None) -> CheckedRules:
    """Read a rules.yaml and the files that it names, and say everything that is wrong with them.

    Args:
        path: the rules.yaml.
        today: the day that rules expire by; today, UTC, if it is not given.
    """
    try:
        content = read_bytes(path, limit=MAX_BYTES)
    except Unusable as unusable:
        return None, [unusable.problem]
    return _from_text(content, str(path), OnDisk(path), path.parent, today)


def check_text(
    source: str, *, files: Mapping[str, str], name: str = RULES_FILE, folder: Path | None = None
) -> CheckedRules:
    """Say everything that is wrong with a ruleset that is being written; nothing is read from disk.

    Args:
        source: the text of a rules.yaml.
        files: text of the files that it names, as in `Ruleset.parse`.
        name: how to call the text in problems.
        folder: what a model's path in it is relative to.
    """
    return _from_text(source, name, Given(files), folder)


def _from_text(
    content: str | bytes, name: str, files: Files, folder: Path | None = None, today: date | None = None
) -> CheckedRules:
    try:
        source = SourceText(name, decode_text(content, name, limit=MAX_BYTES))
        reading = Reading(source, files)
        document = reading.document()
    except Unusable as unusable:
        return None, [unusable.problem]
    config, problems = validate_rules(document, reading.parts, today or datetime.now(UTC).date())
    lists = read_lists(document, files, name)
    problems = in_order_of_place([*problems, *reading.problems, *lists.problems], first=name)
    if config is None or any(problem.severity is Severity.ERROR for problem in problems):
        return None, problems
    read = {**reading.texts, **lists.files}
    ruleset = Ruleset(
        config,
        source.text,
        MappingProxyType(read),
        MappingProxyType(lists.words),
        _hash(source.text, read),
        MappingProxyType(fingerprints(config, document.data, lists.texts)),
        folder,
        document,
        compile_rules(config),
    )
    return ruleset, problems


def _usable(checked: CheckedRules) -> Ruleset:
    ruleset, problems = checked
    if ruleset is None:
        raise RulesError(render(problems), hint=_HINT)
    return ruleset


def _hash(source: str, files: Mapping[str, str]) -> str:
    """Hash everything that decisions rest on; each part with its label, in an order that nothing changes."""
    digest = sha256()
    for label, text in [("rules", source), *sorted((f"file:{name}", text) for name, text in files.items())]:
        for part in (label, text):
            encoded = part.encode("utf-8", "surrogatepass")
            digest.update(b"%d:" % len(encoded) + encoded)
    return digest.hexdigest()


def _shipped_rules() -> Path:
    """Find the shipped rules.yaml: in the package once installed, beside it in a checkout."""
    package = Path(str(package_files("moderation")))
    installed = package / RULES_FILE
    return installed if installed.exists() else package.parent / RULES_FILE
