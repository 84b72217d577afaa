"""The verbs as functions: what the command and Python both call, and what they answer.

Nothing that prints, parses or exits.
"""
