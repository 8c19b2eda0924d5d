"""Enriched articles to answers."""
