"""What labels say of a model: texts that somebody labelled, scored by the model that the rules name."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from moderation.model_evaluation.labelled import POSITIVE
from moderation.model_evaluation.systems import BeginTask
from moderation.pipeline import Pipeline
from moderation.reports.scoring import score_texts
from moderation.rules.values.languages import code_in
from moderation.store import Store, text_hash
from moderation.store.comments.rows import PAGE
from moderation.store.labels import StoredLabel, labels
from moderation.store.verdicts.verdict_log import judged_texts

_NOT_ASKED_FOR = 0  # no label has this number
_CHUNK = 64  # texts that are scored at a time


@dataclass(slots=True)
class LabelCases:
    """Labelled texts with their scores.

    Attributes:
        model: name and weight hash of what scored them; empty if there was nothing to score.
        cases: of each text its score, and whether its label says that it has the attribute.
        judged: labels left out, because a moderator decided the same text.
        unscored: labels left out, because the model had no answer.
    """

    model: str = ""
    cases: list[tuple[float, bool]] = field(default_factory=list)
    judged: int = 0
    unscored: int = 0


@dataclass(frozen=True, slots=True)
class LabelScoring:
    """How labels are scored.

    Attributes:
        open_pipeline: loads the rules with their model; called only if there are labels to score.
        begin: told what begins and how many texts there are; returns what is told how far it is.
    """

    open_pipeline: Callable[[], Pipeline]
    begin: BeginTask


def label_cases(store: Store, attribute: str, language: str | None, scoring: LabelScoring) -> LabelCases:
    """Score the texts that have a label for an attribute, each once: its newest label counts.

    Raises:
        StoreError: the database can't be used.
        ModelError: the model can't be loaded.
    """
    found = LabelCases()
    wanted = _standing(store, attribute, language, found)
    if not wanted:
        return found
    pipeline = scoring.open_pipeline()
    try:
        found.model = pipeline.provenance.model
        progress = scoring.begin(f"labels for {attribute}", len(wanted))
        for page in _pages(store, attribute):
            chosen = [one for one in page if one.id in wanted]
            for start in range(0, len(chosen), _CHUNK):
                chunk = chosen[start : start + _CHUNK]
                _score(chunk, attribute, language, pipeline, found)
                progress(len(chunk))
    finally:
        pipeline.close()
    return found


def _standing(store: Store, attribute: str, language: str | None, found: LabelCases) -> set[int]:
    """Return the numbers of the labels that count: of each text the newest, unless a moderator decided it."""
    newest: dict[str, int] = {}
    for page in _pages(store, attribute):
        for one in page:
            other = language is not None and code_in(one.language) not in {None, language}
            newest[text_hash(one.text)] = _NOT_ASKED_FOR if other else one.id
    with store.reading() as session:
        judged = judged_texts(session=session)
    asked = {text: number for text, number in newest.items() if number != _NOT_ASKED_FOR}
    found.judged = len(asked.keys() & judged)
    return {number for text, number in asked.items() if text not in judged}


def _pages(store: Store, attribute: str) -> Iterator[list[StoredLabel]]:
    """Yield labels by the page; between pages, no transaction is open."""
    after = 0
    while True:
        with store.reading() as session:
            page = list(islice(labels(session=session, attribute=attribute, after=after), PAGE))
        if not page:
            return
        yield page
        after = page[-1].id


def _score(
    page: Sequence[StoredLabel],
    attribute: str,
    language: str | None,
    pipeline: Pipeline,
    found: LabelCases,
) -> None:
    scored = score_texts(pipeline, [one.text for one in page], [one.language for one in page])
    for label, one in zip(page, scored, strict=True):
        if language not in {None, one.language}:
            continue
        if attribute in one.scores:
            found.cases.append((one.scores[attribute], label.scores[attribute] >= POSITIVE))
        else:
            found.unscored += 1
