"""Comments with their revisions and decisions."""
