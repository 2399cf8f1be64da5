"""Which language a comment is in: the protocol, and langdetect behind it.

Stable (docs/api.md): `LanguageDetector`. What else is exported is for the rest of this package, and may change in any
release.
"""

from moderation.language.langdetect import LangdetectDetector
from moderation.language.protocol import LanguageDetector

__all__ = ["LangdetectDetector", "LanguageDetector"]
