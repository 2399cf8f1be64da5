"""Makes the data that reading needs."""
