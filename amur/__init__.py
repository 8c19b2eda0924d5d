"""Amur: how the relationship between Russia and China is reported."""

__version__ = "0.1.0"
