"""Benchmarks: each prints a table of what it measured and against what."""
