"""Event data that others coded, brought into the columns of a record.

Nothing of scenarios, nothing that runs replications, and no printing.
"""
