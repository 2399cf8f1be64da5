"""Coral's dialect: its external moderation phase. Coral looks at no error but its status, so errors are our own."""

from moderation.api.coral.phase import routes

__all__ = ["routes"]
