"""Strict YAML with the line of everything, the shape of files, the one list of faults.

Nothing of scenarios, experiments or records: any file may be read by this.
"""
