"""What a language detector must be able to do."""

from typing import Protocol

from moderation.domain import Language


class LanguageDetector(Protocol):
    """Tells the language of a text. Deterministic, and safe to call from many threads at once."""

    @property
    def name(self) -> str:
        """Name, version and seed: everything that an answer depends on besides the text."""
        ...

    def detect(self, text: str) -> Language:
        """Tell the language of a normalised text; `und` where it can't be told."""
        ...
