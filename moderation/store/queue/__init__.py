"""What waits for moderators, who holds it, and how they are shown it."""
