"""langdetect's language profiles: loaded once per process, and only for the scripts that occur."""

from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

from langdetect.detector_factory import PROFILES_DIRECTORY, DetectorFactory

SEED = 0
"""langdetect draws n-grams at random; every call starts from this seed, so it always draws the same."""

FAMILIES = {
    "latin": (
        *("af", "ca", "cs", "cy", "da", "de", "en", "es", "et", "fi", "fr", "hr", "hu", "id", "it", "lt"),
        *("lv", "nl", "no", "pl", "pt", "ro", "sk", "sl", "so", "sq", "sv", "sw", "tl", "tr", "vi"),
    ),
    "cyrillic": ("bg", "mk", "ru", "uk"),
    "arabic": ("ar", "fa", "ur"),
    "devanagari": ("hi", "mr", "ne"),
    "han": ("ja", "zh-cn", "zh-tw"),
}
"""langdetect's profiles by the script that their languages share."""

_loading = Lock()


def factory(family: str) -> Any:  # noqa: ANN401 - langdetect has no types
    """Return a `DetectorFactory` that knows the languages of one script of `FAMILIES`, seeded.

    Profiles of other scripts don't match its letters. Without them the answers are the same, loading all
    55 (0.4 s) becomes loading 31 or fewer (0.08 s), and every n-gram costs less. The factory is ours, not
    langdetect's global one, so nobody else's seed reaches it. The first call loads; the others wait for it.
    """
    with _loading:
        return _load(family)


@cache
def _load(family: str) -> Any:  # noqa: ANN401 - langdetect has no types
    # In our order: langdetect's own is the file system's, and decides between equal languages.
    profiles = [Path(PROFILES_DIRECTORY, name).read_text(encoding="utf-8") for name in FAMILIES[family]]
    loaded = DetectorFactory()
    loaded.load_json_profile(profiles)
    loaded.set_seed(SEED)
    return loaded
