"""Scores of a network in training, and its temperature."""

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from tokenizers import Tokenizer
from transformers import BertForSequenceClassification

from tools.training.augment import as_read
from tools.training.batches import encode, padded
from tools.training.data import Comments
from tools.training.network import narrowed

_BATCH = 64
_FEW = 20  # labelled rows of a kind below which nothing is fitted or reported


def logits_of(
    model: BertForSequenceClassification, tokenizer: Tokenizer, comments: Comments, max_tokens: int
) -> NDArray[np.float32]:
    """Return the logits, shape (comments, attributes)."""
    texts = map(as_read, comments.texts, comments.languages)
    ids = encode(tokenizer, list(texts), max_tokens)
    order = sorted(range(len(ids)), key=lambda row: len(ids[row]))
    found = np.zeros((len(ids), int(model.config.num_labels or 0)), dtype=np.float32)
    for begin in range(0, len(order), _BATCH):
        rows = order[begin : begin + _BATCH]
        filled, mask = padded([ids[row] for row in rows], int(model.config.pad_token_id or 0))
        with torch.inference_mode(), narrowed(model.device):
            answer = model(input_ids=filled.to(model.device), attention_mask=mask.to(model.device)).logits
        found[rows] = answer.float().cpu().numpy()
    return found


def calibrate(
    model: BertForSequenceClassification, logits: NDArray[np.float32], labels: NDArray[np.float32]
) -> None:
    """Fit slope and shift of each attribute's logit (Platt 1999), and fold them into the last layer."""
    with torch.no_grad():
        for attribute in range(labels.shape[1]):
            known = ~np.isnan(labels[:, attribute])
            truth = labels[known, attribute] >= 0.5  # noqa: PLR2004
            if min(truth.sum(), (~truth).sum()) < _FEW:
                continue
            fit = LogisticRegression(C=1e3).fit(logits[known, attribute : attribute + 1], truth)
            slope = max(0.2, float(fit.coef_[0, 0]))
            model.classifier.weight[attribute] *= slope
            model.classifier.bias[attribute] = model.classifier.bias[attribute] * slope + float(
                fit.intercept_[0]
            )


def report(comments: Comments, logits: NDArray[np.float32], attributes: tuple[str, ...]) -> dict[str, float]:
    """Return the AUC of toxicity by source and by language, and of each attribute."""
    figures: dict[str, float] = {}
    for kind, values in (("source", comments.sources), ("language", comments.languages)):
        for value in sorted(set(values)):
            rows = [row for row, other in enumerate(values) if other == value]
            _auc(figures, f"{kind} {value}", comments.labels[rows, 0], logits[rows, 0])
    for number, attribute in enumerate(attributes):
        _auc(figures, f"attribute {attribute}", comments.labels[:, number], logits[:, number])
    return figures


def _auc(
    figures: dict[str, float], name: str, labels: NDArray[np.float32], scores: NDArray[np.float32]
) -> None:
    known = ~np.isnan(labels)
    truth = labels[known] >= 0.5  # noqa: PLR2004
    if min(truth.sum(), (~truth).sum()) >= 1:
        figures[name] = round(float(roc_auc_score(truth, scores[known])), 4)
