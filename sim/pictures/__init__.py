"""Figures of runs, comparisons, sweeps, fits and scores; the only room with Matplotlib.

No study logic: what is plotted was worked out below.
"""
