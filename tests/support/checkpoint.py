"""Tiny checkpoints of the real structure: random weights, tokenisers made in code, Detoxify's layout."""

import json
import string
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

SIX = ("toxic", "severe_toxic", "obscene", "threat", "insult", "identity_hate")
SEVEN = ("toxicity", "severe_toxicity", "obscene", "identity_attack", "insult", "threat", "sexual_explicit")
LETTERS = string.ascii_lowercase + string.digits + ".,!?'"
WORDS = ("you", "are", "an", "idiot", "thank", "this", "article", "kind")
KINDS = ("bert", "roberta", "xlm-roberta", "albert")

_SIZES = {
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "intermediate_size": 48,
}
_CLASSES = {"bert": "Bert", "roberta": "Roberta", "xlm-roberta": "XLMRoberta", "albert": "Albert"}


def write_checkpoint(
    folder: Path,
    kind: str = "bert",
    *,
    window: int = 32,
    classes: tuple[str, ...] = SIX,
    outputs: int | None = None,
    half: bool = False,
    args: Mapping[str, Any] | None = None,
    name: str = "tiny.ckpt",
) -> Path:
    """Write a checkpoint with config.json and tokeniser beside it; the same arguments give the same scores.

    Args:
        outputs: of the model, where it has more than there are classes.
        half: whether the weights are float16.
        args: entries of `config.arch.args` to write instead of the right ones.
    """
    import torch

    folder.mkdir(parents=True, exist_ok=True)
    write_tokenizer(folder, kind)
    model = _model(folder, kind, window, outputs or len(classes))
    state = {key: value.half() if half else value for key, value in model.state_dict().items()}
    arch = {
        "model_type": kind,
        "model_name": f"{_CLASSES[kind]}ForSequenceClassification",
        "tokenizer_name": f"{_CLASSES[kind]}Tokenizer",
        "num_classes": outputs or len(classes),
    } | dict(args or {})
    config = {
        "arch": {"type": arch["model_name"], "args": arch},
        "dataset": {"args": {"classes": list(classes)}},
    }
    torch.save({"config": config, "state_dict": state}, folder / name)
    return folder / name


def write_tokenizer(folder: Path, kind: str) -> Tokenizer:
    """Write tokenizer.json and tokenizer_config.json."""
    tokenizer, special = _TOKENIZERS[kind]()
    tokenizer.save(str(folder / "tokenizer.json"))
    settings = {"tokenizer_class": f"{_CLASSES[kind]}Tokenizer", **special}
    (folder / "tokenizer_config.json").write_text(json.dumps(settings), encoding="utf-8")
    return tokenizer


def _model(folder: Path, kind: str, window: int, outputs: int) -> Any:
    import torch
    import transformers

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    model_class = getattr(transformers, f"{_CLASSES[kind]}ForSequenceClassification")
    roberta = "roberta" in kind
    config = model_class.config_class(
        vocab_size=tokenizer.get_vocab_size(),
        max_position_embeddings=window + 2 if roberta else window,
        pad_token_id=1 if roberta else 0,
        type_vocab_size=1 if roberta else 2,
        hidden_act="gelu",
        initializer_range=0.4,  # far from the default, or all scores would be 0.5
        **({"embedding_size": 16} if kind == "albert" else {}),
        **_SIZES,
    )
    config.save_pretrained(folder)
    config.num_labels = outputs
    torch.manual_seed(7)
    return model_class(config)


def _bert() -> tuple[Tokenizer, dict[str, str]]:
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    pieces = [*special, *LETTERS, *(f"##{letter}" for letter in LETTERS), *WORDS]
    vocabulary = {piece: n for n, piece in enumerate(pieces)}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))  # noqa: S106 - no password
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = _template("[CLS]", "[SEP]", tokenizer)
    tokenizer.decoder = decoders.WordPiece()
    tokenizer.add_special_tokens(special)
    return tokenizer, {"cls_token": "[CLS]", "sep_token": "[SEP]", "pad_token": "[PAD]", "unk_token": "[UNK]"}


def _roberta() -> tuple[Tokenizer, dict[str, str]]:
    pieces = ["<s>", "<pad>", "</s>", "<unk>", *sorted(pre_tokenizers.ByteLevel.alphabet()), "<mask>"]
    vocabulary = {piece: n for n, piece in enumerate(pieces)}
    tokenizer = Tokenizer(models.BPE(vocabulary, [], unk_token="<unk>"))  # noqa: S106 - no password
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0))
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([*pieces[:4], "<mask>"])
    return tokenizer, _roberta_names()


def _xlm_roberta() -> tuple[Tokenizer, dict[str, str]]:
    tokenizer = _unigram(["<s>", "<pad>", "</s>", "<unk>"], "<mask>", unknown=3)
    tokenizer.post_processor = _template("<s>", "</s>", tokenizer)
    return tokenizer, _roberta_names()


def _albert() -> tuple[Tokenizer, dict[str, str]]:
    tokenizer = _unigram(["<pad>", "<unk>", "[CLS]", "[SEP]"], "[MASK]", unknown=1)
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.post_processor = _template("[CLS]", "[SEP]", tokenizer)
    return tokenizer, {"cls_token": "[CLS]", "sep_token": "[SEP]", "pad_token": "<pad>", "unk_token": "<unk>"}


def _unigram(special: list[str], mask: str, *, unknown: int) -> Tokenizer:
    pieces = [*((piece, 0.0) for piece in special), ("▁", -2.0), *((letter, -4.0) for letter in LETTERS)]
    pieces += [(f"▁{word}", -3.0) for word in WORDS] + [(mask, 0.0)]
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=unknown, byte_fallback=False))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    tokenizer.add_special_tokens([*special, mask])
    return tokenizer


def _template(first: str, last: str, tokenizer: Tokenizer) -> processors.TemplateProcessing:
    ids = [(token, tokenizer.token_to_id(token)) for token in (first, last)]
    return processors.TemplateProcessing(f"{first} $A {last}", f"{first} $A {last} $B:1 {last}:1", ids)


def _roberta_names() -> dict[str, str]:
    names = {"bos_token": "<s>", "eos_token": "</s>", "cls_token": "<s>", "sep_token": "</s>"}
    return names | {"pad_token": "<pad>", "unk_token": "<unk>", "mask_token": "<mask>"}


_TOKENIZERS = {"bert": _bert, "roberta": _roberta, "xlm-roberta": _xlm_roberta, "albert": _albert}
