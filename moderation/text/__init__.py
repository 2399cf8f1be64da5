"""What a text reads as, with a map back to what was written; and how long it is."""

from moderation.text.normalise import (
    MAX_MARKS,
    NORMALISER_VERSION,
    NormalisedText,
    grapheme_length,
    is_blank,
    normalise,
    same_text_key,
    trimmed,
    written_text_key,
)

__all__ = [
    "MAX_MARKS",
    "NORMALISER_VERSION",
    "NormalisedText",
    "grapheme_length",
    "is_blank",
    "normalise",
    "same_text_key",
    "trimmed",
    "written_text_key",
]
