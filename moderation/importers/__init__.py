"""Rules brought from other systems: AutoModerator's pages and Coral's settings."""
