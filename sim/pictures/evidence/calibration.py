"""What is written of a fit beside its tables: diagnostics and pictures."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from sim.calibration.diagnostics import write_diagnostics
from sim.calibration.table import tied_pairs

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    from matplotlib.figure import Figure

    from sim.calibration.calibrate import Calibration

PICTURES: Final = ("parameters", "shrinkage", "pairs", "predictive", "generations")
"""Stems of the files, in the order in which they are to be read."""


def calibration_pictures(calibration: Calibration) -> dict[str, Callable[[], Figure]]:
    """Return what plots each picture of a fit, by name.

    There are no pairs where no two parameters vary.
    """
    from sim.pictures.evidence.pair import pair_picture
    from sim.pictures.evidence.posterior import (
        generation_picture,
        parameter_sheet,
        shrinkage_picture,
    )
    from sim.pictures.evidence.predictive import predictive_sheet

    plots = (
        parameter_sheet,
        shrinkage_picture,
        pair_picture,
        predictive_sheet,
        generation_picture,
    )
    pictures: dict[str, Callable[[], Figure]] = {
        name: partial(plot, calibration)
        for name, plot in zip(PICTURES, plots, strict=True)
    }
    if not tied_pairs(calibration.posterior):
        del pictures["pairs"]
    return pictures


def write_pictures(calibration: Calibration) -> pd.DataFrame:
    """Write diagnostics, ``posterior.nc`` and every picture beside a posterior.

    Returns
    -------
    pandas.DataFrame
        The diagnostics, one row a parameter.
    """
    from sim.pictures.style import save_all

    save_all(calibration_pictures(calibration), calibration.path)
    return write_diagnostics(calibration)
