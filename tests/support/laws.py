"""How many examples Hypothesis tries: few for the loop of every day, more the more time there is.

`pytest --hypothesis-profile quick` or `thorough`; without it, what `make test` runs.
"""

from typing import Any

from hypothesis import settings

USUAL = 50


def register_profiles() -> None:
    """Make the profiles known, and load the usual one."""
    for name, examples in {"quick": 10, "usual": USUAL, "thorough": 10 * USUAL}.items():
        # A slow machine is no fault of what is tested.
        settings.register_profile(name, max_examples=examples, deadline=None)
    settings.load_profile("usual")


def examples(count: int, **options: Any) -> settings:
    """Settings of a test that is to try so many examples usually; another profile scales the count."""
    scaled = count * settings().max_examples // USUAL
    return settings(max_examples=max(1, scaled), **options)
