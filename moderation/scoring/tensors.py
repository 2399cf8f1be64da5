"""Weights in a safetensors file, some of them int8 with a scale for each row.

Format: https://github.com/huggingface/safetensors#format. A matrix `W` of int8 stands beside a vector
`W.scale` of float32; row `i` of the weights is `W[i] * W.scale[i]`. Everything else is used as it is.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file

from moderation.errors import ModelCorruptError

SCALE = ".scale"
"""What the name of a matrix gets for the name of its scales."""


def read_weights(path: Path) -> dict[str, NDArray[np.float32]]:
    """Read every tensor by its name, as float32, the int8 ones multiplied out.

    Raises:
        ModelCorruptError: the file is no safetensors file, or scales are missing.
    """
    try:
        stored = load_file(path)
    except (SafetensorError, OSError, KeyError) as error:
        raise ModelCorruptError(f"`{path}` can't be read as weights ({type(error).__name__})") from None
    return {name: _full(name, stored) for name in stored if not name.endswith(SCALE)}


def _full(name: str, stored: dict[str, NDArray[np.generic]]) -> NDArray[np.float32]:
    tensor = stored[name]
    if tensor.dtype != np.int8:
        return tensor.astype(np.float32, copy=False)
    scale = stored.get(name + SCALE)
    if scale is None or scale.shape != tensor.shape[:1]:
        raise ModelCorruptError(f"the scales of `{name}` are missing or don't fit")
    return tensor.astype(np.float32) * scale.astype(np.float32)[:, None]
