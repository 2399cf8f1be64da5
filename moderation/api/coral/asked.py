"""What Coral asks about, as one of our comments."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from moderation.domain import Author, Comment
from moderation.text.html import seen_of_html

_STAFF = frozenset({"STAFF", "MODERATOR", "ADMIN"})
_MODERATORS = frozenset({"MODERATOR", "ADMIN"})
_KNOWN = _STAFF | {"COMMENTER", "MEMBER"}


class _Sent(BaseModel):
    """Whatever is not named is passed over: Coral may send more in a later release."""

    model_config = ConfigDict(strict=True, frozen=True)


class SentComment(_Sent):
    """What was written: HTML, unless the phase is set to plain text."""

    body: str
    parent_id: str | None = Field(None, alias="parentID")


class SentAuthor(_Sent):
    """Who wrote it."""

    id: str
    role: str


class SentStory(_Sent):
    """The article."""

    id: str
    url: str | None = None


class SentSite(_Sent):
    """The site of the tenant's that the article is on; Coral leaves the id out where it knows none."""

    id: str | None = None


class CoralRequest(_Sent):
    """A request of the external moderation phase."""

    action: Literal["NEW", "EDIT"]
    comment: SentComment
    author: SentAuthor
    story: SentStory
    site: SentSite = SentSite()
    tenant_domain: str | None = Field(None, alias="tenantDomain")

    def as_comment(self, *, plain: bool = False) -> Comment:
        """Return it as a comment of ours. Coral sends no id, so it can't be stored.

        Args:
            plain: whether the body is plain text, and no HTML.
        """
        return Comment(
            text=self.comment.body if plain else seen_of_html(self.comment.body),
            site=self.site.id or self.tenant_domain or "default",
            revision=int(self.action == "EDIT"),
            thread=self.story.url or self.story.id or None,
            author=self._author(),
            is_top_level=not self.comment.parent_id,
        )

    def _author(self) -> Author:
        role = self.author.role
        known = role in _KNOWN
        return Author(
            self.author.id,
            is_trusted=role in _STAFF if known else None,
            is_moderator=role in _MODERATORS if known else None,
        )
