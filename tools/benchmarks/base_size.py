"""A checkpoint of BERT base's size in Detoxify's format, with random weights: for speed, which no value changes."""

import shutil
from pathlib import Path

import torch
from tokenizers import Tokenizer
from transformers import BertConfig, BertForSequenceClassification

from moderation.scoring.installed import folder_of

CLASSES = ("toxic", "severe_toxic", "obscene", "threat", "insult", "identity_hate")


def write_checkpoint(folder: Path) -> Path:
    """Write it with the embedded model's tokeniser beside it; return the file."""
    embedded = folder_of("compact")
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copyfile(embedded / name, folder / name)
    vocabulary = Tokenizer.from_file(str(embedded / "tokenizer.json")).get_vocab_size()
    config = BertConfig(vocab_size=vocabulary, num_labels=len(CLASSES))
    config.save_pretrained(folder)
    torch.manual_seed(0)
    arguments = {
        "model_type": "bert-base-uncased",
        "model_name": "BertForSequenceClassification",
        "tokenizer_name": "BertTokenizer",
        "num_classes": len(CLASSES),
    }
    described = {"arch": {"args": arguments}, "dataset": {"args": {"classes": list(CLASSES)}}}
    state = BertForSequenceClassification(config).state_dict()
    torch.save({"config": described, "state_dict": state}, folder / "base-size.ckpt")
    return folder / "base-size.ckpt"
