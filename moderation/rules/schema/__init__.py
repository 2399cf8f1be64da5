"""What may stand in rules.yaml: one model a section, with its defaults, and what is wrong across sections."""
