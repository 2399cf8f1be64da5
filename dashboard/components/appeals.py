"""Appeals: what authors object to, the longest waiting first."""

import streamlit as st

from dashboard.components.comment_search import open_comment
from dashboard.components.inert import table
from moderation.desk import Desk


def appeals(desk: Desk) -> None:
    """List open appeals, or those that were answered."""
    answered = st.toggle("Answered ones")
    found = desk.appeals(answered=answered)
    if not found:
        st.text("No appeal was answered yet." if answered else "No appeal is open.")
        return
    st.text("Select a row to see the comment and to answer.")
    event = table(
        [
            {
                "since, UTC": appeal.created_at.replace(tzinfo=None),
                "comment": appeal.comment_id,
                "the author's words": appeal.message[:300],
                "answer": appeal.answer.value if appeal.answer else "",
                "answered by": appeal.answered_by or "",
            }
            for appeal in found
        ],
        formats={"since, UTC": st.column_config.DatetimeColumn("since, UTC", format="YYYY-MM-DD HH:mm")},
        on_select="rerun",
        selection_mode="single-row",
        key=f"appeals_{answered}",
    )
    if event.selection.rows:
        open_comment(found[event.selection.rows[0]].comment_id)
