"""Verbs that set scenarios side by side: compare, sweep, sensitivity, ablate.

Nothing that reads the record as evidence.
"""
