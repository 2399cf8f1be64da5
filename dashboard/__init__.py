"""The moderators' desk in a browser: Streamlit for the pages, our own JavaScript for the queue.

`python -m dashboard` serves it. Nothing in `moderation` knows of it.
"""
