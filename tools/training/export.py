"""Writes a trained network as a checkpoint that Detoxify loads."""

import json
from pathlib import Path

import torch
from tokenizers import Tokenizer
from transformers import BertForSequenceClassification

from moderation.scoring.checkpoint import DETOXIFY_NAMES


def export(
    model: BertForSequenceClassification,
    tokenizer: Tokenizer,
    attributes: tuple[str, ...],
    name: str,
    out: Path,
) -> None:
    """Write `NAME.ckpt` (fp16), config.json and the tokeniser into a folder; see moderation/scoring/checkpoint.py."""
    out.mkdir(parents=True, exist_ok=True)
    model.config.save_pretrained(out)
    tokenizer.save(str(out / "tokenizer.json"))
    special = ("[UNK]", "[PAD]") if tokenizer.token_to_id("[UNK]") is not None else ("<unk>", "<pad>")
    bert = special[0] == "[UNK]"
    described = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "unk_token": special[0],
        "pad_token": special[1],
        "cls_token": "[CLS]" if bert else "<s>",
        "sep_token": "[SEP]" if bert else "</s>",
        "model_max_length": model.config.max_position_embeddings,
    }
    (out / "tokenizer_config.json").write_text(json.dumps(described, indent=2) + "\n", encoding="utf-8")
    arguments = {
        "model_type": name,
        "model_name": "BertForSequenceClassification",
        "tokenizer_name": described["tokenizer_class"],
        "num_classes": len(attributes),
    }
    classes = [DETOXIFY_NAMES.get(attribute, attribute) for attribute in attributes]
    state = {key: tensor.detach().half().cpu().contiguous() for key, tensor in model.state_dict().items()}
    torch.save(
        {
            "config": {"arch": {"args": arguments}, "dataset": {"args": {"classes": classes}}},
            "state_dict": state,
        },
        out / f"{name}.ckpt",
    )
