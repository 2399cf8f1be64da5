"""Scores with ONNX Runtime: no torch, a fifth of its memory, ready in a fraction of a second."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from moderation.errors import ModelCorruptError
from moderation.scoring.batches import ScoreMatrix, best_scores
from moderation.scoring.checkpoint import window_in
from moderation.scoring.folder import GRAPH, SHORT, TOKENIZER, ModelFolder
from moderation.scoring.machine import TOKENIZERS, instructions, processor
from moderation.scoring.protocol import Basis
from moderation.scoring.windows import TokenWindow, WindowCutter

_SESSION = {
    # The graph says itself what is int8; nothing is to be made int8, or float32, by a pattern in it.
    "session.disable_quant_qdq": "1",
    # Threads that wait spin for 20 µs, enough for the gap between two operators, and then sleep. Not at
    # all makes a comment 15 % slower; as long as ONNX Runtime's default takes other requests' cores.
    "session.intra_op.allow_spinning": "1",
    "session.intra_op.spin_duration_us": "20",
}

_EXACT = "session.x64quantprecision"
_FAST_AND_EXACT = {"avx512_vnni", "avx_vnni", "amx_int8", "asimddp"}


class OnnxScorer:
    """Scores with the ONNX form of a model.

    Args:
        folder: a model with a graph.
        threads: threads to compute with, at least 1.

    Raises:
        ModelCorruptError: the graph or the tokeniser can't be used.
    """

    engine: Final = f"onnx {onnxruntime.__version__}"

    def __init__(self, folder: ModelFolder, *, threads: int) -> None:
        manifest = folder.manifest
        self.model: Final = folder.identity
        self.attributes: Final = manifest.attributes
        self.languages: Final = frozenset(manifest.languages)
        self.basis: Final = Basis(manifest.everything[:SHORT], f"{TOKENIZERS}, {processor()}")
        self._threads = threads
        self._session: onnxruntime.InferenceSession | None = _session(folder, threads)
        self._windows = WindowCutter(_tokenizer(folder), window_in(folder))

    def score(
        self, texts: Sequence[str], *, languages: Sequence[str | None] | None = None
    ) -> list[dict[str, float]]:
        """Score each text: attribute to score, in the order of the texts; see `ToxicityScorer`."""
        del languages  # one network, for all that it knows
        width = len(self.attributes)
        rows = best_scores(texts, self._windows, self._run, width=width, threads=self._threads)
        return [dict(zip(self.attributes, row, strict=True)) for row in rows.tolist()]

    def close(self) -> None:
        """Give back the memory."""
        self._session = None

    def _run(self, windows: Sequence[TokenWindow]) -> ScoreMatrix:
        if self._session is None:
            raise RuntimeError("the scorer is closed")
        ids = np.array([window.ids for window in windows], dtype=np.int64)
        (scores,) = self._session.run(["scores"], {"input_ids": ids})
        return np.asarray(scores[:, : len(self.attributes)], dtype=np.float32)


def _session(folder: ModelFolder, threads: int) -> Any:  # noqa: ANN401 - onnxruntime is untyped
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3  # errors; they are raised as well
    if _int8_overflows():
        options.add_session_config_entry(_EXACT, "1")  # the same scores on every machine, at half the speed
    for key, value in _SESSION.items():
        options.add_session_config_entry(key, value)
    graph = str(folder.path / GRAPH)
    try:
        return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise ModelCorruptError(f"ONNX Runtime can't load `{graph}` ({type(error).__name__})") from error


def _int8_overflows() -> bool:
    """Whether the fast int8 product of this processor overflows: x86 without VNNI does; if nobody can tell, yes."""
    return _FAST_AND_EXACT.isdisjoint(instructions())


def _tokenizer(folder: ModelFolder) -> Tokenizer:
    path = folder.path / TOKENIZER
    try:
        return Tokenizer.from_file(str(path))
    except Exception as error:
        raise ModelCorruptError(f"`{path}` is no tokeniser") from error
