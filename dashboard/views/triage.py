"""Triage by score: a range of the whole queue is brushed, looked into, and decided at once."""

import streamlit as st

from dashboard import resources
from dashboard.components.comment import comment_card
from dashboard.components.heading import heading, subheading
from dashboard.components.problems import problems_told
from dashboard.components.triage_panel import chosen_window, confirmation, last_range, load
from dashboard.login.current_user import require_user

user = require_user()
desk = resources.desk()
heading("Triage by score", "Draw a range on the chart, look at samples of it, then decide all of it at once.")
with problems_told():
    last_range(desk, user)
    queue = load(desk)
    window = chosen_window(queue)
    if window is not None:
        inside = queue.inside(window, desk)
        looked_at, decided = st.columns([3, 2])
        with looked_at:
            subheading("Samples", f"{len(inside.points)} of {inside.count:,} comments in this range.")
            for card in desk.cards(user, [point.item for point in inside.points]):
                comment_card(card.comment)
        with decided:
            confirmation(desk, user, queue, window, inside.count)
