"""What the commands found, in a terminal; nothing that an author wrote acts on it."""
