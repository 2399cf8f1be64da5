"""How much is stored, in all and by day."""
