"""What authors are told, in English and Korean: what it is about, in numbers, and what would pass.

Sentences blame nobody: a score is a guess of a model, and a check that broke is our fault.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from moderation.domain import Action


@dataclass(frozen=True, slots=True)
class Tongue:
    """Everything that one language needs."""

    sentences: Mapping[str, str]
    after: Mapping[Action, str]
    reworded: str
    names: Mapping[str, str]
    either: str  # between two languages
    time: Callable[[int, str], str]
    times: Callable[[int], str]


_ENGLISH: Mapping[str, str] = {
    "length.empty": "There is no visible text in this comment. Write a few words, and send it again.",
    "length.too_short": "Comments here have at least {min} characters; this one has {graphemes}. Adding {over} will do.",
    "length.too_long": "Comments here have up to {max} characters; this one has {graphemes}. Shortening it by {over} will do.",
    "length.too_large": "This comment takes {bytes} bytes; up to {max_bytes} are allowed. It has accents or symbols stacked on its letters: plain letters will do.",
    "repetition.author": "You posted this text within the last {window} already.",
    "repetition.thread": "This text was posted here {repeats} within the last {window}. Saying it in your own words helps.",
    "language.unexpected": "Comments here are written in {expected}; this one looks like another language, though we may be mistaken.",
    "toxicity.toxicity": "Our automatic check suggests that some readers may find this comment hurtful; it can be mistaken.",
    "toxicity.severe_toxicity": "Our automatic check suggests that some readers may find this comment very hurtful; it can be mistaken.",
    "toxicity.obscene": "Our automatic check suggests that some readers may find the wording of this comment too strong; it can be mistaken.",
    "toxicity.threat": "Our automatic check suggests that some readers may read this comment as a threat; it can be mistaken.",
    "toxicity.insult": "Our automatic check suggests that some readers may read this comment as an insult; it can be mistaken.",
    "toxicity.identity_attack": "Our automatic check suggests that some readers may find this comment hurtful to a group of people; it can be mistaken.",
    "toxicity.sexual_explicit": "Our automatic check suggests that some readers may find this comment too explicit; it can be mistaken.",
    "on_failure": "One of our automatic checks could not finish. That is not about what you wrote.",
    "on_failure.not_covered": "Our automatic check does not know the language of this comment. That is not about what you wrote.",
    "rule": "This comment matches one of the site's rules for comments.",
}

_ENGLISH_AFTER: Mapping[Action, str] = {
    Action.FLAG: "It is published, and a moderator will take a look.",
    Action.HOLD: "A moderator will look at it before it is published.",
    Action.REJECT: "It was not published.",
}

_KOREAN: Mapping[str, str] = {
    "length.empty": "댓글에 보이는 글자가 없습니다. 내용을 입력한 뒤 다시 보내 주세요.",
    "length.too_short": "댓글은 {min}자 이상이어야 하는데 지금은 {graphemes}자입니다. {over}자만 더 써 주세요.",
    "length.too_long": "댓글은 {max}자까지 쓸 수 있는데 지금은 {graphemes}자입니다. {over}자만 줄여 주세요.",
    "length.too_large": "댓글은 {max_bytes}바이트까지 쓸 수 있는데 지금은 {bytes}바이트입니다. 글자에 겹쳐 쓴 기호를 빼고 보내 주세요.",
    "repetition.author": "최근 {window} 안에 같은 내용의 댓글을 이미 올리셨습니다.",
    "repetition.thread": "최근 {window} 안에 같은 내용의 댓글이 이곳에 {repeats} 올라왔습니다. 직접 표현을 바꾸어 써 주시면 좋겠습니다.",
    "language.unexpected": "이곳의 댓글은 {expected}로 쓰는데, 이 댓글은 다른 언어로 보입니다. 저희가 잘못 알았을 수도 있습니다.",
    "toxicity.toxicity": "자동 점검에서 일부 독자가 불편하게 느낄 수 있는 댓글로 나왔습니다. 점검 결과가 틀릴 수도 있습니다.",
    "toxicity.severe_toxicity": "자동 점검에서 일부 독자가 몹시 불편하게 느낄 수 있는 댓글로 나왔습니다. 점검 결과가 틀릴 수도 있습니다.",
    "toxicity.obscene": "자동 점검에서 일부 독자에게 표현이 거칠게 느껴질 수 있는 댓글로 나왔습니다. 점검 결과가 틀릴 수도 있습니다.",
    "toxicity.threat": "자동 점검에서 일부 독자가 위협으로 받아들일 수 있는 댓글로 나왔습니다. 점검 결과가 틀릴 수도 있습니다.",
    "toxicity.insult": "자동 점검에서 일부 독자가 모욕으로 받아들일 수 있는 댓글로 나왔습니다. 점검 결과가 틀릴 수도 있습니다.",
    "toxicity.identity_attack": "자동 점검에서 어떤 집단에 속한 독자가 불편하게 느낄 수 있는 댓글로 나왔습니다. 점검 결과가 틀릴 수도 있습니다.",
    "toxicity.sexual_explicit": "자동 점검에서 일부 독자에게 성적인 표현이 지나치게 느껴질 수 있는 댓글로 나왔습니다. 점검 결과가 틀릴 수도 있습니다.",
    "on_failure": "자동 점검 하나를 마치지 못했습니다. 쓰신 내용 때문이 아닙니다.",
    "on_failure.not_covered": "자동 점검이 이 댓글의 언어를 아직 다루지 못합니다. 쓰신 내용 때문이 아닙니다.",
    "rule": "이 댓글은 저희 사이트의 댓글 규칙에 해당합니다.",
}

_KOREAN_AFTER: Mapping[Action, str] = {
    Action.FLAG: "댓글은 게시되었으며, 운영자가 한번 살펴볼 예정입니다.",
    Action.HOLD: "운영자가 확인한 뒤에 게시됩니다.",
    Action.REJECT: "댓글은 게시되지 않았습니다.",
}

_ENGLISH_NAMES = {
    "ar": "Arabic", "de": "German", "en": "English", "es": "Spanish", "fr": "French", "hi": "Hindi",
    "it": "Italian", "ja": "Japanese", "ko": "Korean", "nl": "Dutch", "pl": "Polish", "pt": "Portuguese",
    "ru": "Russian", "th": "Thai", "tl": "Tagalog", "tr": "Turkish", "uk": "Ukrainian", "vi": "Vietnamese",
    "zh": "Chinese",
}  # fmt: skip
_KOREAN_NAMES = {
    "ar": "아랍어", "de": "독일어", "en": "영어", "es": "스페인어", "fr": "프랑스어", "hi": "힌디어",
    "it": "이탈리아어", "ja": "일본어", "ko": "한국어", "nl": "네덜란드어", "pl": "폴란드어",
    "pt": "포르투갈어", "ru": "러시아어", "th": "태국어", "tl": "타갈로그어", "tr": "튀르키예어",
    "uk": "우크라이나어", "vi": "베트남어", "zh": "중국어",
}  # fmt: skip
_KOREAN_UNITS = {"second": "초", "minute": "분", "hour": "시간", "day": "일", "week": "주"}


def _english_time(number: int, unit: str) -> str:
    return unit if number == 1 else f"{number} {unit}s"


TONGUES: Mapping[str, Tongue] = {
    "en": Tongue(
        _ENGLISH,
        _ENGLISH_AFTER,
        "With a calmer wording it may well pass.",
        _ENGLISH_NAMES,
        " or ",
        _english_time,
        lambda number: "once" if number == 1 else f"{number} times",
    ),
    "ko": Tongue(
        _KOREAN,
        _KOREAN_AFTER,
        "표현을 조금 누그러뜨리면 게시될 수 있습니다.",
        _KOREAN_NAMES,
        " 또는 ",
        lambda number, unit: f"{number}{_KOREAN_UNITS[unit]}",
        lambda number: f"{number}번",
    ),
}
