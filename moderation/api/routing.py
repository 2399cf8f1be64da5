"""Routes outside of FastAPI: of dialects that are not ours, and that no OpenAPI document of ours describes."""

from starlette.routing import Match, Route
from starlette.types import Scope
from typing_extensions import override


class ServiceRoute(Route):
    """A route that a request's scope knows, as FastAPI's are: the log and the metrics name it, and never the address."""

    @override
    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        match, child = super().matches(scope)
        return match, ({**child, "route": self} if match is not Match.NONE else child)
