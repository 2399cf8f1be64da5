"""Version of this package; part of every decision's provenance."""

__version__ = "0.1.0"
