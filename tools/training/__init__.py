"""Trains the model that the package ships: see `python -m tools.training --help`."""
