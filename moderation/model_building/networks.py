"""The four architectures of Detoxify's models, as ONNX graphs: BERT, RoBERTa, XLM-RoBERTa and ALBERT.

The one input is `input_ids`, texts of equal length: no padding, so no attention mask and no second segment.
The one output is `scores`, after the sigmoid. The layers work on `[tokens, width]`, the tokens of all texts
in one row after the other; only attention looks at texts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from onnx import ModelProto, TensorProto

from moderation.errors import ModelCorruptError
from moderation.model_building.graph import Graph

_GELU = {"gelu": "none", "gelu_new": "tanh", "gelu_pytorch_tanh": "tanh"}


def classifier_graph(
    weights: Path, config: Mapping[str, Any], outputs: int, *, careful: bool = False
) -> ModelProto:
    """Build the graph of a classifier.

    Args:
        weights: safetensors file as `quantise` lays it out.
        config: the model's config.json.
        outputs: number of scores.
        careful: whether the last product of each layer is computed in float32: its inputs have the widest range,
            and some models lose too much with them in int8.

    Raises:
        ModelCorruptError: the network is of a kind that can't be built, or the weights are another network's.
    """
    kind = str(config.get("model_type"))
    names = _NAMES.get(kind)
    usual = config.get("num_hidden_groups", 1) == 1 and config.get("inner_group_num", 1) == 1
    if names is None or config.get("hidden_act") not in _GELU or not usual:
        raise ModelCorruptError(
            f"a network of the kind {kind[:40]!r} with {str(config.get('hidden_act'))[:40]!r} can't be compiled",
            hint=f"{', '.join(_NAMES)} can, with {' or '.join(_GELU)} and without groups of layers",
        )
    try:
        network = _Network(Graph(weights), names, config, careful=careful)
        return network.model(outputs)
    except KeyError as error:
        raise ModelCorruptError(f"config.json or the weights lack {error}") from None


@dataclass(frozen=True)
class _Names:
    """Where an architecture keeps the weights of each part; `{}` is the layer's number."""

    embeddings: str
    layer: str
    attention: str
    attended: str
    attended_norm: str
    inner: str
    outer: str
    outer_norm: str
    head: tuple[str, str]
    widened: str = ""  # ALBERT's embeddings are narrower than its layers


_BERT_PARTS = {
    "attention": "attention.self.",
    "attended": "attention.output.dense",
    "attended_norm": "attention.output.LayerNorm",
    "inner": "intermediate.dense",
    "outer": "output.dense",
    "outer_norm": "output.LayerNorm",
}
_BERT = _Names(
    embeddings="bert.embeddings.",
    layer="bert.encoder.layer.{}.",
    head=("bert.pooler.dense", "classifier"),
    **_BERT_PARTS,
)
_ROBERTA = _Names(
    embeddings="roberta.embeddings.",
    layer="roberta.encoder.layer.{}.",
    head=("classifier.dense", "classifier.out_proj"),
    **_BERT_PARTS,
)
_ALBERT = _Names(
    embeddings="albert.embeddings.",
    layer="albert.encoder.albert_layer_groups.0.albert_layers.0.",
    attention="attention.",
    attended="attention.dense",
    attended_norm="attention.LayerNorm",
    inner="ffn",
    outer="ffn_output",
    outer_norm="full_layer_layer_norm",
    head=("albert.pooler", "classifier"),
    widened="albert.encoder.embedding_hidden_mapping_in",
)
_NAMES = {"bert": _BERT, "roberta": _ROBERTA, "xlm-roberta": _ROBERTA, "albert": _ALBERT}


class _Network:
    def __init__(self, graph: Graph, names: _Names, config: Mapping[str, Any], *, careful: bool) -> None:
        self.g, self.names, self.config, self.careful = graph, names, config, careful
        self.texts = graph.op("Shape", "input_ids", start=0, end=1)
        self.epsilon = float(config["layer_norm_eps"])

    def model(self, outputs: int) -> ModelProto:
        g, layers = self.g, self.config["num_hidden_layers"]
        hidden = self._embedded()
        for number in range(layers):
            # The classifier reads each text's first token: the last layer works out no other.
            rows = hidden if number < layers - 1 else self._first(hidden)
            hidden = self._layer(rows, hidden, self.names.layer.format(number))
        dense, out = self.names.head
        g.op("Sigmoid", g.linear(g.op("Tanh", g.linear(hidden, dense)), out), output="scores")
        return g.model(outputs)

    def _embedded(self) -> str:
        """Word, segment and position embeddings [tokens, width]."""
        g, at = self.g, self.names.embeddings
        words = g.rows_of(f"{at}word_embeddings.weight", "input_ids")
        segment = g.op("Gather", g.stored(f"{at}token_type_embeddings.weight"), g.constant(0))
        position = g.rows_of(f"{at}position_embeddings.weight", self._positions())
        summed = g.op("Add", g.op("Add", words, segment), position)
        width = g.stored(f"{at}LayerNorm.bias")
        rows = g.op("Reshape", summed, g.op("Concat", g.constant([-1]), g.op("Shape", width), axis=0))
        normal = g.layer_norm(rows, f"{at}LayerNorm", self.epsilon)
        return g.linear(normal, self.names.widened) if self.names.widened else normal

    def _positions(self) -> str:
        """BERT counts tokens from 0; RoBERTa from its padding's id + 1, and padding itself isn't counted.

        See `create_position_ids_from_input_ids` in transformers/models/roberta/modeling_roberta.py: a text
        that spells out `<pad>` has padding in it.
        """
        g = self.g
        if self.names is not _ROBERTA:
            length = g.op("Squeeze", g.op("Shape", "input_ids", start=1, end=2))
            return g.op("Range", g.constant(0), length, g.constant(1))
        padding = g.constant(self.config["pad_token_id"])
        counts = g.op("Cast", g.op("Not", g.op("Equal", "input_ids", padding)), to=TensorProto.INT64)
        counted = g.op("Mul", g.op("CumSum", counts, g.constant(1)), counts)
        return g.op("Add", counted, padding)

    def _layer(self, rows: str, hidden: str, layer: str) -> str:
        """One layer for `rows` (of texts whose tokens are all in `hidden`)."""
        g, names = self.g, self.names
        attended = g.linear(self._attention(rows, hidden, layer + names.attention), layer + names.attended)
        rows = g.layer_norm(g.op("Add", attended, rows), layer + names.attended_norm, self.epsilon)
        approximate = _GELU[self.config["hidden_act"]]
        inner = g.op("Gelu", g.linear(rows, layer + names.inner), approximate=approximate)
        outer = g.op("Add", g.linear(inner, layer + names.outer, exact=self.careful), rows)
        return g.layer_norm(outer, layer + names.outer_norm, self.epsilon)

    def _attention(self, rows: str, hidden: str, name: str) -> str:
        g = self.g
        query = self._by_head(g.linear(rows, f"{name}query"), [0, 2, 1, 3])
        # A key's bias adds the same to a whole row of affinities, and softmax makes nothing of it.
        key = self._by_head(g.linear(hidden, f"{name}key", bias=False), [0, 2, 3, 1])
        value = self._by_head(g.linear(hidden, f"{name}value"), [0, 2, 1, 3])
        affinity = g.op("Mul", g.op("MatMul", query, key), g.constant(np.float32(self._head_width**-0.5)))
        mixed = g.op("MatMul", g.op("Softmax", affinity, axis=-1), value)
        return g.op(
            "Reshape",
            g.op("Transpose", mixed, perm=[0, 2, 1, 3]),
            g.constant([-1, self.config["hidden_size"]]),
        )

    def _by_head(self, rows: str, order: list[int]) -> str:
        """[tokens, width] as [texts, tokens, heads, width of a head], in another order."""
        g = self.g
        split = g.constant([-1, self.config["num_attention_heads"], self._head_width])
        shape = g.op("Concat", self.texts, split, axis=0)
        return g.op("Transpose", g.op("Reshape", rows, shape), perm=order)

    def _first(self, hidden: str) -> str:
        """Each text's first token [texts, width]."""
        g = self.g
        by_text = g.op("Concat", self.texts, g.constant([-1, self.config["hidden_size"]]), axis=0)
        return g.op("Gather", g.op("Reshape", hidden, by_text), g.constant(0), axis=1)

    @property
    def _head_width(self) -> int:
        return int(self.config["hidden_size"]) // int(self.config["num_attention_heads"])
