"""Turns a subreddit's AutoModerator page into rules."""

from moderation.importers.automoderator.translate import import_automoderator

__all__ = ["import_automoderator"]
