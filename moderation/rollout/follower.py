"""The thread that looks for other rules, again and again."""

import atexit
import threading
from typing import Protocol
from weakref import WeakSet, ref

LOOK_EVERY_S = 0.5
"""How often the follower looks; a file must be the same at two looks, so a change counts within 1.5 s."""

_GRACE_S = 2.0


class Looks(Protocol):
    """What looks for changes when it is told to, and never raises."""

    def look(self) -> None:
        """Take what is wanted, if it has changed."""
        ...


class Follower:
    """A thread that looks for changes. It ends by itself when nobody uses its rules any more."""

    def __init__(self, rules: Looks) -> None:
        self._stop = threading.Event()
        self._thread = threading.Thread(
            target=_follow, args=(ref(rules), self._stop), name="rules", daemon=True
        )
        self._thread.start()
        _followers.add(self)

    def stop(self) -> None:
        """End the thread; waits for a look that is under way, but not for ever."""
        self._stop.set()
        if self._thread is not threading.current_thread():
            self._thread.join(_GRACE_S)


_followers: WeakSet[Follower] = WeakSet()


def _follow(rules: "ref[Looks]", stop: threading.Event) -> None:
    while not stop.wait(LOOK_EVERY_S):
        followed = rules()
        if followed is None:
            return
        followed.look()
        del followed


@atexit.register
def _wind_down() -> None:
    """Let no thread be killed in the middle of loading a model: in C++ that aborts the process."""
    for follower in list(_followers):
        follower.stop()
