"""Verbs on scenario files: check, list, schema, new, upgrade.

Nothing is simulated.
"""
