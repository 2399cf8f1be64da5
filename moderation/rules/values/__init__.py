"""What values of rules.yaml are built from: sections, comparisons, durations, dates, languages."""
