"""Int8 weights with a scale for each row: a quarter of the size of float32.

The layout that `moderation.scoring.tensors` reads: a matrix `W` of int8 stands beside a vector
`W.scale` of float32, and row `i` is `W[i] * W.scale[i]`. In torch's layout a row of a linear layer is
one output channel, and a row of an embedding is one token.
"""

import numpy as np
from numpy.typing import NDArray

from moderation.scoring.tensors import SCALE

EXACT = ("pooler", "classifier.", "token_type_embeddings.", "embedding_hidden_mapping_in.")
"""Parts that stay float32: they decide much and weigh little."""

MATRIX = 2
_LEVELS = 127  # symmetric: -128 is not used, so that zero is exact


def quantise(state: dict[str, NDArray[np.float32]]) -> dict[str, NDArray[np.generic]]:
    """Return the tensors to store, by name."""
    stored: dict[str, NDArray[np.generic]] = {}
    for name, tensor in state.items():
        if tensor.ndim == MATRIX and not any(part in name for part in EXACT):
            stored[name], stored[name + SCALE] = rows_to_int8(tensor)
        else:
            stored[name] = tensor
    return stored


def rows_to_int8(matrix: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Return the int8 values and each row's scale; the error is at most half a scale."""
    scale = np.abs(matrix).max(axis=1) / _LEVELS
    scale[scale == 0] = 1.0
    return np.rint(matrix / scale[:, None]).astype(np.int8), scale.astype(np.float32)
