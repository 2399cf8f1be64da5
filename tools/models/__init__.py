"""How the embedded model is made ready to ship."""
