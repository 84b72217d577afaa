"""Verbs that hold the model against a record: calibrate, forecast, rivals, score.

Nothing that sets scenarios side by side.
"""
