"""What is worked out of the rules without running them: branching, hidden readiness.

No draws and no replications.
"""
