"""What decisions of this process rest on: the ruleset, the model's files, the detector, and what computes with them."""

from dataclasses import replace
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from platform import python_version
from unicodedata import unidata_version

from moderation.domain import Provenance
from moderation.language import LanguageDetector
from moderation.rules import Ruleset
from moderation.scoring import CATALOGUE, ToxicityScorer, basis_of
from moderation.text import NORMALISER_VERSION
from moderation.version import __version__

_LIBRARIES = ("regex", "google-re2", "idna", "publicsuffixlist", "tzdata")
"""Libraries whose tables or readings the checks and rules go by, besides those of the detector and the scorer."""


def provenance_of(
    ruleset: Ruleset, detector: LanguageDetector | None, scorer: ToxicityScorer | None
) -> Provenance:
    """Return what decisions rest on: see `Provenance`.

    Args:
        ruleset: what decides.
        detector: tells the language, if anything does.
        scorer: scores toxicity, if anything does.
    """
    made = Provenance(
        ruleset=ruleset.hash,
        model=scorer.model if scorer else "",
        engine=scorer.engine if scorer else "",
        normaliser=NORMALISER_VERSION,
        detector=detector.name if detector else "",
        version=__version__,
        runtime=_runtime(),
    )
    toxicity = ruleset.config.toxicity
    if scorer is None or toxicity is None:
        return made
    basis = basis_of(scorer)
    runtime = f"{made.runtime}, {basis.runtime}" if basis.runtime else made.runtime
    # Not resolved: a link such as `current` outlives the release that it leads to.
    folder = "" if toxicity.model in CATALOGUE else str((ruleset.folder or Path()).absolute())
    return replace(made, model_files=basis.files, folder=folder, runtime=runtime)


@lru_cache(maxsize=1)
def _runtime() -> str:
    own = {"python": python_version(), "unicode": unidata_version}
    return ", ".join(f"{name} {said}" for name, said in (own | {n: version(n) for n in _LIBRARIES}).items())
