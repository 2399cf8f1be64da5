"""What a test needs that a machine may lack: where it is missing a test is skipped, and says why."""

import os
from typing import NoReturn

import pytest


def missing(reason: str) -> NoReturn:
    """Skip the test that runs, for a reason that its summary shows; under `CI=true` it fails.

    CI is to run every test: one that can't is a fault of the machine, not something to pass over.
    """
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
