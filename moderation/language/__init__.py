"""Which language a comment is in: the protocol, and langdetect behind it."""

from moderation.language.langdetect import LangdetectDetector
from moderation.language.protocol import LanguageDetector

__all__ = ["LangdetectDetector", "LanguageDetector"]
