"""A model of several networks scores each text with the one that knows its language."""

import pytest
from typing_extensions import override

from moderation.scoring.routed import RoutedScorer
from tests.support.scorers import FakeScorer


class Network(FakeScorer):
    """Remembers what it was asked."""

    def __init__(self, score: float, *languages: str) -> None:
        super().__init__(lambda _: score)
        self.languages = frozenset(languages)
        self.asked: list[str] = []

    @override
    def score(self, texts, *, languages=None):
        self.asked += texts
        return super().score(texts)


@pytest.fixture
def networks():
    return Network(0.1, "en"), Network(0.9, "ko", "de")


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("hello", "en", 0.1),
        ("hallo", "de", 0.9),
        ("안녕", "ko", 0.9),
        ("안녕", None, 0.9),
        ("hello", None, 0.1),
        ("10/10", None, 0.1),
        ("привет", None, 0.1),
        ("안녕", "und", 0.9),
        ("you are such a 바보 you know", "en", 0.9),
        ("a long comment in English about the word 바", "en", 0.1),
        ("so funny ㅋㅋㅋ", "en", 0.1),
    ],
)
def test_a_text_goes_to_the_network_of_its_language_or_script(networks, text, language, expected):
    scorer = RoutedScorer(networks, model="both@0")
    assert scorer.score([text], languages=[language])[0]["toxicity"] == expected


def test_answers_are_in_the_order_of_the_texts(networks):
    scorer = RoutedScorer(networks, model="both@0")
    found = scorer.score(["hello", "안녕", "bye", "하하하"])
    assert [answer["insult"] for answer in found] == [0.1, 0.9, 0.1, 0.9]
    assert [network.asked for network in networks] == [["hello", "bye"], ["안녕", "하하하"]]


def test_it_knows_what_its_networks_know_and_closes_them(networks):
    scorer = RoutedScorer(networks, model="both@0")
    assert scorer.languages == {"en", "ko", "de"}
    assert scorer.score([]) == []
    scorer.close()
    assert all(network.closed for network in networks)


def test_networks_of_other_attributes_are_refused(networks):
    networks[1].attributes = ("toxicity",)
    with pytest.raises(ValueError, match="same attributes"):
        RoutedScorer(networks, model="both@0")
