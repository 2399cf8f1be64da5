"""The HTTP service: one file or folder a dialect, and one for our own. `moderation serve` starts it.

Whatever dialect a request is in, it goes the same way: `guard.py` bounds it, `access.py` asks for a key, its dialect
reads it, `service.py` answers it together with others that wait, and its dialect writes the answer.
"""
