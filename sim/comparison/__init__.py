"""Is the difference between arms real, and how big? Pairs respected throughout.

Nothing of sweeps or calibration, and no printing.
"""
