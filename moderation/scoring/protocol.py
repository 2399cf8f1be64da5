"""What a toxicity scorer must be able to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class Basis:
    """What scores depend on besides the weights and the engine.

    Attributes:
        files: hash of all that the model was loaded from; first 12 hex digits of the SHA-256.
        runtime: libraries with their versions, the processor, and threads if they matter; separated by commas.
    """

    files: str = ""
    runtime: str = ""


class ToxicityScorer(Protocol):
    """Scores texts, each for itself: what else is in the batch changes nothing.

    Safe to call from many threads at once.
    """

    @property
    def model(self) -> str:
        """Name and weight hash: `compact@1a2b3c4d5e6f` (first 12 hex digits of the SHA-256)."""
        ...

    @property
    def engine(self) -> str:
        """What computes the scores, with its version: `onnx 1.31.0` or `torch 2.13.0+cpu`."""
        ...

    @property
    def attributes(self) -> tuple[str, ...]:
        """What it scores, a subset of `moderation.domain.ATTRIBUTES`."""
        ...

    @property
    def languages(self) -> frozenset[str]:
        """ISO 639-1 codes of the languages that the model knows."""
        ...

    def score(
        self, texts: Sequence[str], *, languages: Sequence[str | None] | None = None
    ) -> list[dict[str, float]]:
        """Score each text: one dict per text, in order, of attribute to score 0–1.

        A text longer than the model's window is scored in overlapping windows; the maximum counts.

        Args:
            texts: what the model reads: normalised, and unmasked by `moderation.disguise.unmask`.
            languages: ISO 639-1 code of each text. A model of several networks picks by it, and where it
                is `None` or unknown by the text's script; every other model has no use for it.
        """
        ...

    def close(self) -> None:
        """Give back the memory; the scorer must not be used afterwards."""
        ...


@runtime_checkable
class _Based(Protocol):
    @property
    def basis(self) -> Basis: ...


def basis_of(scorer: ToxicityScorer) -> Basis:
    """Return the `basis` of a scorer, for a decision's record; one of somebody else's need not have any."""
    return scorer.basis if isinstance(scorer, _Based) else Basis()
