"""The tables. They are not the domain: rows are read and written by this package alone."""

from moderation.store.tables import comments as _comments  # noqa: F401 - every table is known to the metadata
from moderation.store.tables import desk as _desk  # noqa: F401
from moderation.store.tables import rules as _rules  # noqa: F401
