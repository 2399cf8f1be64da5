"""From the bytes of rules.yaml to values that know where they stand, with every fault located."""
