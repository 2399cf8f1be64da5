"""One tree of errors. Each has a stable code, says what happened, and says what to do.

No message carries a comment's text: errors are logged, and comments are personal data.
`docs/errors.md` explains every code.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar


class ModerationError(Exception):
    """What every error of this library derives from.

    Attributes:
        code: stable name of the error, the same in every release.
        what: what happened, as a sentence without a full stop.
        hint: what to do about it; empty if there is nothing to do.
    """

    code: ClassVar[str] = "moderation"

    def __init__(self, what: str, *, hint: str = "") -> None:
        super().__init__(f"{what}\n  hint: {hint}" if hint else what)
        self.what = what
        self.hint = hint


class InvalidCommentError(ModerationError):
    """A comment lacks what is needed to store it, or has a field of the wrong kind.

    Attributes:
        field: the field that is wrong, `author.` before one of its author's; empty if none is named.
    """

    code = "invalid_comment"

    def __init__(self, what: str, *, hint: str = "", field: str = "") -> None:
        super().__init__(what, hint=hint)
        self.field = field


class CommentConflictError(ModerationError):
    """The same (site, external id, revision) was already stored with another text."""

    code = "comment_conflict"


class CommentNotFoundError(ModerationError):
    """No stored comment has the given number or external id."""

    code = "comment_not_found"


class InputFileError(ModerationError):
    """A file of comments can't be read: it is missing, of an unknown format, or lacks a column."""

    code = "input_file"


class OutputFileError(ModerationError):
    """A file of rejected rows or an export can't be written; what lay there before is unharmed."""

    code = "output_file"


class RulesError(ModerationError):
    """rules.yaml, or a file that it names, can't be used. `what` lists every problem, located."""

    code = "rules"


class UnknownRulesetError(ModerationError):
    """No stored ruleset has this hash, or several begin so."""

    code = "unknown_ruleset"


class UnknownRuleError(ModerationError):
    """The rules that decide have none of this name."""

    code = "unknown_rule"


class RulesConflictError(ModerationError):
    """Somebody else made a ruleset live in the meantime; nothing was changed."""

    code = "rules_conflict"


class SettingsError(ModerationError):
    """A MODERATION_* environment variable has a value that can't be used."""

    code = "settings"


class StoreError(ModerationError):
    """The database can't be used: the comment was not taken, and the caller knows it."""

    code = "store"


class StoreBusyError(StoreError):
    """The database stayed locked by another process for longer than the time allowed."""

    code = "store_busy"


class StoreReadOnlyError(StoreError):
    """The database, its file or its folder can't be written to."""

    code = "store_read_only"


class StoreFullError(StoreError):
    """The disk that the database lies on is full."""

    code = "store_full"


class StoreUnreachableError(StoreError):
    """The database does not answer, does not exist, or is no database."""

    code = "store_unreachable"


class StoreOutdatedError(StoreError):
    """The tables are older or newer than this release needs."""

    code = "store_outdated"


class ModelError(ModerationError):
    """A model can't be loaded or pulled."""

    code = "model"


class UnknownModelError(ModelError):
    """No model has this name, and no checkpoint lies at this path."""

    code = "unknown_model"


class ModelNotPulledError(ModelError):
    """The model is known but not on this machine; nothing is downloaded at request time."""

    code = "model_not_pulled"


class ModelCorruptError(ModelError):
    """A file of the model differs from its checksum, or isn't what the model needs."""

    code = "model_corrupt"


class DisagreementError(ModelError):
    """A compiled model scores real comments too differently from the model that it was made of."""

    code = "disagreement"


class DownloadError(ModelError):
    """A model's download failed. What arrived is kept, and the next pull goes on from there."""

    code = "download"


class MissingExtraError(ModerationError):
    """The feature needs an optional package that is not installed."""

    code = "missing_extra"


class ScoringError(ModerationError):
    """A scorer answered with something that is no score."""

    code = "scoring"


class ImportFileError(ModerationError):
    """A file to make rules of is missing, or not what it was taken for."""

    code = "import_file"


class PermissionDeniedError(ModerationError):
    """This user may not do this."""

    code = "permission_denied"


class InvalidFilterError(ModerationError):
    """A filter of the queue, perhaps from a link, has a value that can't be used."""

    code = "invalid_filter"


class AppealError(ModerationError):
    """There is nothing to appeal against, or no such appeal is open."""

    code = "appeal"


class VerdictError(ModerationError):
    """A verdict can't be given or taken back."""

    code = "verdict"


class UserError(ModerationError):
    """A user can't be added or changed: the name is taken, unknown or unfit, or the password is."""

    code = "user"


class LoginError(ModerationError):
    """Name and password don't belong together, or the user is disabled; which one is not said."""

    code = "login"


class TooManyAttemptsError(LoginError):
    """Somebody tried to log in too often; the right password is refused too, for some minutes."""

    code = "too_many_attempts"


@dataclass(frozen=True, slots=True)
class RequestFault:
    """What is wrong with one place in a request's body.

    Attributes:
        pointer: the place, as a JSON Pointer (RFC 6901): `#/author/account_age`.
        detail: what is wrong there; never what stands there.
    """

    pointer: str
    detail: str


class RequestError(ModerationError):
    """What was sent to the HTTP service can't be read: it is no JSON, or of another form; or there is nothing there.

    Attributes:
        status: the HTTP status of the answer.
        faults: every place in the body that is wrong, where that is known.
        allow: HTTP methods that the path takes, where it was another one.
        closes: whether the connection can't be used for another request.
    """

    code = "request"

    def __init__(
        self,
        what: str,
        *,
        hint: str = "",
        status: int = 400,
        faults: Sequence[RequestFault] = (),
        allow: Sequence[str] = (),
        closes: bool = False,
    ) -> None:
        super().__init__(what, hint=hint)
        self.status = status
        self.faults = tuple(faults)
        self.allow = tuple(allow)
        self.closes = closes


class ApiKeyError(ModerationError):
    """There is no key with the request, it is not valid, or a key of that name can't be made or found."""

    code = "api_key"


class MissingApiKeyError(ApiKeyError):
    """There is no key with the request."""

    code = "api_key_missing"


class SignatureError(ApiKeyError):
    """A request that must be signed is not, or not with a secret that the service knows."""

    code = "signature"


class ScopeError(ModerationError):
    """The key may not do this, or not on this site."""

    code = "scope"


class LaterError(ModerationError):
    """The service takes nothing more just now; the same request is welcome a little later.

    Attributes:
        retry_after_s: when, in seconds from now.
    """

    code = "later"

    def __init__(self, what: str, *, retry_after_s: float, hint: str = "") -> None:
        super().__init__(what, hint=hint)
        self.retry_after_s = retry_after_s


class ListenError(ModerationError):
    """The service can't listen at the address that it was given."""

    code = "listen"


class QuotaError(LaterError):
    """The key's quota of this minute is used up."""

    code = "quota"


class OverloadedError(LaterError):
    """More waits already than the service can answer in time."""

    code = "overloaded"


class ClientError(ModerationError):
    """The service can't be reached, or answers what no client expects: an error of its own, or no JSON.

    Attributes:
        status: the HTTP status of its answer; `None` if there was none.
    """

    code = "client"

    def __init__(self, what: str, *, hint: str = "", status: int | None = None) -> None:
        super().__init__(what, hint=hint)
        self.status = status
