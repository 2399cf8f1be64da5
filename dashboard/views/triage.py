"""Triage by score: a range of the whole queue is brushed, looked into, and decided at once."""

import streamlit as st

from dashboard import resources
from dashboard.components import triage
from dashboard.components.comment import comment_card
from dashboard.components.heading import heading, subheading
from dashboard.components.problems import told
from dashboard.components.triage_panel import chosen_window, confirmation, done, load
from dashboard.session import require_user

user = require_user()
desk = resources.desk()
heading("Triage by score", "Draw a range on the chart, look at samples of it, then decide all of it at once.")
with told():
    done(desk, user)
    queue = load(desk)
    window = chosen_window(queue)
    if window is not None:
        inside = [point for point in queue.points if window.holds(point)]
        samples = triage.shuffled(inside)[: triage.SAMPLES]
        looked_at, decided = st.columns([3, 2])
        with looked_at:
            subheading("Samples", f"{len(samples)} of {len(inside):,} comments in this range.")
            for card in desk.cards(user, [point.item for point in samples]):
                comment_card(card.comment)
        with decided:
            confirmation(desk, user, queue, window, len(inside))
