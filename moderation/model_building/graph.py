"""Writes an ONNX graph without weights: they stay in the safetensors file.

Every initialiser is ONNX external data, an offset and a length inside the file of the weights, under the
name that the checkpoint gives it. Written by hand rather than traced by torch.onnx: the exporter renames
and transposes weights, writes them into the graph, and changes with each release.

A linear layer with int8 weights is computed in int8, with a scale for each row of its input, that is for
each token (the per-token quantisation of https://arxiv.org/abs/2206.01861). A token's result then depends
on no other token: what else is in the batch changes nothing, to the last bit. All else is float32.
"""

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

from moderation.scoring.tensors import SCALE

OPSET = 20  # the first with Gelu
IR_VERSION = 9  # what ONNX Runtime 1.20, the oldest we allow, reads
CONTRIB = "com.microsoft"  # ONNX Runtime's own operators, of which MatMulIntegerToFloat is used

_TYPES = {"I8": TensorProto.INT8, "F32": TensorProto.FLOAT}
_LEVELS = 127  # steps on each side of zero
_ZERO = 128  # which byte stands for zero
_TINY = np.float32(1e-30)  # a row of zeros has a scale too


@dataclass
class Graph:
    """Collects nodes and initialisers; each is there once, and named after its place or its tensor.

    Attributes:
        weights: safetensors file as `quantise` lays it out; the graph refers to it by its file name.
    """

    weights: Path
    _nodes: list[NodeProto] = field(default_factory=list)
    _initialisers: dict[str, TensorProto] = field(default_factory=dict)
    _rows: dict[str, tuple[str, str]] = field(default_factory=dict)
    _uses: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        with self.weights.open("rb") as file:
            size = int.from_bytes(file.read(8), "little")
            self._tensors = json.loads(file.read(size))
        self._start = 8 + size  # where the data begins, of which the header gives offsets

    def model(self, outputs: int) -> ModelProto:
        """Return the finished model: `input_ids` [texts, tokens] in, `scores` [texts, outputs] out."""
        graph = helper.make_graph(
            self._nodes,
            "classifier",
            [helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["texts", "tokens"])],
            [helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["texts", outputs])],
            list(self._initialisers.values()),
        )
        return helper.make_model(
            graph,
            opset_imports=[helper.make_opsetid("", OPSET), helper.make_opsetid(CONTRIB, 1)],
            ir_version=IR_VERSION,
            producer_name="comment-moderation",
        )

    def op(self, kind: str, *inputs: str, output: str = "", **attributes: Any) -> str:  # noqa: ANN401 - as ONNX has them
        """Add a node and return the name of its output."""
        output = output or f"{kind}_{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, inputs, [output], name=f"node_{output}", **attributes))
        return output

    def linear(self, rows: str, name: str, *, bias: bool = True, exact: bool = False) -> str:
        """A linear layer on `rows` [tokens, in]: int8 where its weights are; they are turned round once, at load."""
        stored = f"{name}.weight"
        if self.is_int8(stored) and exact:
            whole = self.op("DequantizeLinear", self.stored(stored), self.stored(stored + SCALE), axis=0)
            product = self.op("MatMul", rows, self.op("Transpose", whole, perm=[1, 0]))
        elif self.is_int8(stored):
            weight = self.op("Transpose", self.unshared(stored), perm=[1, 0])
            product = self._int8_product(rows, weight, self.stored(stored + SCALE))
        else:
            product = self.op("MatMul", rows, self.op("Transpose", self.stored(stored), perm=[1, 0]))
        return self.op("Add", product, self.stored(f"{name}.bias")) if bias else product

    def _int8_product(self, rows: str, weight: str, scales: str) -> str:
        values, row_scales = self._quantised(rows)
        one, zero = self.constant(np.float32(1)), self.constant(np.uint8(_ZERO))
        product = self.op(
            "MatMulIntegerToFloat",
            *(values, weight, one, scales, zero),
            domain=CONTRIB,
        )
        return self.op("Mul", product, row_scales)

    def _quantised(self, rows: str) -> tuple[str, str]:
        """`rows` as bytes with 128 for zero, and the scale of each row [tokens, 1]; once for each `rows`."""
        if rows not in self._rows:
            last = self.constant([1])
            highest = self.op("ReduceMax", rows, last)
            lowest = self.op("Neg", self.op("ReduceMin", rows, last))
            largest = self.op("Max", highest, lowest, self.constant(_TINY))
            scales = self.op("Mul", largest, self.constant(np.float32(1 / _LEVELS)))
            each = self.op("Reshape", scales, self.constant([-1]))
            zero = numpy_helper.from_array(np.array([_ZERO], np.uint8))
            zeros = self.op("ConstantOfShape", self.op("Shape", each), value=zero)
            self._rows[rows] = self.op("QuantizeLinear", rows, each, zeros, axis=0), scales
        return self._rows[rows]

    def layer_norm(self, hidden: str, name: str, epsilon: float) -> str:
        """A LayerNorm over the last axis."""
        scale, bias = self.stored(f"{name}.weight"), self.stored(f"{name}.bias")
        return self.op("LayerNormalization", hidden, scale, bias, epsilon=epsilon, axis=-1)

    def rows_of(self, name: str, ids: str) -> str:
        """Rows of an embedding [.., width]; int8 ones stay so in memory, and are multiplied out one by one."""
        found = self.op("Gather", self.stored(name), ids)
        if not self.is_int8(name):
            return found
        scales = self.op("Unsqueeze", self.op("Gather", self.stored(name + SCALE), ids), self.constant([-1]))
        return self.op("Mul", self.op("Cast", found, to=TensorProto.FLOAT), scales)

    def is_int8(self, name: str) -> bool:
        """Whether a tensor of the file is int8 with scales."""
        return name + SCALE in self._tensors

    def stored(self, name: str) -> str:
        """A tensor of the file as it lies there."""
        if name not in self._initialisers:
            self._initialisers[name] = self._external(name, name)
        return name

    def unshared(self, name: str) -> str:
        """A tensor of the file as it lies there, under a name that no other node has.

        On x86 without VNNI, ONNX Runtime rewrites each int8 product's weights under a name made from theirs, and
        fails at the second product that has the same: ALBERT's layers do. It packs them for each product anyway, so
        this costs no memory.
        """
        self._uses[name] += 1
        alias = name if self._uses[name] == 1 else f"{name}.{self._uses[name]}"
        self._initialisers[alias] = self._external(name, alias)
        return alias

    def constant(self, value: Any) -> str:  # noqa: ANN401 - whatever numpy takes
        """A small tensor inside the graph."""
        array = np.asarray(value)
        name = f"constant_{array.dtype}_{array.tolist()}"
        self._initialisers.setdefault(name, numpy_helper.from_array(array, name))
        return name

    def _external(self, name: str, alias: str) -> TensorProto:
        entry = self._tensors[name]
        begin, end = entry["data_offsets"]
        tensor = TensorProto(name=alias, data_type=_TYPES[entry["dtype"]], dims=entry["shape"])
        tensor.data_location = TensorProto.EXTERNAL
        place = {"location": self.weights.name, "offset": self._start + begin, "length": end - begin}
        for key, value in place.items():
            tensor.external_data.add(key=key, value=str(value))
        return tensor
