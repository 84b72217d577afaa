"""A run, a comparison or a sweep as one HTML file that opens without a network.

No study logic, and no printing.
"""
