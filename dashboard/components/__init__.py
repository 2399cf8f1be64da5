"""What several pages are made of, and the queue."""
