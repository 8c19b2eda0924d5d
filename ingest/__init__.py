"""The web to enriched articles."""
