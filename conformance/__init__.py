"""Recording real stacks, and judging the recordings against `negotiation.model`."""
