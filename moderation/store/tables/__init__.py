"""The tables, by aggregate. They are not the domain: rows are read and written by this package alone."""

from moderation.store.tables import api_keys as _api_keys  # noqa: F401 - every table is known to the metadata
from moderation.store.tables import comments as _comments  # noqa: F401
from moderation.store.tables import labels as _labels  # noqa: F401
from moderation.store.tables import queue as _queue  # noqa: F401
from moderation.store.tables import rulesets as _rulesets  # noqa: F401
from moderation.store.tables import users as _users  # noqa: F401
from moderation.store.tables import verdicts as _verdicts  # noqa: F401
