"""The training loop: seeded, resumable, on a processor or a GPU."""

import math
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from torch.nn.functional import binary_cross_entropy_with_logits
from transformers import BertForSequenceClassification

from tools.training.batches import Batch, batches
from tools.training.config import Part
from tools.training.data import Comments, epoch_rows
from tools.training.network import narrowed
from tools.training.templates import sentences

_SAVE_EVERY_S = 120
_AVERAGE_EVERY = 8  # steps
_CLIP = 1.0

Report = Callable[[int, int, float], None]
"""Told the step, the number of steps and the mean loss of late."""


class Training:
    """One network's training, which can be broken off and taken up again.

    Args:
        model: the network.
        tokenizer: its tokeniser.
        comments: what it learns from.
        part: the choices.
        seed: of every choice made by chance.
        checkpoint: where the state is kept; taken up if it is there.
    """

    def __init__(
        self,
        model: BertForSequenceClassification,
        tokenizer: Tokenizer,
        comments: Comments,
        *,
        part: Part,
        seed: int,
        checkpoint: Path,
    ) -> None:
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.model = model
        self.model.to(self.device)
        self.forward = torch.compile(model, dynamic=True) if part.compiled else model
        self.tokenizer, self.comments, self.part, self.seed = tokenizer, comments, part, seed
        self.checkpoint = checkpoint
        self.optimizer = _optimizer(model, part)
        self.total = self._count_steps()
        self.step = 0
        self.averaged = 0
        self.mean: dict[str, torch.Tensor] = {}
        if checkpoint.is_file():
            self._load()

    def run(self, report: Report, *, until: float = math.inf) -> bool:
        """Train to the end, or until a moment of `time.monotonic`; tell whether the end was reached."""
        saved, losses = time.monotonic(), 0.0
        for number, batch in enumerate(self._all_batches()):
            if number < self.step:  # seen before the interruption
                continue
            if number >= self.total:
                break
            losses = 0.98 * losses + 0.02 * self._learn(batch) if losses else self._learn(batch)
            self.step = number + 1
            self._average()
            report(self.step, self.total, losses)
            if time.monotonic() > until:
                self.save()
                return False
            if time.monotonic() - saved > _SAVE_EVERY_S:
                self.save()
                saved = time.monotonic()
        self.save()
        return True

    def best(self) -> BertForSequenceClassification:
        """Return the network with its averaged weights."""
        if self.mean:
            self.model.load_state_dict(
                {name: tensor.to(self.device) for name, tensor in self.mean.items()}, strict=False
            )
        self.model.eval()
        return self.model

    def save(self) -> None:
        """Write the state, as a whole or not at all."""
        state: dict[str, Any] = {
            "model": self.model.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "mean": self.mean,
            "averaged": self.averaged,
            "step": self.step,
            "chance": torch.get_rng_state(),  # so that a run that was broken off ends as a whole one does
        }
        temporary = self.checkpoint.with_suffix(".part")
        torch.save(state, temporary)
        temporary.replace(self.checkpoint)

    def _load(self) -> None:
        state = torch.load(self.checkpoint, map_location=self.device, weights_only=True)
        self.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.mean, self.averaged, self.step = state["mean"], state["averaged"], state["step"]
        torch.set_rng_state(state["chance"].cpu())

    def _learn(self, batch: Batch) -> float:
        self.model.train()
        for group in self.optimizer.param_groups:
            group["lr"] = self.part.learning_rate * _schedule(self.step / self.total, self.part.warmup)
        with narrowed(self.device):
            logits = self.forward(
                input_ids=batch.ids.to(self.device), attention_mask=batch.mask.to(self.device)
            ).logits
        loss = masked_loss(logits.float(), batch.labels.to(self.device), batch.weights.to(self.device))
        loss.backward()  # type: ignore[no-untyped-call] # torch
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), _CLIP)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        return float(loss.detach())

    def _average(self) -> None:
        if self.step < self.total * (1 - self.part.average_over) or self.step % _AVERAGE_EVERY:
            return
        self.averaged += 1
        for name, tensor in self.model.named_parameters():
            if name not in self.mean:
                self.mean[name] = tensor.detach().clone()
            self.mean[name].lerp_(tensor.detach(), 1 / self.averaged)

    def _all_batches(self) -> Iterator[Batch]:
        for epoch in range(math.ceil(self.part.epochs)):
            yield from self._epoch(epoch)

    def _epoch(self, epoch: int) -> Iterator[Batch]:
        rng = random.Random(f"{self.seed} {epoch}")  # noqa: S311 - repeatable, not secret
        rows = self.comments.take(epoch_rows(self.comments, self.part, rng))
        both = rows + sentences(self.part.templates, self.part.languages, rng)
        order = list(range(len(both.texts)))
        rng.shuffle(order)
        padding = int(self.model.config.pad_token_id or 0)
        yield from batches(both.take(order), self.part, self.tokenizer, padding, rng)

    def _count_steps(self) -> int:
        return max(1, round(sum(1 for _ in self._epoch(0)) * self.part.epochs))


def masked_loss(logits: torch.Tensor, labels: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    """Binary cross-entropy with soft labels over what is labelled (not NaN), each row by its weight."""
    known = ~torch.isnan(labels)
    losses = binary_cross_entropy_with_logits(logits, labels.nan_to_num(0.0), reduction="none")
    counted = known * weights[:, None]
    # The first attribute, toxicity, decides: half of the loss.
    scale = torch.ones(labels.shape[1], device=labels.device)
    scale[0] = 3.0
    return (losses * counted * scale).sum() / (counted * scale).sum().clamp(min=1e-6)


def _schedule(progress: float, warmup: float) -> float:
    """Share of the learning rate: up in a line, then down in one."""
    return progress / warmup if progress < warmup else max(0.02, (1 - progress) / (1 - warmup))


def _optimizer(model: BertForSequenceClassification, part: Part) -> torch.optim.Optimizer:
    decayed = [p for p in model.parameters() if p.ndim > 1]
    others = [p for p in model.parameters() if p.ndim <= 1]
    groups = [{"params": decayed, "weight_decay": part.weight_decay}, {"params": others, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=part.learning_rate, fused=True)
