"""What decides when a `Moderator` is opened: given rules, the database's live version, else a file."""

from collections.abc import Hashable
from pathlib import Path

from moderation.errors import ModelError, ModerationError, RulesError
from moderation.language import LanguageDetector
from moderation.logs import Fields, room_logger
from moderation.pipeline import Pipeline
from moderation.rollout.live import LiveRules
from moderation.rollout.sources import FileSource, LogSource, RulesSource
from moderation.rollout.wording import short_hash
from moderation.rules import Ruleset
from moderation.scoring import ToxicityScorer
from moderation.store import Store

log = room_logger(__name__)


def open_rules(
    rules: Ruleset | Path | None,
    *,
    store: Store | None = None,
    follow: bool = True,
    scorer: ToxicityScorer | None = None,
    detector: LanguageDetector | None = None,
) -> LiveRules:
    """Load what decides.

    A ruleset that is given decides, for good. Otherwise the database's live version does, if there is
    one (`moderation rules apply`), and the file is but a draft; else the file; else the ruleset of this package.

    Args:
        rules: a ruleset, or the path of one.
        store: the database, if there is one.
        follow: whether to exchange the rules when others are made live or the file changes.
        scorer: used in place of the model that the ruleset names.
        detector: used in place of langdetect.

    Raises:
        RulesError: what should decide has errors.
        ModelError: its model can't be loaded.
        StoreError: the database can't be used.
    """
    if isinstance(rules, Ruleset):
        opened = LiveRules(Pipeline.open(rules, scorer=scorer, detector=detector), store)
        opened.begin(None)
        return opened
    logged = LogSource(store, rules.parent if rules else None) if store else None
    file = FileSource(rules) if rules else None
    sources: list[RulesSource] = [source for source in (logged, file) if source]
    pipeline, token, problem = _first(logged, file, scorer=scorer, detector=detector)
    opened = LiveRules(pipeline, store, sources=sources, scorer=scorer, detector=detector)
    opened.begin(token)
    if problem:
        opened.report(problem)
    if logged and logged.marks.change and rules:
        _say_if_they_differ(rules, pipeline.ruleset)
    if follow and (file or (store and store.shared)):
        opened.follow()
    return opened


def _first(
    logged: LogSource | None,
    file: FileSource | None,
    *,
    scorer: ToxicityScorer | None,
    detector: LanguageDetector | None,
) -> tuple[Pipeline, Hashable, ModerationError | None]:
    if logged and logged.newest():
        return _latest_usable(logged, scorer=scorer, detector=detector)
    ruleset, token = file.load() if file else (Ruleset.default(), None)
    return Pipeline.open(ruleset, scorer=scorer, detector=detector), token, None


def _latest_usable(
    logged: LogSource, *, scorer: ToxicityScorer | None, detector: LanguageDetector | None
) -> tuple[Pipeline, Hashable, ModerationError | None]:
    """Load the live version, else the one before it: a process that starts again decides like its neighbours."""
    problem: ModerationError | None = None
    for change in logged.all():
        try:
            ruleset = logged.ruleset_of(change)
            return Pipeline.open(ruleset, scorer=scorer, detector=detector), change.id, problem
        except (RulesError, ModelError) as error:
            problem = problem or error
    assert problem  # noqa: S101 - the log is not empty
    raise problem


def _say_if_they_differ(path: Path, live: Ruleset) -> None:
    try:
        same = Ruleset.load(path).hash == live.hash
    except RulesError:
        same = False
    if not same:
        log.warning(
            "the ruleset %s, which was made live in the database, decides; %s differs and is but a draft "
            "(`moderation rules apply` makes it live)",
            short_hash(live.hash),
            path,
            extra=Fields(ruleset=live.hash),
        )
