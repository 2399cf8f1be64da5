"""How the figures of the README are made: `python -m tools.benchmarks`."""
