"""The queue: one comment after the other, by keys."""

from dashboard.components.queue import queue
from dashboard.session import require_user

queue(require_user())
