"""Labels that nobody gave: what a small teacher says about the attributes that a row lacks.

The teacher is the bidirectional LSTM of `toxic-comment-classifier` (PyPI, 0.3.0), trained on all 159,571 rows of
Jigsaw 2018 with six labels. Its package asks for TensorFlow; its weights alone do here, read with h5py.
"""

import importlib.util
import pickle
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from typing_extensions import override

from tools.training.config import TeacherChoices
from tools.training.data import Comments

PACKAGE = "toxic_classifier"
TAUGHT_ON = "jigsaw2018"
_LENGTH, _WORDS, _WIDTH, _UNITS, _OUTPUTS = 100, 20_000, 50, 50, 6
_SEPARATORS = re.compile(r"""[!"#$%&()*+,\-./:;<=>?@\[\\\]^_`{|}~\t\n ]+""")  # Keras's Tokenizer
_BATCH = 256


class Teacher(nn.Module):
    """Scores English texts on six attributes, in the order of Jigsaw 2018.

    Raises:
        FileNotFoundError: its package is not installed.
    """

    def __init__(self) -> None:
        super().__init__()
        spec = importlib.util.find_spec(PACKAGE)
        if spec is None or not spec.origin:
            raise FileNotFoundError(
                "the teacher is missing: pip install --no-deps toxic-comment-classifier==0.3.0"
            )
        folder = Path(spec.origin).parent / "model"
        with (folder / "tokenizer.pickle").open("rb") as file:
            self.index: dict[str, int] = _Words(file).load().word_index
        self.embedding = nn.Embedding(_WORDS, _WIDTH)
        self.lstm = nn.LSTM(_WIDTH, _UNITS, batch_first=True, bidirectional=True)
        self.dense = nn.Linear(2 * _UNITS, _UNITS)
        self.output = nn.Linear(_UNITS, _OUTPUTS)
        _load(self, folder / "model.weights.h5")

    @torch.inference_mode()
    def score(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the scores, shape (texts, 6), 0-1."""
        rows = [
            self.forward(self._encode(texts[begin : begin + _BATCH]))
            for begin in range(0, len(texts), _BATCH)
        ]
        return torch.cat(rows).numpy()

    @override
    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """Return the scores of padded rows of words."""
        hidden, _ = self.lstm(self.embedding(ids))
        scores: torch.Tensor = self.output(self.dense(hidden.amax(1)).relu()).sigmoid()
        return scores

    def _encode(self, texts: Sequence[str]) -> torch.Tensor:
        ids = np.zeros((len(texts), _LENGTH), dtype=np.int64)
        for row, text in enumerate(texts):
            words = (self.index.get(word, _WORDS) for word in _SEPARATORS.split(text.lower()))
            known = [word for word in words if word < _WORDS][-_LENGTH:]
            if known:
                ids[row, -len(known) :] = known
        return torch.from_numpy(ids)


class _Words(pickle.Unpickler):
    """Reads the teacher's word list, and can make nothing but plain containers: a pickle could run code."""

    @override
    def find_class(self, module: str, name: str) -> Any:
        if name == "Tokenizer":
            return type("Tokenizer", (), {})
        if (module, name) in {
            ("collections", "OrderedDict"),
            ("collections", "defaultdict"),
            ("builtins", "int"),
        }:
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} has no place in a word list")


def _load(model: Teacher, path: Path) -> None:
    with h5py.File(path) as file:
        layers = file["layers"]

        def tensor(layer: str, number: int) -> torch.Tensor:
            return torch.from_numpy(np.array(layers[f"{layer}/vars/{number}"]))

        state = {"embedding.weight": tensor("embedding", 0)}
        for suffix, name in (("", "forward_layer"), ("_reverse", "backward_layer")):
            cell = f"bidirectional/{name}/cell"
            state[f"lstm.weight_ih_l0{suffix}"] = tensor(cell, 0).T
            state[f"lstm.weight_hh_l0{suffix}"] = tensor(cell, 1).T
            state[f"lstm.bias_ih_l0{suffix}"] = tensor(cell, 2)
            state[f"lstm.bias_hh_l0{suffix}"] = torch.zeros(4 * _UNITS)
        for layer, name in (("dense", "dense"), ("dense_1", "output")):
            state[f"{name}.weight"], state[f"{name}.bias"] = tensor(layer, 0).T, tensor(layer, 1)
    model.load_state_dict(state)


def taught(comments: Comments, choices: TeacherChoices, folder: Path) -> Comments:
    """Return the comments with what is not labelled from the teacher, and what is drawn to it by `trust`.

    Toxicity is drawn nowhere but in `jigsaw2018`: elsewhere the word means what those raters meant by it.

    Args:
        comments: some labels of theirs may be missing.
        choices: whose, and how much.
        folder: where the teacher's scores are kept: they take minutes, and a run that goes on needs them again.
    """
    rows = [row for row, source in enumerate(comments.sources) if source in choices.sources]
    texts = [comments.texts[row] for row in rows]
    scores = kept_scores("teacher", texts, folder, lambda texts: Teacher().score(texts))
    labels = comments.labels.copy()
    given = labels[rows]
    own = np.array([comments.sources[row] == TAUGHT_ON for row in rows])[:, None]
    mixed = np.where(own, (1 - choices.trust) * given + choices.trust * scores, given)
    labels[rows] = np.where(np.isnan(given), scores, mixed)
    return replace(comments, labels=labels)


def kept_scores(
    who: str, texts: Sequence[str], folder: Path, score: Callable[[Sequence[str]], NDArray[np.float32]]
) -> NDArray[np.float32]:
    """Return what somebody scores texts with, from the folder if it was asked before."""
    digest = sha256("\0".join(texts).encode(errors="surrogatepass")).hexdigest()
    kept = folder / f"{who}-{digest[:12]}.npy"
    if kept.is_file():
        found: NDArray[np.float32] = np.load(kept)
        return found
    scores = score(texts)
    temporary = folder / f"{who}.part.npy"
    np.save(temporary, scores)
    temporary.replace(kept)
    return scores
