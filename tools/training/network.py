"""The network before training: a pretrained encoder, cut to what is needed, with a new head."""

import importlib.util
import json
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import torch
from safetensors.torch import load_file
from tokenizers import AddedToken, Tokenizer
from transformers import BertConfig, BertForSequenceClassification

from tools.training.config import Part

_SPECIAL = 4  # <s> <pad> </s> <unk>: the first pieces of the multilingual vocabulary
_MIN_EMOJI = 3
_WORDS = "bert.embeddings.word_embeddings.weight"
_HEAD = "classifier.bias"
_NEW = ("pooler", "classifier", "position_ids")  # begun from nothing if the encoder has none


def encoder_of(part: Part, cache: Path) -> Path:
    """Find the folder of the encoder that a part starts from; an earlier part's is below `cache`.

    Raises:
        FileNotFoundError: neither the part's base nor the other one is there.
    """
    if (cache / part.base / "checkpoint").is_dir():
        return cache / part.base / "checkpoint"
    try:
        return base_folder(part.base, cache)
    except FileNotFoundError:
        if part.base_else is None:
            raise
        return base_folder(part.base_else, cache)


def base_folder(base: str, cache: Path) -> Path:
    """Find a pretrained encoder: a folder, or a package that carries one (zipped or not).

    Raises:
        FileNotFoundError: it is neither.
    """
    if Path(base).is_dir():
        return Path(base)
    if "/" in base:
        raise FileNotFoundError(f"the encoder `{base}` is missing: see tools/training/README.md")
    spec = importlib.util.find_spec(base)
    if spec is None or not spec.origin:
        raise FileNotFoundError(f"no folder and no package is called `{base}`: see tools/training/README.md")
    package = Path(spec.origin).parent
    if (package / "model.zip").is_file() and not (cache / base).is_dir():
        zipfile.ZipFile(package / "model.zip").extractall(cache / base)
    found = sorted((*(cache / base).rglob("model.safetensors"), *package.rglob("model.safetensors")))
    if not found:
        raise FileNotFoundError(f"the package `{base}` carries no model.safetensors")
    return found[0].parent


def build(
    part: Part, texts: Iterable[str], outputs: int, cache: Path
) -> tuple[BertForSequenceClassification, Tokenizer]:
    """Return the network and its tokeniser.

    Args:
        part: the choices.
        texts: what it will read: they decide which pieces and emoji it knows.
        outputs: number of attributes.
        cache: where a packed encoder is unpacked.
    """
    folder = encoder_of(part, cache)
    state = _encoder(folder)
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    words = state[_WORDS]
    if part.vocabulary and part.vocabulary < tokenizer.get_vocab_size():  # not cut already
        tokenizer, words = _cut(tokenizer, words, texts, part.vocabulary)
    if part.emoji:
        words = _add_emoji(tokenizer, words, texts)
    state[_WORDS] = words
    return _network(folder, state, layers=part.layers, dropout=part.dropout, outputs=outputs), tokenizer


def opened(folder: Path) -> tuple[BertForSequenceClassification, Tokenizer]:
    """Open a trained network: a folder that `export` or `moderation models export` wrote.

    Raises:
        FileNotFoundError: there is none.
    """
    if not sorted(folder.glob("*.ckpt")):
        raise FileNotFoundError(f"no network is in `{folder}`: see tools/training/README.md")
    state = _encoder(folder)
    layers = len({name.split(".")[3] for name in state if name.startswith("bert.encoder.layer.")})
    model = _network(folder, state, layers=layers, dropout=0.0, outputs=len(state[_HEAD]))
    model.eval()
    return model, Tokenizer.from_file(str(folder / "tokenizer.json"))


def _network(
    folder: Path, state: dict[str, torch.Tensor], *, layers: int, dropout: float, outputs: int
) -> BertForSequenceClassification:
    given = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    config = BertConfig(
        **{**given, "num_hidden_layers": layers, "vocab_size": len(state[_WORDS]), "num_labels": outputs}
        | {"hidden_dropout_prob": dropout, "attention_probs_dropout_prob": 0.0},
        # On a processor the other implementations are several times slower backwards.
        attn_implementation="eager",
    )
    config.architectures = ["BertForSequenceClassification"]
    model = BertForSequenceClassification(config)
    missing, _ = model.load_state_dict(state, strict=False)
    if lost := [name for name in missing if not any(part in name for part in _NEW)]:
        raise ValueError(f"the encoder lacks {lost}")
    return model


def narrowed(device: torch.device) -> AbstractContextManager[object]:
    """Return the context in which products are made of bf16 numbers, where the machine has them.

    A processor without such instructions makes them up, tens of times slower than float32.
    """
    has: dict[str, bool] = getattr(torch.cpu, "get_capabilities", dict)()  # an older torch can't tell
    if device.type == "cpu" and not any(has.get(name) for name in ("avx512_bf16", "amx_bf16", "bf16")):
        return nullcontext()
    return torch.autocast(device.type, dtype=torch.bfloat16)


def _encoder(folder: Path) -> dict[str, torch.Tensor]:
    """Read the weights of an encoder (model.safetensors), or of a whole model in Detoxify's format."""
    if checkpoints := sorted(folder.glob("*.ckpt")):
        state = torch.load(checkpoints[0], map_location="cpu", weights_only=True)["state_dict"]
    else:
        state = load_file(folder / "model.safetensors")
    bare = not any(name.startswith("bert.") for name in state)
    return {f"bert.{name}" if bare else name: tensor.float() for name, tensor in state.items()}


def _cut(
    tokenizer: Tokenizer, words: torch.Tensor, texts: Iterable[str], size: int
) -> tuple[Tokenizer, torch.Tensor]:
    """Keep the pieces that the texts use most; what needs others is then spelled with smaller ones."""
    counts: Counter[int] = Counter()
    for encoding in tokenizer.encode_batch(list(texts)):
        counts.update(encoding.ids)
    described = json.loads(tokenizer.to_str())
    described["pre_tokenizer"]["split"] = True  # the same pieces; and each word knows where it is
    pieces = described["model"]["vocab"]
    single = {
        number for number, (piece, _) in enumerate(pieces) if len(piece.lstrip("▁")) <= 1 and counts[number]
    }
    ranked = [number for number, _ in counts.most_common() if number >= _SPECIAL]
    special = {token["id"] for token in described["added_tokens"]} | set(range(_SPECIAL))
    kept = sorted(special | single | set(ranked[: max(0, size - len(special | single))]))
    renumbered = {old: new for new, old in enumerate(kept)}
    described["model"]["vocab"] = [pieces[number] for number in kept]
    described["model"]["unk_id"] = renumbered[described["model"]["unk_id"]]
    for token in described["added_tokens"]:
        token["id"] = renumbered[token["id"]]
    for special_token in described["post_processor"].get("special_tokens", {}).values():
        special_token["ids"] = [renumbered[number] for number in special_token["ids"]]
    return Tokenizer.from_str(json.dumps(described, ensure_ascii=False)), words[kept].clone()


def _add_emoji(tokenizer: Tokenizer, words: torch.Tensor, texts: Iterable[str]) -> torch.Tensor:
    """Add the emoji of the texts to the vocabulary; each starts as the mean of the words of its Unicode name."""
    counts = Counter(sign for text in texts for sign in text if is_emoji(sign))
    often = (sign for sign, count in counts.items() if count >= _MIN_EMOJI)
    chosen = sorted(sign for sign in often if tokenizer.token_to_id(sign) is None)  # "™" is there already
    named = [
        tokenizer.encode(unicodedata.name(sign, "symbol").lower(), add_special_tokens=False).ids
        for sign in chosen
    ]
    tokenizer.add_tokens([AddedToken(sign, normalized=False) for sign in chosen])
    rows = [words[ids].mean(0) for ids in named]
    return torch.cat((words, torch.stack(rows))) if rows else words


def is_emoji(sign: str) -> bool:
    """Tell whether a character is a pictograph (or a modifier of one)."""
    return sign >= "\u2190" and unicodedata.category(sign) in {"So", "Sk"}
