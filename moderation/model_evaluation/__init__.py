"""How good a model is on labelled comments: metrics, bias, robustness, and the reports that show them."""
