"""Makes models that ONNX Runtime scores in int8, and checkpoints that Detoxify loads: needs the extra `compile` or `torch`."""
