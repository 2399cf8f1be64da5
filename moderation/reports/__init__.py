"""What rules did and how moderators judged it: from stored decisions and verdicts alone."""
