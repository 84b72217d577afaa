"""Why: chains and what they hang on, replays without an incident, branches.

What is asked here is answered by running the same replication again; no printing.
"""
