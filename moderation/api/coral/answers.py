"""Decisions as answers that Coral takes.

Coral holds an answer against a schema, and drops all of it for one `null`, one empty text or one unknown value: the
comment is then published. So nothing stands here that may be either, and every key is written only where it has a value.
"""

from collections.abc import Sequence
from typing import Any

from moderation.domain import ATTRIBUTES, Action, Decision, Reason

_OF_SPAM = ("links", "repeats")
"""How the evidence of rules about links and repetition begins."""

_ABUSIVE = frozenset({"threat", "insult", "severe_toxicity"})

_CODES = ("HATE_SPEECH", "ABUSIVE", "OFFENSIVE", "BANNED_WORD", "SPAM", "OTHER")
"""Coral's codes that we give, the gravest first. Others, such as ILLEGAL_CONTENT, are for a person to say."""


def answer_of(decision: Decision) -> dict[str, Any] | None:
    """Return what Coral does with the comment; `None` if it may go on by itself.

    - flag: a flag, and Coral goes on: it publishes the comment, unless the site looks at all comments first.
    - hold: withheld, until a moderator decides.
    - reject: rejected, with a reason that Coral tells the author.
    """
    acting = [reason for reason in decision.reasons if reason.action is not Action.APPROVE]
    if decision.action is Action.APPROVE:
        return None
    answer: dict[str, Any] = {"actions": [{"actionType": "FLAG", "reason": _flag(acting)}]}
    if decision.action is Action.HOLD:
        answer["status"] = "SYSTEM_WITHHELD"
    elif decision.action is Action.REJECT:
        answer["status"] = "REJECTED"
        answer["moderationAction"] = {"status": "REJECTED", "rejectionReason": _rejection(acting)}
    return answer


def _flag(reasons: Sequence[Reason]) -> str:
    """Coral knows two reasons: spam, where nothing but links or repetition speaks against a comment, or toxic."""
    spam = bool(reasons) and all(_is_spam(reason) for reason in reasons)
    return "COMMENT_DETECTED_SPAM" if spam else "COMMENT_DETECTED_TOXIC"


def _rejection(reasons: Sequence[Reason]) -> dict[str, str]:
    """Return why it is rejected: the gravest code of the rules that reject, and their sentence for the author."""
    coded = [(_code(reason), reason.message) for reason in reasons if reason.action is Action.REJECT]
    code, message = min(coded, key=lambda one: _CODES.index(one[0]), default=("OTHER", ""))
    told = {"detailedExplanation": message} if message.strip() else {}
    return {"code": code, **told}


def _code(reason: Reason) -> str:
    scored = _attributes(reason)
    if "identity_attack" in scored:
        return "HATE_SPEECH"
    if scored & _ABUSIVE:
        return "ABUSIVE"
    if scored:
        return "OFFENSIVE"
    if _has_words(reason):
        return "BANNED_WORD"
    return "SPAM" if _is_spam(reason) else "OTHER"


def _attributes(reason: Reason) -> set[str]:
    """Return what was scored: by a built-in rule, or all that a rule of the site's own asks about."""
    builtin = reason.evidence.get("attribute") if reason.rule.startswith("toxicity.") else None
    return {name for name in ATTRIBUTES if name in reason.evidence or name == builtin}


def _has_words(reason: Reason) -> bool:
    """Whether something in the text was found, by a word list or by a rule that looks at the body."""
    return any(found and (key == "words" or key.startswith("body")) for key, found in reason.evidence.items())


def _is_spam(reason: Reason) -> bool:
    """Whether a rule fired for links or repetition, and for nothing that was said."""
    if _attributes(reason) or _has_words(reason):
        return False
    return any(found and key.startswith(_OF_SPAM) for key, found in reason.evidence.items())
