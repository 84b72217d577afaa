"""Verbs on replications of one scenario: run, replay, rerun, report.

Nothing that sets scenarios side by side.
"""
