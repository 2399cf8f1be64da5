"""Places in a text as Perspective counts them: in UTF-16 units, two for an emoji."""

from bisect import bisect_left
from itertools import accumulate


class Utf16:
    """The places of one text, both ways."""

    def __init__(self, text: str) -> None:
        self._units = list(accumulate((2 if letter > "\uffff" else 1 for letter in text), initial=0))

    @property
    def length(self) -> int:
        """Length of the text, in units."""
        return self._units[-1]

    @property
    def whole(self) -> tuple[int, int]:
        """Where the text begins and ends, in code points."""
        return 0, len(self._units) - 1

    def units(self, place: int) -> int:
        """Return the units before a place that is given in code points."""
        return self._units[place]

    def code_points(self, units: int) -> int | None:
        """Return the code points before a place; `None` if it is outside of the text or inside a pair."""
        place = bisect_left(self._units, units)
        inside = place < len(self._units) and self._units[place] == units
        return place if inside else None
