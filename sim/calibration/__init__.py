"""Fitting factors to the record, and what a fit leaves: tables, checks, a scenario.

Nothing of comparison or sweeps, and no printing.
"""
