"""A BERT classifier as an ONNX graph without weights: they stay in the safetensors file.

Every initialiser is ONNX external data, an offset and a length inside `weights.safetensors`, under the
name that the checkpoint gives it. Int8 matrices go through DequantizeLinear, which ONNX Runtime computes
once, at load; so the arithmetic is float32, and a text's scores don't depend on the batch.

The one input is `input_ids`, texts of equal length: no padding, so no attention mask and no second
segment. The one output is `scores`, after the sigmoid. Only operators of the ONNX standard are used.

Written by hand rather than traced by torch.onnx: the exporter renames and transposes weights, writes them
into the graph, and changes with each release.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

from moderation.scoring.tensors import SCALE

OPSET = 20  # the first with Gelu
IR_VERSION = 9  # what ONNX Runtime 1.20, the oldest we allow, reads
_TYPES = {"I8": TensorProto.INT8, "F32": TensorProto.FLOAT}


def bert_graph(weights: Path, config: Mapping[str, Any], outputs: int) -> ModelProto:
    """Build the graph of a BERT classifier.

    Args:
        weights: safetensors file as `quantise` lays it out; the graph refers to it by its file name.
        config: the model's config.json.
        outputs: number of scores.
    """
    builder = _Builder(weights)
    _classifier(builder, _encoder(builder, config))
    graph = helper.make_graph(
        builder.nodes,
        "bert_classifier",
        [helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["texts", "tokens"])],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["texts", outputs])],
        list(builder.initialisers.values()),
    )
    return helper.make_model(
        graph,
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
        producer_name="comment-moderation tools/models",
    )


def _encoder(g: "_Builder", config: Mapping[str, Any]) -> str:
    hidden = g.layer_norm(_embedded(g), "bert.embeddings.LayerNorm", config)
    for number in range(config["num_hidden_layers"]):
        layer = f"bert.encoder.layer.{number}"
        attended = g.linear(
            _attention(g, hidden, f"{layer}.attention.self", config), f"{layer}.attention.output.dense"
        )
        hidden = g.layer_norm(g.op("Add", attended, hidden), f"{layer}.attention.output.LayerNorm", config)
        inner = g.op("Gelu", g.linear(hidden, f"{layer}.intermediate.dense"))
        outer = g.op("Add", g.linear(inner, f"{layer}.output.dense"), hidden)
        hidden = g.layer_norm(outer, f"{layer}.output.LayerNorm", config)
    return hidden


def _embedded(g: "_Builder") -> str:
    """Word, segment and position embeddings; words stay int8 in memory, each is multiplied out on its own."""
    words = "bert.embeddings.word_embeddings.weight"
    values = g.op("Cast", g.op("Gather", g.stored(words), "input_ids"), to=TensorProto.FLOAT)
    scales = g.op("Unsqueeze", g.op("Gather", g.stored(words + SCALE), "input_ids"), g.constant([-1]))
    segment = g.op("Gather", g.matrix("bert.embeddings.token_type_embeddings.weight"), g.constant(0))
    length = g.op("Shape", "input_ids", start=1, end=2)
    positions = g.matrix("bert.embeddings.position_embeddings.weight")
    position = g.op("Slice", positions, g.constant([0]), length, g.constant([0]))
    return g.op("Add", g.op("Add", g.op("Mul", values, scales), segment), position)


def _attention(g: "_Builder", hidden: str, name: str, config: Mapping[str, Any]) -> str:
    heads = config["num_attention_heads"]
    width = config["hidden_size"] // heads
    split = g.constant([0, 0, heads, width])

    def by_head(part: str, order: list[int]) -> str:
        return g.op("Transpose", g.op("Reshape", g.linear(hidden, f"{name}.{part}"), split), perm=order)

    query, key, value = (
        by_head("query", [0, 2, 1, 3]),
        by_head("key", [0, 2, 3, 1]),
        by_head("value", [0, 2, 1, 3]),
    )
    affinity = g.op("Mul", g.op("MatMul", query, key), g.constant(np.float32(width**-0.5)))
    mixed = g.op("MatMul", g.op("Softmax", affinity, axis=-1), value)
    return g.op("Reshape", g.op("Transpose", mixed, perm=[0, 2, 1, 3]), g.constant([0, 0, heads * width]))


def _classifier(g: "_Builder", hidden: str) -> None:
    first = g.op("Gather", hidden, g.constant(0), axis=1)
    pooled = g.op("Tanh", g.linear(first, "bert.pooler.dense"))
    g.op("Sigmoid", g.linear(pooled, "classifier"), output="scores")


@dataclass
class _Builder:
    """Collects nodes and initialisers; each is there once, and named after its place or its tensor."""

    weights: Path
    nodes: list[NodeProto] = field(default_factory=list)
    initialisers: dict[str, TensorProto] = field(default_factory=dict)

    def __post_init__(self) -> None:
        with self.weights.open("rb") as file:
            size = int.from_bytes(file.read(8), "little")
            self._tensors = json.loads(file.read(size))
        self._start = 8 + size  # where the data begins, of which the header gives offsets

    def op(self, kind: str, *inputs: str, output: str = "", **attributes: Any) -> str:  # noqa: ANN401 - as ONNX has them
        """Add a node and return the name of its output."""
        output = output or f"{kind}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [output], name=f"node_{output}", **attributes))
        return output

    def linear(self, hidden: str, name: str) -> str:
        """A linear layer; the transposition is done once, at load."""
        weight = self.op("Transpose", self.matrix(f"{name}.weight"), perm=[1, 0])
        return self.op("Add", self.op("MatMul", hidden, weight), self.stored(f"{name}.bias"))

    def layer_norm(self, hidden: str, name: str, config: Mapping[str, Any]) -> str:
        """A LayerNorm over the last axis."""
        scale, bias = self.stored(f"{name}.weight"), self.stored(f"{name}.bias")
        return self.op("LayerNormalization", hidden, scale, bias, epsilon=config["layer_norm_eps"], axis=-1)

    def matrix(self, name: str) -> str:
        """A matrix of the file as float32, whichever way it is stored."""
        if name + SCALE not in self._tensors:
            return self.stored(name)
        return self.op("DequantizeLinear", self.stored(name), self.stored(name + SCALE), axis=0)

    def stored(self, name: str) -> str:
        """A tensor of the file as it lies there."""
        if name not in self.initialisers:
            self.initialisers[name] = self._external(name)
        return name

    def constant(self, value: Any) -> str:  # noqa: ANN401 - whatever numpy takes
        """A small tensor inside the graph."""
        array = np.asarray(value)
        name = f"constant_{array.dtype}_{array.tolist()}"
        self.initialisers.setdefault(name, numpy_helper.from_array(array, name))
        return name

    def _external(self, name: str) -> TensorProto:
        entry = self._tensors[name]
        begin, end = entry["data_offsets"]
        tensor = TensorProto(name=name, data_type=_TYPES[entry["dtype"]], dims=entry["shape"])
        tensor.data_location = TensorProto.EXTERNAL
        place = {"location": self.weights.name, "offset": self._start + begin, "length": end - begin}
        for key, value in place.items():
            tensor.external_data.add(key=key, value=str(value))
        return tensor
