"""Who works at the desk, and what each may do."""

from dataclasses import dataclass

from moderation.domain import Role
from moderation.errors import PermissionDeniedError


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who works at the desk; every change names them."""

    name: str
    role: Role

    @property
    def is_admin(self) -> bool:
        """Whether they may do everything."""
        return self.role is Role.ADMIN


def require_admin(user: User, what: str) -> None:
    """Make sure that somebody may do what only admins may.

    Raises:
        PermissionDeniedError: they are no admin.
    """
    if not user.is_admin:
        raise PermissionDeniedError(f"only an admin may {what}", hint="ask an admin")
