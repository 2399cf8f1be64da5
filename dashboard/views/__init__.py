"""The pages: each reads what its widgets say, calls the desk, and shows the answer."""
