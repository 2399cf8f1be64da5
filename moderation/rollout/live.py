"""The rules that decide now, and how they are exchanged while comments come in."""

import threading
from collections.abc import Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic

from moderation.errors import ModerationError
from moderation.language import LanguageDetector
from moderation.logs import Fields, room_logger
from moderation.pipeline import Pipeline
from moderation.rollout.brake import Brake
from moderation.rollout.follower import Follower
from moderation.rollout.sources import LogSource, RulesSource
from moderation.rollout.wording import short_hash
from moderation.rules import Ruleset
from moderation.scoring import ToxicityScorer
from moderation.store import Store

log = room_logger(__name__)

RETRY_S = 1.0
"""After how long at least what could not be used is tried again: a word list or a model may be there by now."""

_EFFORT = 5  # ... and after so many times what the attempt took


@dataclass(eq=False, slots=True)
class Deciding:
    """A ruleset, loaded, with the brake on its rules. Decisions that began with it end with it."""

    pipeline: Pipeline
    brake: Brake
    users: int = 0


class LiveRules:
    """Says what decides, and follows where that comes from. Safe to share between threads.

    Args:
        pipeline: what decides first.
        store: where comments are stored; `None`: nowhere.
        sources: what to follow, the first that has something to say counts.
        scorer: used in place of the model that a ruleset names.
        detector: used in place of langdetect.
    """

    def __init__(
        self,
        pipeline: Pipeline,
        store: Store | None = None,
        *,
        sources: Sequence[RulesSource] = (),
        scorer: ToxicityScorer | None = None,
        detector: LanguageDetector | None = None,
    ) -> None:
        self.problem: ModerationError | None = None
        """Why what is wanted does not decide; `None` while it does."""
        self._now = Deciding(pipeline, Brake(pipeline.ruleset))
        self._retired: list[Deciding] = []
        self._store = store
        self._sources = sources
        self._scorer, self._detector = scorer, detector
        self._lock = threading.Lock()  # over who uses what
        self._looking = threading.Lock()  # over everything below
        self._taken: Hashable = None
        self._tried: Hashable = None
        self._retry_at = 0.0
        self._brake_seen = 0
        self._follower: Follower | None = None

    @property
    def pipeline(self) -> Pipeline:
        """What decides now. What takes longer than a moment takes it from `use`."""
        return self._now.pipeline

    @contextmanager
    def use(self) -> Iterator[Deciding]:
        """Hold on to what decides now: it stays usable to the end of the block, whatever is made live."""
        with self._lock:
            deciding = self._now
            deciding.users += 1
        try:
            yield deciding
        finally:
            with self._lock:
                deciding.users -= 1
                idle = self._idle()
            _close(idle)

    @contextmanager
    def trying(self, draft: Ruleset) -> Iterator[Pipeline]:
        """Load rules beside what decides, to try them on something, and give back their memory at the end.

        A model that decides already is not loaded again, and stays loaded to the end of the block.

        Raises:
            ModelError: the draft's model can't be loaded.
            MissingExtraError: its engine is not installed.
        """
        with self.use() as deciding:
            opened = self._open(draft, beside=deciding.pipeline)
            try:
                yield opened
            finally:
                if opened.scorer is not deciding.pipeline.scorer:
                    opened.close()

    def begin(self, token: Hashable) -> None:
        """Say what was loaded first, and learn which of its rules are braked.

        Raises:
            StoreError: the database can't be used.
        """
        self._taken = token
        if self._store:
            self._now.brake.look(self._store)

    def follow(self) -> None:
        """Look for changes from now on, in a thread of its own, until `close`."""
        self._follower = Follower(self)

    def look(self) -> None:
        """Take what is wanted, if it has changed and can be used; else everything stays, loudly."""
        with self._looking:
            try:
                self._look()
            except ModerationError as error:
                self.report(error)
            except Exception:
                log.exception("the rules could not be looked for; those that decide stay")

    def close(self) -> None:
        """Stop following, and give back the memory of what decides."""
        if self._follower:
            self._follower.stop()
        with self._lock:
            self._retired.append(self._now)
            idle = self._retired
            self._retired = []
        _close([deciding.pipeline for deciding in idle])

    def _look(self) -> None:
        source, token = self._wanted()
        if source and token != self._taken:
            if token == self._tried and monotonic() < self._retry_at:
                return  # it could not be used a moment ago
            self._tried = token
            self._take(source)
        self._see_brakes()
        if self.problem:
            fields = Fields(ruleset=self.pipeline.ruleset.hash)
            log.warning("the rules are as they are wanted again: %s decides", self._hash(), extra=fields)
            self.problem = None

    def _wanted(self) -> tuple[RulesSource | None, Hashable]:
        for source in self._sources:
            token = source.newest()
            if token is not None:
                return source, token
        return None, None

    def _take(self, source: RulesSource) -> None:
        """Load what is wanted beside what decides, then exchange the two in one step."""
        began = monotonic()
        try:
            ruleset, token = source.load()
            if ruleset.hash != self.pipeline.ruleset.hash:
                self._exchange(Deciding(self._open(ruleset, beside=self.pipeline), Brake(ruleset)))
        finally:
            self._retry_at = monotonic() + max(RETRY_S, _EFFORT * (monotonic() - began))
        self._taken = token

    def _open(self, ruleset: Ruleset, *, beside: Pipeline) -> Pipeline:
        """Load a ruleset's pipeline; a model that is loaded there already is not loaded again."""
        scorer, detector = self._scorer, self._detector
        wanted, had = ruleset.config.toxicity, beside.ruleset.config.toxicity
        same_folder = ruleset.folder == beside.ruleset.folder
        if wanted and had and (wanted.model, wanted.engine) == (had.model, had.engine) and same_folder:
            scorer = scorer or beside.scorer
        if ruleset.config.language == beside.ruleset.config.language:
            detector = detector or beside.detector
        return Pipeline.open(ruleset, detector=detector, scorer=scorer)

    def _exchange(self, new: Deciding) -> None:
        if self._store:
            new.brake.look(self._store)
        with self._lock:
            before, self._now = self._now, new
            self._retired.append(before)
            idle = self._idle()
        _close(idle)
        log.info(
            "the rules were exchanged: %s decides, no longer %s",
            self._hash(),
            short_hash(before.pipeline.ruleset.hash),
            extra=Fields(ruleset=new.pipeline.ruleset.hash, before=before.pipeline.ruleset.hash),
        )

    def _idle(self) -> list[Pipeline]:
        """Forget what nobody uses any more; return of it what must be closed. The lock is held."""
        done = [deciding for deciding in self._retired if not deciding.users]
        self._retired = [deciding for deciding in self._retired if deciding.users]
        in_use = {id(deciding.pipeline.scorer) for deciding in (self._now, *self._retired)}
        return [deciding.pipeline for deciding in done if id(deciding.pipeline.scorer) not in in_use]

    def _see_brakes(self) -> None:
        seen = max((s.marks.brake for s in self._sources if isinstance(s, LogSource)), default=0)
        if self._store and seen != self._brake_seen:
            self._now.brake.look(self._store)
            self._brake_seen = seen

    def report(self, error: ModerationError) -> None:
        """Say, once and loudly, why what is wanted does not decide."""
        if self.problem is None or str(self.problem) != str(error):
            fields = Fields(ruleset=self.pipeline.ruleset.hash, error=error.code)
            log.error("the rules stay as they are, %s decides: %s", self._hash(), error, extra=fields)
        self.problem = error

    def _hash(self) -> str:
        return short_hash(self.pipeline.ruleset.hash)


def _close(pipelines: Sequence[Pipeline]) -> None:
    for pipeline in pipelines:
        pipeline.close()
