"""Many replications: parts, workers, folders that resume, and their summaries.

No question about them (that is comparison, sweeps, calibration), and no printing.
"""
