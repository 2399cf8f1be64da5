"""A model of several networks: each text is scored by the one that knows its language."""

from collections.abc import Sequence
from typing import Final

from moderation.scoring.protocol import ToxicityScorer, basis_of
from moderation.text.scripts import dominant_script, script_of, scripts_in

_SECOND_SCRIPT = 0.1  # share of a text's letters from which on a second script counts


class RoutedScorer:
    """Scores each text with one of several networks.

    A text goes to the first network that knows its language; where the language isn't told, to the first
    that knows a language of its script; else to the first. But one in two scripts ("what a 바보 you are") goes to
    a network that reads both, if there is one.

    Args:
        networks: the networks, of equal attributes; the first is the one for what no other claims.
        model: name and weight hash of the whole.
    """

    def __init__(self, networks: Sequence[ToxicityScorer], *, model: str) -> None:
        first = networks[0]
        if any(network.attributes != first.attributes for network in networks):
            raise ValueError("the networks of a model score the same attributes")
        self._networks = tuple(networks)
        self._scripts = [{script_of(known) for known in network.languages} for network in networks]
        self.model: Final = model
        self.engine: Final = first.engine
        self.basis: Final = basis_of(first)  # of the whole: the first network's manifest has the others in it
        self.attributes: Final = first.attributes
        self.languages: Final = frozenset().union(*(network.languages for network in networks))

    def score(
        self, texts: Sequence[str], *, languages: Sequence[str | None] | None = None
    ) -> list[dict[str, float]]:
        """Score each text: attribute to score, in the order of the texts; see `ToxicityScorer`."""
        told = languages or [None] * len(texts)
        chosen = [self._network(text, language) for text, language in zip(texts, told, strict=True)]
        found: list[dict[str, float]] = [{}] * len(texts)
        for number, network in enumerate(self._networks):
            own = [row for row, choice in enumerate(chosen) if choice == number]
            asked = [told[row] for row in own]
            answers = network.score([texts[row] for row in own], languages=asked) if own else []
            for row, answer in zip(own, answers, strict=True):
                found[row] = answer
        return found

    def close(self) -> None:
        """Give back the memory."""
        for network in self._networks:
            network.close()

    def _network(self, text: str, language: str | None) -> int:
        chosen = self._by_language(text, language)
        written = scripts_in(text, at_least=_SECOND_SCRIPT)
        if written <= self._scripts[chosen]:
            return chosen
        return next((number for number, known in enumerate(self._scripts) if written <= known), chosen)

    def _by_language(self, text: str, language: str | None) -> int:
        for number, network in enumerate(self._networks):
            if language in network.languages:
                return number
        dominant = dominant_script(text)
        if dominant is None:
            return 0
        return next((number for number, known in enumerate(self._scripts) if dominant.script in known), 0)
