"""Verbs on files: check, list, load, import.

Nothing is simulated.
"""
