"""Verbs on files: check, list, schema, new, upgrade, import.

Nothing is simulated.
"""
