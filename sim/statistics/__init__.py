"""Mathematics that knows no scenario: intervals, effects, ABC, PRIM, processes.

Nothing of the package but errors and the keyed draws; a contract holds it.
"""
