"""What the factors do: designs run, sensitivity, scenario discovery.

Nothing of comparison or calibration, and no printing.
"""
