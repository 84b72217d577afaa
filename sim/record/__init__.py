"""What happened: tables of events, targets, and the record beside the model.

Nothing that runs replications.
"""
