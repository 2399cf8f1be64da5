"""What of a comment may tell its language: no links, no mentions, no repetitions."""

import re

_MAX_CHARACTERS = 1_000  # of a comment that are looked at,
_MAX_PROSE = 240  # and of what is left of them that are read: more changes nothing

# Possessive, and mail addresses begin where a word begins: linear on any text. Names and hosts end
# where kana and ideographs begin, for those languages write on without a space.
_NO_PROSE = re.compile(
    r"(?:https?|hxxps?|ftp)://[!-~]*+|\bwww\.[!-~]++|(?<![\w.+-])[\w.+-]*+@(?:[^\W\u3040-\u9fff]|[.-])++",
    re.IGNORECASE,
)
_MAY_HAVE_ADDRESS = re.compile("@|://|www\\.", re.IGNORECASE)  # a quick look: most texts have none
_STRETCHED = re.compile(r"(\w{1,3}?)\1{2,}")  # "loooool", "hahahaha": no evidence of any language


def prose_of(text: str) -> str:
    """Return the words that tell the language of a normalised text: 240 characters at most, of its first 1,000."""
    prose = text[:_MAX_CHARACTERS]
    if _MAY_HAVE_ADDRESS.search(prose):
        prose = _NO_PROSE.sub(" ", prose)
    prose = _STRETCHED.sub(r"\1\1", " ".join(prose.split()))[:_MAX_PROSE]
    # langdetect leaves out words in capitals, as abbreviations: of a shouted comment nothing would be left.
    small = prose.lower()
    shouted = prose != small and sum(map(str.isupper, prose)) * 2 > sum(map(str.isalpha, prose))
    return small if shouted else prose
