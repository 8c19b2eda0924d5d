"""Answers to what people see."""
