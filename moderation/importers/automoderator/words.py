"""The words of AutoModerator's rules, and what becomes of each."""

POSTS_ONLY = frozenset(
    """
    title domain url media_author media_author_url media_title media_description flair_text flair_css_class
    flair_template_id crosspost_author crosspost_id crosspost_subreddit crosspost_title poll_option_text
    is_original_content is_meta_discussion is_gallery is_poll is_self over_18 is_nsfw is_spoiler discussion_type
    past_archive_date standard
    """.split()  # noqa: SIM905 - quoted, they would be a page
)
"""Checks of what only a post has: a comment never meets them."""

EFFECTS = frozenset(
    """
    set_flair set_locked set_sticky set_nsfw set_spoiler set_contest_mode set_original_content
    set_suggested_sort set_post_crowd_control_level overwrite_flair comment_stickied comment_locked modmail_subject
    message_subject distinguish
    """.split()  # noqa: SIM905
)
"""What happens beside the action: nothing here does that, and without it the action is the same."""

NOTICES = ("message", "comment")
"""What the author is told; the private message goes before the public answer."""

REASONS = ("action_reason", "report_reason")
"""What moderators are told."""

ACTIONS = {
    "approve": "approve",
    "report": "flag",
    "filter": "hold",
    "remove": "reject",
    "spam": "reject",
}

TYPES_WITH_COMMENTS = frozenset({"any", "comment"})

FLAGS = frozenset({"is_top_level", "is_edited"})
"""Checks of a comment that are true or false, and the same here."""

LENGTHS = frozenset({"body_longer_than", "body_shorter_than"})

SUB_GROUPS = frozenset({"author", "parent_submission", "crosspost_author", "crosspost_subreddit"})

AUTHOR_FLAGS = {"is_contributor": "is_trusted", "is_moderator": "is_moderator"}
"""Checks of an author that are true or false, by what they are called here."""

KARMA = frozenset(
    """
    comment_karma post_karma link_karma combined_karma comment_subreddit_karma post_subreddit_karma
    combined_subreddit_karma
    """.split()  # noqa: SIM905
)

MATCHING = ("includes-word", "includes", "starts-with", "ends-with", "full-exact", "full-text")
"""Where a text must stand; a check has one of them, or its field's own."""

UNITS = {
    "minute": ("minute", 1),
    "hour": ("hour", 1),
    "day": ("day", 1),
    "week": ("week", 1),
    "month": ("day", 30),
    "year": ("day", 365),
}
"""Units of an account's age, by our unit and how many of it they are: as Reddit counts them."""
