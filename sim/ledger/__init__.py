"""The mechanism ledger: each mechanism of a scenario switched off, and what that moves.

Which mechanisms there are, and at which values they do nothing, is declared by the
kinds (`sim.rules.behaviour.Mechanism`). Printing and pictures may not enter.
"""
