"""From what the checks found to reasons: pure, no clock, no input or output."""
