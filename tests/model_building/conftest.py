"""What tests of scoring use too."""

from tests.scoring.conftest import compact, compact_torch, detoxify, models_dir, packed

__all__ = ["compact", "compact_torch", "detoxify", "models_dir", "packed"]
