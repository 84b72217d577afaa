"""The file as people write it, checked, and resolved to a frozen scenario.

No SimPy, and nothing that runs: from here on a scenario does not change.
"""
