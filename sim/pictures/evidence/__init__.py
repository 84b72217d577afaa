"""Figures of what the record says: fits, posteriors, scores of forecasts, theories."""
