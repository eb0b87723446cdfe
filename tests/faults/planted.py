"""All faults."""

from tests.faults import planted_in_figures, planted_in_rules, planted_in_saves

FAULTS = [*planted_in_figures.FAULTS, *planted_in_saves.FAULTS, *planted_in_rules.FAULTS]
