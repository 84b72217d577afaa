"""Mathematics that knows no scenario: intervals, effects, survival, ABC, PRIM, Hawkes.

Nothing of the package but errors and the keyed draws; a contract holds it.
"""
