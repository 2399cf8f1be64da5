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
        checkpoint: its path below `MODERATION_MODELS_URL`, empty for the embedded model. The file's name ends
            in the first 8 hex digits of its SHA-256, which is all that its publisher tells of it.
        base: repository below `MODERATION_HUB_URL` that holds its configuration and tokeniser.
        revision: the commit of that repository: what is pulled doesn't change when its `main` does.
    """

    name: str
    languages: tuple[str, ...]
    attributes: tuple[str, ...]
    architecture: str
    megabytes: int
    licence: str = "Apache-2.0"
    checkpoint: str = ""
    base: str = ""
    revision: str = ""


# Checkpoints: MODEL_URLS in detoxify/detoxify.py; what each was trained on: https://github.com/unitaryai/detoxify.
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
            checkpoint="v0.1-alpha/toxic_original-c1212f89.ckpt",
            base="google-bert/bert-base-uncased",
            revision="86b5e0934494bd15c9632b12f734a8a67f723594",
        ),
        KnownModel(
            "unbiased",
            ("en",),
            _SEVEN,
            "RoBERTa base",
            499,
            checkpoint="v0.3-alpha/toxic_debiased-c7548aa0.ckpt",
            base="FacebookAI/roberta-base",
            revision="e2da8e2f811d1448a5b465c236feacd80ffbac7b",
        ),
        KnownModel(
            "multilingual",
            MULTILINGUAL,
            _SEVEN,
            "XLM-RoBERTa base",
            1112,
            checkpoint="v0.4-alpha/multilingual_debiased-0b549669.ckpt",
            base="FacebookAI/xlm-roberta-base",
            revision="e73636d4f797dec63c3081bb6ed5c7b0bb3f2089",
        ),
        KnownModel(
            "original-small",
            ("en",),
            _SIX,
            "ALBERT base",
            47,
            checkpoint="v0.1.2/original-albert-0e1d6498.ckpt",
            base="albert/albert-base-v2",
            revision="8e2f239c5f8a2c0f253781ca60135db913e5c80c",
        ),
        KnownModel(
            "unbiased-small",
            ("en",),
            _SEVEN,
            "ALBERT base",
            47,
            checkpoint="v0.1.2/unbiased-albert-c8519128.ckpt",
            base="albert/albert-base-v2",
            revision="8e2f239c5f8a2c0f253781ca60135db913e5c80c",
        ),
    )
}
"""Every model by its name, the embedded one first."""
