"""Rival theories: each fitted, scored, named and asked the same policy question.

A theory is a set of the ledger's switches. Printing and pictures may not enter.
"""
