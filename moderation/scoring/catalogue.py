"""The models that can be named in rules.yaml: the embedded one, and Detoxify's own."""

from dataclasses import dataclass

from moderation.scoring.checkpoint import MULTILINGUAL

EMBEDDED = "compact"
"""The model inside this package: works right after installation."""

_SIX = ("toxicity", "severe_toxicity", "obscene", "threat", "insult", "identity_attack")
_SEVEN = ("toxicity", "severe_toxicity", "obscene", "identity_attack", "insult", "threat", "sexual_explicit")


@dataclass(frozen=True, slots=True)
class KnownModel:
    """A model of the catalogue.

    Attributes:
        name: as in rules.yaml.
        languages: ISO 639-1 codes of the languages it knows.
        attributes: what it scores.
        architecture: what it is built on, for people.
        megabytes: about what it takes on disk.
        licence: SPDX identifier.
        release: path of the checkpoint below `MODERATION_MODELS_URL`, empty for the embedded model. The
            file's name ends in the first 8 hex digits of its SHA-256.
        base: repository below `MODERATION_HUB_URL` that holds its configuration and tokeniser.
    """

    name: str
    languages: tuple[str, ...]
    attributes: tuple[str, ...]
    architecture: str
    megabytes: int
    licence: str = "Apache-2.0"
    release: str = ""
    base: str = ""


# Release files: MODEL_URLS in detoxify/detoxify.py; what each was trained on: https://github.com/unitaryai/detoxify.
CATALOGUE: dict[str, KnownModel] = {
    model.name: model
    for model in (
        KnownModel(
            EMBEDDED,
            ("en", "ko", "zh", "tr", "es", "it", "de", "pt"),
            _SIX,
            "MiniLM, 6 layers; E5, 12 layers",
            59,
        ),
        KnownModel(
            "original",
            ("en",),
            _SIX,
            "BERT base",
            438,
            release="v0.1-alpha/toxic_original-c1212f89.ckpt",
            base="google-bert/bert-base-uncased",
        ),
        KnownModel(
            "unbiased",
            ("en",),
            _SEVEN,
            "RoBERTa base",
            499,
            release="v0.3-alpha/toxic_debiased-c7548aa0.ckpt",
            base="FacebookAI/roberta-base",
        ),
        KnownModel(
            "multilingual",
            MULTILINGUAL,
            _SEVEN,
            "XLM-RoBERTa base",
            1112,
            release="v0.4-alpha/multilingual_debiased-0b549669.ckpt",
            base="FacebookAI/xlm-roberta-base",
        ),
        KnownModel(
            "original-small",
            ("en",),
            _SIX,
            "ALBERT base",
            47,
            release="v0.1.2/original-albert-0e1d6498.ckpt",
            base="albert/albert-base-v2",
        ),
        KnownModel(
            "unbiased-small",
            ("en",),
            _SEVEN,
            "ALBERT base",
            47,
            release="v0.1.2/unbiased-albert-c8519128.ckpt",
            base="albert/albert-base-v2",
        ),
    )
}
"""Every model by its name, the embedded one first."""
