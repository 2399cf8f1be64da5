"""From another system's thresholds to ours, by the scores that it gave and those that the model gives now."""
