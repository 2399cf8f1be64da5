"""Compares our language detection with plain `langdetect.detect`: right and wrong answers, and time.

    python -m tools.benchmarks.language                 the tables
    python -m tools.benchmarks.language --by-language   one line a language as well

Every comment of data/language_samples.jsonl.gz (150 in each of nine languages; data/README.md says whence)
is asked three times: its first one or two words, its first three to six, and all of it, up to 300 characters.
Words are what stands between spaces, after @mentions and links are left out; in Chinese, where there are no
spaces, the first 2-4 and the first 5-12 characters stand in for them. The sentences of data/language_short.jsonl
(50 in each of eight languages) are asked as they are. Plain langdetect runs as it comes, seeded with 0.

A wrong answer names another language. `und` is no answer: less use than a right one, and less harm than a wrong one.
The detector's constants were chosen on other comments, and its words counted in others, but with most of the short
insults in view.
"""

import argparse
import gzip
import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from time import perf_counter

import langdetect
from langdetect import detector_factory
from langdetect.lang_detect_exception import LangDetectException

from moderation.domain import UNDETERMINED
from moderation.language import LangdetectDetector
from moderation.text import normalise

DATA = Path(__file__).parent / "data"
SAMPLES, SENTENCES = DATA / "language_samples.jsonl.gz", DATA / "language_short.jsonl"
NINE = ("en", "ko", "es", "de", "pt", "fr", "it", "tr", "zh")
BANDS = ("1-2 words", "3-6 words", "longer", "sentences of 3-6 words")
SHORT_INSULTS = (
    *("you idiot", "lol ok", "ok", "lol", "wtf", "stfu", "kys", "u r dumb", "moron", "fuck you", "fuck off"),
    *("you are an idiot", "shut up moron", "what a loser", "dumb bitch", "go to hell", "you suck so bad"),
    *("nobody likes you", "die in a fire", "stupid asshole", "lying scumbag", "eat shit and die"),
)
LAUGHTER_AND_NAMES = (
    *(
        "LMAOOOOO hahahahaha lol",
        "jajajajaja xD jajaja",
        "kkkkkkkk rsrsrsrs",
        "hehehe hihihi hohoho",
        "xDDDDD lmfao rofl",
    ),
    *("Park Ji-sung Son Heung-min Kim Min-jae", "Lionel Messi, Kylian Mbappé, Karim Benzema"),
    *(
        "Elon Musk Jeff Bezos Bill Gates",
        "Angela Merkel Olaf Scholz Robert Habeck",
        "Bong Joon-ho Park Chan-wook",
    ),
    *("Rafael Nadal Novak Djokovic", "Selena Gomez Dua Lipa Ariana Grande", "Giorgia Meloni Matteo Salvini"),
    *("Erling Haaland Martin Ødegaard", "Luka Modric Ivan Rakitic", "Recep Tayyip Erdoğan Devlet Bahçeli"),
)
NO_WORDS = re.compile(r"@\S+|https?://\S+")

Detect = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Case:
    """A text to tell the language of."""

    text: str
    lang: str
    band: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a detector said, and how long it took in milliseconds."""

    case: Case
    code: str
    ms: float


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the tables."""
    head, _, rest = (__doc__ or "").partition("\n")
    parser = argparse.ArgumentParser(
        description=head, epilog=rest, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--by-language", action="store_true", help="add a line for each language")
    options = parser.parse_args(arguments)

    started = perf_counter()
    ours = {"en, ko": _ours(("en", "ko"))}
    loaded = perf_counter()
    plain = _plain()
    print(
        f"load      ours {(loaded - started) * 1000:.0f} ms, plain {(perf_counter() - loaded) * 1000:.0f} ms"
    )
    ours["all nine"] = _ours(NINE)

    cases = [case for row in _samples() for case in _cases(row["text"], row["lang"])]
    cases += [Case(row["text"], row["lang"], BANDS[3]) for row in _sentences()]
    detectors = {"plain langdetect": plain} | {f"ours, expected {name}": one for name, one in ours.items()}
    answers = {name: [_ask(detect, case) for case in cases] for name, detect in detectors.items()}
    _print_table(answers, by_language=options.by_language)
    _print_wrong(
        "short insults and the like, in English: called another language", SHORT_INSULTS, "en", detectors
    )
    _print_wrong("rows of laughter or names: called a language", LAUGHTER_AND_NAMES, UNDETERMINED, detectors)


def _plain() -> Detect:
    detector_factory.init_factory()
    langdetect.DetectorFactory.seed = 0

    def detect(text: str) -> str:
        try:
            return str(langdetect.detect(text)).partition("-")[0]
        except LangDetectException:
            return UNDETERMINED

    return detect


def _ours(expected: Sequence[str]) -> Detect:
    detector = LangdetectDetector(expected)
    return lambda text: detector.detect(text).code


def _samples() -> Iterable[dict[str, str]]:
    with gzip.open(SAMPLES, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _sentences() -> Iterable[dict[str, str]]:
    yield from map(json.loads, SENTENCES.read_text(encoding="utf-8").splitlines())


def _cases(text: str, lang: str) -> Iterable[Case]:
    words = NO_WORDS.sub(" ", text).split()
    size = len(text)  # as good as random, and the same every time
    few, some = 1 + size % 2, 3 + size % 4
    if lang == "zh":
        joined = "".join(words)
        yield Case(joined[: 2 + size % 3], lang, BANDS[0])
        yield Case(joined[: 5 + size % 8], lang, BANDS[1])
    else:
        yield Case(" ".join(words[:few]), lang, BANDS[0])
        yield Case(" ".join(words[:some]), lang, BANDS[1])
    yield Case(text, lang, BANDS[2])


def _ask(detect: Detect, case: Case) -> Answer:
    text = normalise(case.text).text
    started = perf_counter()
    code = detect(text)
    return Answer(case, code, (perf_counter() - started) * 1000)


def _print_table(answers: dict[str, list[Answer]], *, by_language: bool) -> None:
    baseline = next(iter(answers.values()))
    for band in BANDS:
        print(f"\n{band:26}   n   right   wrong     und   ms a call   of plain's")
        for name, given in answers.items():
            for lang in (None, *NINE) if by_language else (None,):
                chosen = _of(given, band, lang)
                if not chosen:
                    continue
                ratio = _ms(chosen) / _ms(_of(baseline, band, lang))
                print(f"{name if lang is None else '  ' + lang:26}{_shares(chosen)}{ratio:13.2f}")


def _of(given: Iterable[Answer], band: str, lang: str | None) -> list[Answer]:
    return [one for one in given if one.case.band == band and lang in {None, one.case.lang}]


def _ms(chosen: Iterable[Answer]) -> float:
    return mean(one.ms for one in chosen)


def _shares(chosen: Sequence[Answer]) -> str:
    right = mean(one.code == one.case.lang for one in chosen)
    wrong = mean(one.code not in {one.case.lang, UNDETERMINED} for one in chosen)
    unknown = mean(one.code == UNDETERMINED for one in chosen)
    return f"{len(chosen):5}{right:8.1%}{wrong:8.1%}{unknown:8.1%}{_ms(chosen):12.2f}"


def _print_wrong(what: str, texts: Sequence[str], code: str, detectors: dict[str, Detect]) -> None:
    print(f"\n{len(texts)} {what}")
    for name, detect in detectors.items():
        told = [(text, detect(normalise(text).text)) for text in texts]
        wrong = [f"{text} = {found}" for text, found in told if found not in {code, UNDETERMINED}]
        print(f"{name:26}{len(wrong):5}  {'; '.join(wrong)}")


if __name__ == "__main__":
    main()
