"""What is written of a fit beside its tables: diagnostics and pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sim.calibration.diagnostics import write_diagnostics

if TYPE_CHECKING:
    import pandas as pd

    from sim.calibration.calibrate import Calibration

PICTURES: Final = ("parameters", "shrinkage", "pairs", "predictive", "generations")
"""Stems of the files, in the order in which they are to be read."""


def write_pictures(calibration: Calibration) -> pd.DataFrame:
    """Write diagnostics, ``posterior.nc`` and every picture beside a posterior.

    Returns
    -------
    pandas.DataFrame
        The diagnostics, one row a parameter.
    """
    from sim.pictures.pair import plot_pairs
    from sim.pictures.posterior import plot_posterior
    from sim.pictures.predictive import plot_predictive

    for plot in (plot_posterior, plot_pairs, plot_predictive):
        plot(calibration, calibration.path)
    return write_diagnostics(calibration)
