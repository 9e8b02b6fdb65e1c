"""From a claim to a verdict: a frozen protocol, planned power, honest statistics."""
