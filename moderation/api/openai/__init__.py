"""OpenAI's dialect: `POST /v1/moderations`. `categories.py` says what its categories mean here."""

from moderation.api.openai.errors import refusal
from moderation.api.openai.moderations import routes

__all__ = ["refusal", "routes"]
