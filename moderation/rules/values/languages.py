"""ISO 639-1 language codes, and what people write instead of them."""

from moderation.domain import UNDETERMINED
from moderation.rules.reading.faults import Fault, kind_of_value, nearest_word, quoted, refuse

CODES = frozenset(
    """
    aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee
    el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io
    is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn
    mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se
    sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo
    wa wo xh yi yo za zh zu
    """.split()  # noqa: SIM905 - 183 quoted strings would hide the codes
) - {"kr"}
"""Every code of ISO 639-1 but `kr` (Kanuri): who writes it means Korean, whose code is `ko`."""

_MEANT = {
    "kr": "ko",
    "kor": "ko",
    "korean": "ko",
    "jp": "ja",
    "jpn": "ja",
    "japanese": "ja",
    "cn": "zh",
    "chinese": "zh",
    "eng": "en",
    "english": "en",
    "spanish": "es",
    "german": "de",
    "french": "fr",
    "portuguese": "pt",
    "italian": "it",
    "russian": "ru",
    "turkish": "tr",
    "vietnamese": "vi",
    "vn": "vi",
    "cz": "cs",
    "dk": "da",
    "gr": "el",
    "ua": "uk",
}


def language_code(value: object) -> str:
    """Take a code of ISO 639-1, or refuse it with the code that was probably meant."""
    if isinstance(value, str) and value in CODES:
        return value
    if not isinstance(value, str):
        raise refuse(
            Fault(
                f"a language must be a code such as `en`, not {kind_of_value(value)}",
                "write two letters, such as `en`",
            )
        )
    raise refuse(Fault(f"{quoted(value)} is not a language code of ISO 639-1", _hint(value)))


def found_language(value: object) -> str:
    """Take a code that the language check can answer with: ISO 639-1 or `und`."""
    return UNDETERMINED if value == UNDETERMINED else language_code(value)


def locale_code(value: object) -> str:
    """Take a language with or without a region, `ko` or `ko-KR`."""
    if isinstance(value, str) and value.replace("_", "-").split("-")[0].lower() in CODES:
        return value
    return language_code(value)


def code_in(said: str | None) -> str | None:
    """Return the code of ISO 639-1 in what another system calls a language, `pt` of `pt-BR`; `None` if there is none."""
    code = (said or "").strip().replace("_", "-").partition("-")[0].lower()
    return code if code in CODES else None


def _hint(value: str) -> str:
    word = value.replace("_", "-").split("-")[0].lower()
    if word in CODES:
        return f"did you mean `{word}`?"
    if name := nearest_word(word, _MEANT):
        return f"did you mean `{_MEANT[name]}`?"
    return "write two letters, such as `en`, `ko` or `es`"
