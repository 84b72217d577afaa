"""Event data that others coded, brought into the columns of a record.

No scenario, nothing that runs replications, and no printing.
"""
