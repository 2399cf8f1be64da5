"""Keys to the HTTP service: who may do what from outside, where, and how much of it in a minute."""

from moderation.api_keys.keys import ApiKeys
from moderation.api_keys.quotas import Quotas
from moderation.api_keys.ring import KeyRing
from moderation.api_keys.values import ApiKey, ApiKeyChange, NewKey
from moderation.domain import KeyChange, Scope

__all__ = [
    "ApiKey",
    "ApiKeyChange",
    "ApiKeys",
    "KeyChange",
    "KeyRing",
    "NewKey",
    "Quotas",
    "Scope",
]
