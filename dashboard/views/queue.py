"""The queue: one comment after the other, by keys."""

from dashboard.components.queue import queue
from dashboard.login.current_user import require_user

queue(require_user())
