"""Decisions, summaries and errors in a terminal; nothing that an author wrote acts on it."""
