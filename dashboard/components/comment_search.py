"""What a search found: a page of comments as a table, its neighbours, and the whole as a file."""

from collections.abc import Iterator

import streamlit as st

from dashboard.components.exports import as_csv
from dashboard.components.inert import table
from moderation.desk import Desk, SearchPage
from moderation.store import StoredComment

_MOST_EXPORTED = 10_000
_PAGE = 50


def search(desk: Desk) -> None:
    """Ask what to look for, and show what there is, newest first."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text = st.text_input("Find", placeholder="number, your own id, or part of the text", max_chars=300)
        site = st.text_input("Site", placeholder="every site", max_chars=200, width=180)
    asked = (text, site)
    if st.session_state.get("found_for") != asked:
        st.session_state["found_for"], st.session_state["found_before"] = asked, [None]
    pages: list[int | None] = st.session_state["found_before"]
    page = desk.search(text, site=site or None, before=pages[-1], size=_PAGE)
    _rows(page)
    with st.container(horizontal=True):
        _turn(page, pages)
        st.download_button(
            "Export as CSV",
            data=lambda: as_csv(_everything(desk, text, site or None)),
            file_name="comments.csv",
            mime="text/csv",
            help=f"All that was found, at most {_MOST_EXPORTED:,} comments. No cell of it runs as a formula.",
            on_click="ignore",
        )


def _rows(page: SearchPage) -> None:
    if not page.comments:
        st.text("Nothing on this page." if page.before else "No comment was found.")
        return
    st.text("Select a row to see all that happened to the comment.")
    event = table(
        [_row(stored) for stored in page.comments],
        formats={
            "score": st.column_config.NumberColumn("score", format="%.2f", width=60),
            "written, UTC": st.column_config.DatetimeColumn("written, UTC", format="YYYY-MM-DD HH:mm"),
            "text": st.column_config.TextColumn("text", width="large"),
        },
        on_select="rerun",
        selection_mode="single-row",
        key=f"found_{len(st.session_state['found_before'])}",
        height=min(560, 38 + 35 * len(page.comments)),
    )
    if event.selection.rows:
        open_comment(page.comments[event.selection.rows[0]].id)


def open_comment(comment_id: int) -> None:
    """Go to what happened to a comment; the address says which one."""
    st.query_params["comment"] = str(comment_id)
    st.rerun()


def _row(stored: StoredComment) -> dict[str, object]:
    comment, decision = stored.comment, stored.decision
    return {
        "number": stored.id,
        "written, UTC": stored.written_at.replace(tzinfo=None),
        "action": decision.action.value,
        "text": " ".join(comment.text[:300].split()),
        "score": max(decision.scores.values(), default=None),
        "language": decision.language.code,
        "author": (comment.author.name or comment.author.id) if comment.author else "",
        "site": comment.site,
        "thread": comment.thread or "",
        "revision": comment.revision,
    }


def _turn(page: SearchPage, pages: list[int | None]) -> None:
    if st.button("Newer", disabled=len(pages) == 1):
        pages.pop()
        st.rerun()
    if st.button("Older", disabled=page.before is None):
        pages.append(page.before)
        st.rerun()


def _everything(desk: Desk, text: str, site: str | None) -> Iterator[StoredComment]:
    """Go through what a search finds, page by page, from the newest on."""
    before, left = None, _MOST_EXPORTED
    while left > 0:
        page = desk.search(text, site=site, before=before, size=min(500, left))
        yield from page.comments
        left -= len(page.comments)
        if page.before is None:
            return
        before = page.before
