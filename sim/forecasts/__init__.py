"""Forecasts as files, the days they are made on, yardsticks, and their scores.

No pictures and no printing.
"""
