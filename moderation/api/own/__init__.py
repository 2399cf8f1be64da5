"""Our own `/v1`: what a comment system calls that was written for this service, and not for another one."""

from moderation.api.own.routes import router

__all__ = ["router"]
