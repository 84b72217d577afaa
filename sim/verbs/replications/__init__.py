"""Verbs on replications of one scenario: run, replay, rerun, explain, branch, report.

Nothing that sets scenarios side by side.
"""
