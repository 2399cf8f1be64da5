"""What moderators decided, what authors object, and what was answered."""
