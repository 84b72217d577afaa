"""What is worked out of the rules without running them: the branching ratio.

No draws and no replications.
"""
