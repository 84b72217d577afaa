"""Strict YAML and CSV with the line of everything, and the one list of faults.

Nothing of scenarios, experiments or records: any file may be read by this.
"""
